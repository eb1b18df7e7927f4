/** Work on rows of states: f32 [tokens][width]. `width` is a multiple of 8. */
import { greater, greatestLane, multiplyAdd, multiplyRounded, sumLanes } from './arithmetic';

/** x = layer norm of (x + added), row by row. `added` may be 0: then nothing is added. */
export function layerNorm(
  x: usize,
  added: usize,
  weight: usize,
  bias: usize,
  rows: i32,
  width: i32,
  epsilon: f32,
): void {
  const bytes = width << 2;
  for (let row = 0; row < rows; row++) {
    let sum = f32x4.splat(0);
    for (let at = 0; at < bytes; at += 16) {
      let value = v128.load(x + at);
      if (added) {
        value = f32x4.add(value, v128.load(added + at));
        v128.store(x + at, value);
      }
      sum = f32x4.add(sum, value);
    }
    const mean = f32x4.splat(sumLanes(sum) / <f32>width);
    let squares = f32x4.splat(0);
    for (let at = 0; at < bytes; at += 16) {
      const centred = f32x4.sub(v128.load(x + at), mean);
      squares = multiplyAdd(centred, centred, squares);
    }
    const factor = f32x4.splat(1 / sqrt<f32>(sumLanes(squares) / <f32>width + epsilon));
    for (let at = 0; at < bytes; at += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + at), mean), factor);
      v128.store(x + at, multiplyAdd(normal, v128.load(weight + at), v128.load(bias + at)));
    }
    x += bytes;
    if (added) added += bytes;
  }
}

/** x[i] = words[ids[i]] + positions[i] + segment, from int8 tables with a scale for each row. */
export function embed(
  ids: usize,
  tokens: i32,
  words: usize,
  wordScales: usize,
  positions: usize,
  positionScales: usize,
  segment: usize,
  x: usize,
  width: i32,
): void {
  for (let token = 0; token < tokens; token++) {
    const id = load<i32>(ids + (token << 2));
    const word = words + id * width;
    const position = positions + token * width;
    const wordScale = v128.load32_splat(wordScales + (id << 2));
    const positionScale = v128.load32_splat(positionScales + (token << 2));
    for (let i = 0; i < width; i += 4) {
      const a = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(word + i))));
      const b = f32x4.convert_i32x4_s(
        i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(position + i))),
      );
      const sum = f32x4.add(f32x4.mul(a, wordScale), f32x4.mul(b, positionScale));
      v128.store(x + (i << 2), f32x4.add(sum, v128.load(segment + (i << 2))));
    }
    x += width << 2;
  }
}

/** States as they are kept: int16, with a scale for each row. */
export function storeStates(x: usize, kept: usize, scales: usize, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++) {
    let largest = f32x4.splat(1e-10);
    const end = x + (width << 2);
    for (let p = x; p < end; p += 16) largest = greater(largest, f32x4.abs(v128.load(p)));
    const greatest = greatestLane(largest);
    store<f32>(scales, greatest / 32767);
    const factor = f32x4.splat(32767 / greatest);
    for (; x < end; x += 32) {
      const a = multiplyRounded(v128.load(x), factor);
      const b = multiplyRounded(v128.load(x, 16), factor);
      v128.store(kept, i16x8.narrow_i32x4_s(a, b));
      kept += 16;
    }
    scales += 4;
  }
}

/** The opposite of `storeStates`. */
export function loadStates(kept: usize, scales: usize, x: usize, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++) {
    const scale = v128.load32_splat(scales);
    const end = kept + (width << 1);
    for (; kept < end; kept += 16) {
      const values = v128.load(kept);
      v128.store(x, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(values)), scale));
      v128.store(x, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(values)), scale), 16);
      x += 32;
    }
    scales += 4;
  }
}

/** The mean of rows. */
export function meanRow(x: usize, rows: i32, mean: usize, width: i32): void {
  const factor = f32x4.splat(1 / <f32>rows);
  for (let at = 0; at < width << 2; at += 16) {
    let sum = f32x4.splat(0);
    for (let row = 0; row < rows; row++) sum = f32x4.add(sum, v128.load(x + row * (width << 2) + at));
    v128.store(mean + at, f32x4.mul(sum, factor));
  }
}

/** Σ a[i] b[i]. */
export function dot(a: usize, b: usize, width: i32): f32 {
  let sum = f32x4.splat(0);
  for (let at = 0; at < width << 2; at += 16) sum = multiplyAdd(v128.load(a + at), v128.load(b + at), sum);
  return sumLanes(sum);
}

/**
 * Late interaction (MaxSim, Khattab and Zaharia, "ColBERT", 2020): for each of the query's tokens but its first and last the
 * greatest cosine with any of the document's, and of these the mean. −1 to 1; 0 for a query of no tokens.
 *
 * @param query, document f32 [tokens][width].
 * @param lengths Room for one f32 for each of the document's tokens.
 */
export function maxSimilarity(
  query: usize,
  queryTokens: i32,
  document: usize,
  documentTokens: i32,
  lengths: usize,
  width: i32,
): f32 {
  const bytes = width << 2;
  for (let token = 0; token < documentTokens; token++) {
    const row = document + token * bytes;
    store<f32>(lengths + (token << 2), sqrt<f32>(dot(row, row, width)));
  }
  let sum: f32 = 0;
  for (let token = 1; token < queryTokens - 1; token++) {
    const row = query + token * bytes;
    let greatest: f32 = -1;
    const length = sqrt<f32>(dot(row, row, width));
    for (let other = 0; other < documentTokens; other++) {
      const product = dot(row, document + other * bytes, width);
      greatest = max(greatest, product / max<f32>(length * load<f32>(lengths + (other << 2)), 1e-8));
    }
    sum += greatest;
  }
  return queryTokens > 2 ? sum / <f32>(queryTokens - 2) : 0;
}
