/** Multi-head attention in f32. Heads are 32 wide. */
import { exp, greatestLane, multiplyAdd, sumLanes } from './arithmetic';

// @ts-ignore: decorator
@inline
const WIDTH: i32 = 32;

/**
 * mixed = softmax(q kᵀ + bias) v for each head; q comes scaled. Tokens before `split` are one text, those from it on the
 * other; `cross` is added to a score between the two.
 *
 * @param q, k, v, mixed f32 [tokens][heads × 32].
 * @param scratch f32, (32 + 4) × tokens rounded up to 8.
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
  const padded = (tokens + 7) & ~7;
  const keyStride = padded << 2;
  const keys = scratch;
  const scores = scratch + WIDTH * keyStride;
  for (let head = 0; head < heads; head++) {
    const offset = head * WIDTH * 4;
    transposeKeys(k + offset, keys, tokens, padded, stride);
    for (let row = 0; row < tokens; row += 4) {
      const from = q + offset + row * stride;
      scoreRows(from, keys, scores, keyStride, stride);
      const count = min(4, tokens - row);
      for (let r = 0; r < count; r++) {
        const line = scores + r * keyStride;
        if (split > 0) addCross(line, row + r < split ? split : 0, row + r < split ? tokens : split, cross);
        exponentiate(line, tokens, padded);
      }
      mixRows(scores, keyStride, v + offset, mixed + offset + row * stride, tokens, stride);
    }
  }
}

/** Keys of one head as [32][padded]; 0 where there is no token. */
function transposeKeys(k: usize, keys: usize, tokens: i32, padded: i32, stride: i32): void {
  for (let token = 0; token < padded; token++) {
    let to = keys + (token << 2);
    for (let d = 0; d < WIDTH; d++) {
      store<f32>(to, token < tokens ? load<f32>(k + (d << 2)) : 0);
      to += padded << 2;
    }
    k += stride;
  }
}

/** Scores of 4 rows against all keys, 8 keys at a time. */
function scoreRows(q: usize, keys: usize, scores: usize, keyStride: i32, stride: i32): void {
  for (let at = 0; at < keyStride; at += 32) {
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    let key = keys + at;
    const end = q + WIDTH * 4;
    for (let p = q; p < end; p += 4) {
      const u = v128.load(key);
      const v = v128.load(key, 16);
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
      key += keyStride;
    }
    let to = scores + at;
    v128.store(to, a0);
    v128.store(to, b0, 16);
    to += keyStride;
    v128.store(to, a1);
    v128.store(to, b1, 16);
    to += keyStride;
    v128.store(to, a2);
    v128.store(to, b2, 16);
    to += keyStride;
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
function exponentiate(line: usize, tokens: i32, padded: i32): void {
  for (let token = tokens; token < padded; token++) store<f32>(line + (token << 2), -Infinity);
  const end = line + (padded << 2);
  let greatest = v128.load(line);
  for (let p = line + 16; p < end; p += 16) greatest = f32x4.max(greatest, v128.load(p));
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
function mixRows(weights: usize, keyStride: i32, v: usize, mixed: usize, tokens: i32, stride: i32): void {
  const f0 = invertSum(weights, keyStride);
  const f1 = invertSum(weights + keyStride, keyStride);
  const f2 = invertSum(weights + keyStride * 2, keyStride);
  const f3 = invertSum(weights + keyStride * 3, keyStride);
  for (let column = 0; column < WIDTH * 4; column += 32) {
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    let value = v + column;
    const end = weights + (tokens << 2);
    for (let p = weights; p < end; p += 4) {
      const u = v128.load(value);
      const w = v128.load(value, 16);
      let x = v128.load32_splat(p);
      a0 = multiplyAdd(x, u, a0);
      b0 = multiplyAdd(x, w, b0);
      x = v128.load32_splat(p + keyStride);
      a1 = multiplyAdd(x, u, a1);
      b1 = multiplyAdd(x, w, b1);
      x = v128.load32_splat(p + keyStride * 2);
      a2 = multiplyAdd(x, u, a2);
      b2 = multiplyAdd(x, w, b2);
      x = v128.load32_splat(p + keyStride * 3);
      a3 = multiplyAdd(x, u, a3);
      b3 = multiplyAdd(x, w, b3);
      value += stride;
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
