/**
 * y = x W + b with integer weights: rows of x are quantized, products are summed as i32, and the sums scaled back.
 *
 * With relaxed SIMD, activations are int8 and weights unsigned 7 bits: each weight is stored with `zeroPoint` added,
 * and `zeroPoint` × the row's sum is subtracted in the end. All sums are exact: nothing saturates, so that every CPU
 * gives the same. Without relaxed SIMD, activations are int16 (12 bits) and weights int8.
 *
 * Weights are packed as they are read: for each 8 columns, for each block of rows of W (4 with relaxed SIMD, 2 without),
 * column after column. `rows` is rounded up to whole tiles: every buffer has room for 4 rows more.
 */
import { gelu, greater, greatestLane, multiplyRounded } from './arithmetic';

/** How products are summed: the type says how, so that the compiler makes a loop of its own for each. */
type InPairs = i8;
type OneByOne = i16;
type ByDotProduct = i32;

/** Rows of W that are stored side by side. */
// @ts-ignore: decorator
@inline
const BLOCK: i32 = ASC_FEATURE_RELAXED_SIMD ? 4 : 2;

/** Greatest activation. */
// @ts-ignore: decorator
@inline
const STEPS: f32 = ASC_FEATURE_RELAXED_SIMD ? 127 : 2047;

/** Bytes of one quantized activation. */
export function activationBytes(): i32 {
  return ASC_FEATURE_RELAXED_SIMD ? 1 : 2;
}

/**
 * Packs `weights`, int8 [inputs][outputs], to `packed` (as many bytes). `outputs` is a multiple of 8, `inputs` of 8.
 *
 * @param zeroPoint Greater than the greatest absolute weight: 32 or 64. Ignored without relaxed SIMD.
 */
export function packWeights(weights: usize, packed: usize, inputs: i32, outputs: i32, zeroPoint: i32): void {
  const shift = ASC_FEATURE_RELAXED_SIMD ? zeroPoint : 0;
  let to = packed;
  for (let column = 0; column < outputs; column += 8) {
    for (let row = 0; row < inputs; row += BLOCK) {
      for (let c = 0; c < 8; c++) {
        for (let r = 0; r < BLOCK; r++) {
          store<i8>(to++, <i8>(<i32>load<i8>(weights + (row + r) * outputs + column + c) + shift));
        }
      }
    }
  }
}

/** Quantizes rows of f32: values to `quantized`, a scale for each row, and `zeroPoint` × the sum of each row. */
export function quantizeRows(
  x: usize,
  quantized: usize,
  scales: usize,
  shifts: usize,
  rows: i32,
  width: i32,
  zeroPoint: i32,
): void {
  for (let row = 0; row < rows; row++) {
    let largest = f32x4.splat(1e-10);
    const end = x + (width << 2);
    for (let p = x; p < end; p += 16) largest = greater(largest, f32x4.abs(v128.load(p)));
    quantizeRow(x, end, quantized, scales, shifts, largest, zeroPoint);
    x = end;
    quantized += width * activationBytes();
    scales += 4;
    shifts += 4;
  }
}

/** GELU of rows of f32, in place, then `quantizeRows`. */
export function quantizeGelu(
  x: usize,
  quantized: usize,
  scales: usize,
  shifts: usize,
  rows: i32,
  width: i32,
  zeroPoint: i32,
): void {
  for (let row = 0; row < rows; row++) {
    let largest = f32x4.splat(1e-10);
    const end = x + (width << 2);
    for (let p = x; p < end; p += 16) {
      const y = gelu(v128.load(p));
      v128.store(p, y);
      largest = greater(largest, f32x4.abs(y));
    }
    quantizeRow(x, end, quantized, scales, shifts, largest, zeroPoint);
    x = end;
    quantized += width * activationBytes();
    scales += 4;
    shifts += 4;
  }
}

// @ts-ignore: decorator
@inline
function quantizeRow(
  x: usize,
  end: usize,
  quantized: usize,
  scale: usize,
  shift: usize,
  largest: v128,
  zeroPoint: i32,
): void {
  const greatest = greatestLane(largest);
  store<f32>(scale, greatest / STEPS);
  const factor = f32x4.splat(STEPS / greatest);
  let sum = i32x4.splat(0);
  for (let p = x; p < end; p += 32) {
    const a = multiplyRounded(v128.load(p), factor);
    const b = multiplyRounded(v128.load(p, 16), factor);
    const words = i16x8.narrow_i32x4_s(a, b);
    if (ASC_FEATURE_RELAXED_SIMD) {
      sum = i32x4.add(sum, i32x4.add(a, b));
      v128.store64_lane(quantized, i8x16.narrow_i16x8_s(words, words), 0);
      quantized += 8;
    } else {
      v128.store(quantized, words);
      quantized += 16;
    }
  }
  const total =
    i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3);
  store<i32>(shift, total * zeroPoint);
}

/** Two products of weights within ±31 fit 16 bits beside two more: summed there before they are widened. */
export function linearInPairs(
  x: usize,
  scales: usize,
  shifts: usize,
  weights: usize,
  weightScales: usize,
  bias: usize,
  y: usize,
  rows: i32,
  inputs: i32,
  outputs: i32,
): void {
  linear<InPairs>(x, scales, shifts, weights, weightScales, bias, y, rows, inputs, outputs);
}

/** For weights within ±63: products are widened at once. */
export function linearOneByOne(
  x: usize,
  scales: usize,
  shifts: usize,
  weights: usize,
  weightScales: usize,
  bias: usize,
  y: usize,
  rows: i32,
  inputs: i32,
  outputs: i32,
): void {
  linear<OneByOne>(x, scales, shifts, weights, weightScales, bias, y, rows, inputs, outputs);
}

/** For weights within ±63, with the instruction that ARM and newer x86 CPUs have for the whole sum. */
export function linearByDotProduct(
  x: usize,
  scales: usize,
  shifts: usize,
  weights: usize,
  weightScales: usize,
  bias: usize,
  y: usize,
  rows: i32,
  inputs: i32,
  outputs: i32,
): void {
  linear<ByDotProduct>(x, scales, shifts, weights, weightScales, bias, y, rows, inputs, outputs);
}

/** Eight ones. In memory, because the compiler would build a constant anew each time that it is used. */
const ONES: usize = memory.data<i16>([1, 1, 1, 1, 1, 1, 1, 1], 16);

/** Tiles of 3 rows × 8 columns: 6 sums, which with weights and activations fit the 16 registers of x86. */
// @ts-ignore: decorator
@inline
function linear<TSum>(
  x: usize,
  scales: usize,
  shifts: usize,
  weights: usize,
  weightScales: usize,
  bias: usize,
  y: usize,
  rows: i32,
  inputs: i32,
  outputs: i32,
): void {
  if (!ASC_FEATURE_RELAXED_SIMD) {
    linearOfWords(x, scales, weights, weightScales, bias, y, rows, inputs, outputs);
    return;
  }
  const panelBytes = inputs << 3;
  const stride = outputs << 2;
  const ones = v128.load(ONES);
  for (let column = 0; column < outputs; column += 8) {
    const end = weights + panelBytes;
    for (let row = 0; row < rows; row += 3) {
      let x0 = x + row * inputs;
      let x1 = x0 + inputs;
      let x2 = x1 + inputs;
      let a0 = i32x4.splat(0);
      let b0 = a0;
      let a1 = a0;
      let b1 = a0;
      let a2 = a0;
      let b2 = a0;
      for (let w = weights; w < end; w += 64) {
        const p0 = v128.load32_splat(x0);
        const q0 = v128.load32_splat(x0, 4);
        const p1 = v128.load32_splat(x1);
        const q1 = v128.load32_splat(x1, 4);
        const p2 = v128.load32_splat(x2);
        const q2 = v128.load32_splat(x2, 4);
        let u = v128.load(w);
        let v = v128.load(w, 32);
        a0 = addProducts<TSum>(a0, p0, q0, u, v, ones);
        a1 = addProducts<TSum>(a1, p1, q1, u, v, ones);
        a2 = addProducts<TSum>(a2, p2, q2, u, v, ones);
        u = v128.load(w, 16);
        v = v128.load(w, 48);
        b0 = addProducts<TSum>(b0, p0, q0, u, v, ones);
        b1 = addProducts<TSum>(b1, p1, q1, u, v, ones);
        b2 = addProducts<TSum>(b2, p2, q2, u, v, ones);
        x0 += 8;
        x1 += 8;
        x2 += 8;
      }
      const to = y + ((row * outputs + column) << 2);
      const scale = scales + (row << 2);
      const shift = shifts + (row << 2);
      const z0 = v128.load32_splat(shift);
      const z1 = v128.load32_splat(shift, 4);
      const z2 = v128.load32_splat(shift, 8);
      storeRow(to, i32x4.sub(a0, z0), i32x4.sub(b0, z0), scale, weightScales, bias);
      storeRow(to + stride, i32x4.sub(a1, z1), i32x4.sub(b1, z1), scale + 4, weightScales, bias);
      storeRow(to + stride * 2, i32x4.sub(a2, z2), i32x4.sub(b2, z2), scale + 8, weightScales, bias);
    }
    weights += panelBytes;
    weightScales += 32;
    bias += 32;
  }
}

/** sums + 4 activations × their weights in 4 columns, twice. */
// @ts-ignore: decorator
@inline
function addProducts<TSum>(sums: v128, p: v128, q: v128, first: v128, second: v128, ones: v128): v128 {
  // The type's size stands for the type: the compiler decides by it.
  if (sizeof<TSum>() == sizeof<ByDotProduct>()) {
    return i32x4.relaxed_dot_i8x16_i7x16_add_s(q, second, i32x4.relaxed_dot_i8x16_i7x16_add_s(p, first, sums));
  }
  const a = i16x8.relaxed_dot_i8x16_i7x16_s(p, first);
  const b = i16x8.relaxed_dot_i8x16_i7x16_s(q, second);
  if (sizeof<TSum>() == sizeof<InPairs>()) return i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.add(a, b), ones));
  return i32x4.add(i32x4.add(sums, i32x4.dot_i16x8_s(a, ones)), i32x4.dot_i16x8_s(b, ones));
}

/** Without relaxed SIMD: int16 activations, tiles of 4 rows × 8 columns. */
function linearOfWords(
  x: usize,
  scales: usize,
  weights: usize,
  weightScales: usize,
  bias: usize,
  y: usize,
  rows: i32,
  inputs: i32,
  outputs: i32,
): void {
  const panelBytes = inputs << 3;
  const rowBytes = inputs << 1;
  const stride = outputs << 2;
  for (let column = 0; column < outputs; column += 8) {
    const end = weights + panelBytes;
    for (let row = 0; row < rows; row += 4) {
      let x0 = x + row * rowBytes;
      let x1 = x0 + rowBytes;
      let x2 = x1 + rowBytes;
      let x3 = x2 + rowBytes;
      let a0 = i32x4.splat(0);
      let a1 = a0;
      let a2 = a0;
      let a3 = a0;
      let b0 = a0;
      let b1 = a0;
      let b2 = a0;
      let b3 = a0;
      for (let w = weights; w < end; w += 16) {
        const u = v128.load_ext<i8>(w);
        const v = v128.load_ext<i8>(w, 8);
        let p = v128.load32_splat(x0);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(p, u));
        b0 = i32x4.add(b0, i32x4.dot_i16x8_s(p, v));
        p = v128.load32_splat(x1);
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(p, u));
        b1 = i32x4.add(b1, i32x4.dot_i16x8_s(p, v));
        p = v128.load32_splat(x2);
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(p, u));
        b2 = i32x4.add(b2, i32x4.dot_i16x8_s(p, v));
        p = v128.load32_splat(x3);
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(p, u));
        b3 = i32x4.add(b3, i32x4.dot_i16x8_s(p, v));
        x0 += 4;
        x1 += 4;
        x2 += 4;
        x3 += 4;
      }
      const to = y + ((row * outputs + column) << 2);
      const scale = scales + (row << 2);
      storeRow(to, a0, b0, scale, weightScales, bias);
      storeRow(to + stride, a1, b1, scale + 4, weightScales, bias);
      storeRow(to + stride * 2, a2, b2, scale + 8, weightScales, bias);
      storeRow(to + stride * 3, a3, b3, scale + 12, weightScales, bias);
    }
    weights += panelBytes;
    weightScales += 32;
    bias += 32;
  }
}

/** 8 sums, scaled back, plus bias. */
// @ts-ignore: decorator
@inline
function storeRow(to: usize, a: v128, b: v128, scale: usize, weightScales: usize, bias: usize): void {
  const s = v128.load32_splat(scale);
  const u = f32x4.mul(f32x4.convert_i32x4_s(a), f32x4.mul(s, v128.load(weightScales)));
  const v = f32x4.mul(f32x4.convert_i32x4_s(b), f32x4.mul(s, v128.load(weightScales, 16)));
  v128.store(to, f32x4.add(u, v128.load(bias)));
  v128.store(to, f32x4.add(v, v128.load(bias, 16)), 16);
}
