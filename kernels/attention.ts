/** Multi-head attention in f32. Heads are 32 wide. */
import { exp, greater, greatestLane, multiplyAdd, sumLanes } from './arithmetic';

// @ts-ignore: decorator
@inline
const WIDTH: i32 = 32;

/** Tokens whose keys stand side by side. */
// @ts-ignore: decorator
@inline
const BLOCK: i32 = 8;

/** Bytes of a block's keys, or values. */
// @ts-ignore: decorator
@inline
const BLOCK_BYTES: i32 = BLOCK * WIDTH * 4;

/**
 * mixed = softmax(q kᵀ + bias) v for each head; q comes scaled. Tokens before `split` are one text, those from it on the
 * other; `cross` is added to a score between the two.
 *
 * A head's numbers are 128 bytes of a token's many, and rows that far apart share a few lines of the CPU's nearest cache. So
 * a head's keys and values are packed first: keys are read as one stream, and 8 columns of the values stay near.
 *
 * @param q, k, v, mixed f32 [tokens][heads × 32].
 * @param scratch f32, (2 × 32 + 4) × tokens rounded up to 8.
 */
export function attend(
  q: usize,
  k: usize,
  v: usize,
  mixed: usize,
  scratch: usize,
  tokens: i32,
  split: i32,
  cross: f32,
  heads: i32,
): void {
  const stride = heads * WIDTH * 4;
  const blocks = (tokens + BLOCK - 1) / BLOCK;
  const lineBytes = blocks * BLOCK * 4;
  const keys = scratch;
  const values = keys + blocks * BLOCK_BYTES;
  const scores = values + blocks * BLOCK_BYTES;
  for (let head = 0; head < heads; head++) {
    const offset = head * WIDTH * 4;
    packKeys(k + offset, keys, tokens, blocks * BLOCK, stride);
    packValues(v + offset, values, tokens, stride);
    for (let row = 0; row < tokens; row += 4) {
      const from = q + offset + row * stride;
      scoreRows(from, keys, scores, lineBytes, stride);
      const count = min(4, tokens - row);
      for (let r = 0; r < count; r++) {
        const line = scores + r * lineBytes;
        if (split > 0) addCross(line, row + r < split ? split : 0, row + r < split ? tokens : split, cross);
        exponentiate(line, tokens, lineBytes);
      }
      mixRows(scores, lineBytes, values, mixed + offset + row * stride, tokens, stride);
    }
  }
}

/** Keys of one head as [blocks][32][8]; 0 where there is no token. */
function packKeys(k: usize, keys: usize, tokens: i32, padded: i32, stride: i32): void {
  for (let token = 0; token < padded; token++) {
    const to = keys + (token / BLOCK) * BLOCK_BYTES + (token % BLOCK) * 4;
    for (let d = 0; d < WIDTH; d++) {
      store<f32>(to + d * (BLOCK * 4), token < tokens ? load<f32>(k + (d << 2)) : 0);
    }
    k += stride;
  }
}

/** Values of one head as [4][tokens][8]: the columns that are mixed together. */
function packValues(v: usize, values: usize, tokens: i32, stride: i32): void {
  for (let column = 0; column < WIDTH * 4; column += 32) {
    for (let token = 0; token < tokens; token++) {
      const from = v + column + token * stride;
      v128.store(values, v128.load(from));
      v128.store(values, v128.load(from, 16), 16);
      values += 32;
    }
  }
}

/** Scores of 4 rows against all keys, 8 keys at a time. */
function scoreRows(q: usize, keys: usize, scores: usize, lineBytes: i32, stride: i32): void {
  const end = q + WIDTH * 4;
  for (let at = 0; at < lineBytes; at += 32) {
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    for (let p = q; p < end; p += 4) {
      const u = v128.load(keys);
      const v = v128.load(keys, 16);
      let x = v128.load32_splat(p);
      a0 = multiplyAdd(x, u, a0);
      b0 = multiplyAdd(x, v, b0);
      x = v128.load32_splat(p + stride);
      a1 = multiplyAdd(x, u, a1);
      b1 = multiplyAdd(x, v, b1);
      x = v128.load32_splat(p + stride * 2);
      a2 = multiplyAdd(x, u, a2);
      b2 = multiplyAdd(x, v, b2);
      x = v128.load32_splat(p + stride * 3);
      a3 = multiplyAdd(x, u, a3);
      b3 = multiplyAdd(x, v, b3);
      keys += 32;
    }
    let to = scores + at;
    v128.store(to, a0);
    v128.store(to, b0, 16);
    to += lineBytes;
    v128.store(to, a1);
    v128.store(to, b1, 16);
    to += lineBytes;
    v128.store(to, a2);
    v128.store(to, b2, 16);
    to += lineBytes;
    v128.store(to, a3);
    v128.store(to, b3, 16);
  }
}

function addCross(line: usize, from: i32, to: i32, cross: f32): void {
  for (let token = from; token < to; token++) {
    const at = line + (token << 2);
    store<f32>(at, load<f32>(at) + cross);
  }
}

/**
 * e^score of one row, in place, over the row's greatest; what stands behind the last token becomes 0. Their sum is divided by
 * when the values are mixed: fewer numbers then.
 */
function exponentiate(line: usize, tokens: i32, lineBytes: i32): void {
  const end = line + lineBytes;
  for (let p = line + (tokens << 2); p < end; p += 4) store<f32>(p, -Infinity);
  let greatest = v128.load(line);
  for (let p = line + 16; p < end; p += 16) greatest = greater(greatest, v128.load(p));
  const peak = f32x4.splat(greatestLane(greatest));
  for (let p = line; p < end; p += 16) v128.store(p, exp(f32x4.sub(v128.load(p), peak)));
}

/** 1 / the sum of a row. */
// @ts-ignore: decorator
@inline
function invertSum(line: usize, bytes: i32): v128 {
  let sum = f32x4.splat(0);
  for (let at = 0; at < bytes; at += 16) sum = f32x4.add(sum, v128.load(line + at));
  return f32x4.splat(1 / sumLanes(sum));
}

/** 4 rows of mixed = weights × values / the weights' sum, of one head: 8 columns at a time. */
function mixRows(weights: usize, lineBytes: i32, values: usize, mixed: usize, tokens: i32, stride: i32): void {
  const f0 = invertSum(weights, lineBytes);
  const f1 = invertSum(weights + lineBytes, lineBytes);
  const f2 = invertSum(weights + lineBytes * 2, lineBytes);
  const f3 = invertSum(weights + lineBytes * 3, lineBytes);
  const end = weights + (tokens << 2);
  for (let column = 0; column < WIDTH * 4; column += 32) {
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    for (let p = weights; p < end; p += 4) {
      const u = v128.load(values);
      const w = v128.load(values, 16);
      let x = v128.load32_splat(p);
      a0 = multiplyAdd(x, u, a0);
      b0 = multiplyAdd(x, w, b0);
      x = v128.load32_splat(p + lineBytes);
      a1 = multiplyAdd(x, u, a1);
      b1 = multiplyAdd(x, w, b1);
      x = v128.load32_splat(p + lineBytes * 2);
      a2 = multiplyAdd(x, u, a2);
      b2 = multiplyAdd(x, w, b2);
      x = v128.load32_splat(p + lineBytes * 3);
      a3 = multiplyAdd(x, u, a3);
      b3 = multiplyAdd(x, w, b3);
      values += 32;
    }
    let to = mixed + column;
    v128.store(to, f32x4.mul(a0, f0));
    v128.store(to, f32x4.mul(b0, f0), 16);
    to += stride;
    v128.store(to, f32x4.mul(a1, f1));
    v128.store(to, f32x4.mul(b1, f1), 16);
    to += stride;
    v128.store(to, f32x4.mul(a2, f2));
    v128.store(to, f32x4.mul(b2, f2), 16);
    to += stride;
    v128.store(to, f32x4.mul(a3, f3));
    v128.store(to, f32x4.mul(b3, f3), 16);
  }
}
