/** f32 lanes: what WebAssembly's SIMD has no instruction for. */

/** a × b + c. With relaxed SIMD one fused instruction where the CPU has it. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
export function sumLanes(x: v128): f32 {
  const pairs = f32x4.add(x, i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** The greater of two, by one instruction, which loses NaN: no sum of checked weights and texts comes to one. */
// @ts-ignore: decorator
@inline
export function greater(a: v128, b: v128): v128 {
  return f32x4.pmax(a, b);
}

// @ts-ignore: decorator
@inline
export function greatestLane(x: v128): f32 {
  const pairs = greater(x, i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

/**
 * 1.5 × 2²³: a number with it added, up to 2²² in size, is rounded to an integer, half to even, and its bits are those of
 * `ROUNDER` plus that integer. WebAssembly's own conversion takes several instructions on x86.
 */
// @ts-ignore: decorator
@inline
const ROUNDER: f32 = 12582912;

/** a × b, rounded to integers, as i32. */
// @ts-ignore: decorator
@inline
export function multiplyRounded(a: v128, b: v128): v128 {
  return i32x4.sub(multiplyAdd(a, b, f32x4.splat(ROUNDER)), f32x4.splat(ROUNDER));
}

/**
 * e^x for x ≤ 0, within 3 units in the last place; 0 below −80: what comes of still smaller numbers is denormal, and slow. By
 * x = n ln 2 + r, |r| ≤ ln 2 / 2, and a minimax polynomial of e^r (relative error below 10⁻⁷).
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const rounded = multiplyAdd(x, f32x4.splat(1.44269504), f32x4.splat(ROUNDER));
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDER));
  // ln 2 in two parts, so that n × the first part is exact.
  const r = multiplyAdd(n, f32x4.splat(2.12194440e-4), multiplyAdd(n, f32x4.splat(-0.693359375), x));
  let p = f32x4.splat(0.00829766039);
  p = multiplyAdd(p, r, f32x4.splat(0.0419153944));
  p = multiplyAdd(p, r, f32x4.splat(0.166675746));
  p = multiplyAdd(p, r, f32x4.splat(0.499988943));
  p = multiplyAdd(p, r, f32x4.splat(0.999999702));
  p = multiplyAdd(p, r, f32x4.splat(1.00000012));
  // × 2ⁿ: n added to the exponent. Of the bits of `rounded` only n's are left by the shift.
  const power = i32x4.add(p, i32x4.shl(rounded, 23));
  return v128.and(power, f32x4.ge(x, f32x4.splat(-80)));
}

/**
 * GELU, x Φ(x), within 10⁻⁵. Φ(x) − ½ is odd: x times a minimax polynomial of x², for |x| ≤ 5, in 2x²/25 − 1, where its
 * coefficients are small. Behind 5, Φ is 0 or 1.
 */
// @ts-ignore: decorator
@inline
export function gelu(x: v128): v128 {
  const square = f32x4.pmin(f32x4.mul(x, x), f32x4.splat(25));
  const w = multiplyAdd(square, f32x4.splat(0.08), f32x4.splat(-1));
  let p = f32x4.splat(0.00227722921);
  p = multiplyAdd(p, w, f32x4.splat(-0.00627799053));
  p = multiplyAdd(p, w, f32x4.splat(0.00702138990));
  p = multiplyAdd(p, w, f32x4.splat(-0.00832987018));
  p = multiplyAdd(p, w, f32x4.splat(0.0155478045));
  p = multiplyAdd(p, w, f32x4.splat(-0.0242151351));
  p = multiplyAdd(p, w, f32x4.splat(0.0317441821));
  p = multiplyAdd(p, w, f32x4.splat(-0.0403191745));
  p = multiplyAdd(p, w, f32x4.splat(0.0514880084));
  p = multiplyAdd(p, w, f32x4.splat(-0.0703005195));
  p = multiplyAdd(p, w, f32x4.splat(0.141364306));
  const phi = multiplyAdd(x, p, f32x4.splat(0.5));
  return f32x4.mul(x, f32x4.pmin(greater(phi, f32x4.splat(0)), f32x4.splat(1)));
}
