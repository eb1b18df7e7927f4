/** The GPU's programs for y = x × weights: see shaders.ts. In floats, and in integers where WGSL has products of four int8. */
import { PARAMETERS } from './shaders.ts';

/** How both begin: a workgroup makes 64 × 64 numbers, a lane 4 rows of 4 columns. */
const BEGINNING = /* wgsl */ `
@compute @workgroup_size(16, 16)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let in_quads = p.inputs / 4u;
  let out_quads = p.outputs / 4u;
  let first_row = group.y * 64u;
  let column = group.x * 16u + local.x;
  let load_row = lane / 4u;`;

/** What both end with. */
const FINISH = /* wgsl */ `
/** erfc by Abramowitz and Stegun, 7.1.26; at most 1.5e-7 off. */
fn gelu(v: vec4<f32>) -> vec4<f32> {
  let z = abs(v) * 0.7071067811865476;
  let t = 1.0 / (1.0 + 0.3275911 * z);
  let series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  let tail = 0.5 * series * exp(-z * z);
  return v * select(1.0 - tail, tail, v < vec4<f32>());
}

/** Four columns of a row, from their sum: scaled, with bias, through GELU where the option is 1. */
fn finish(sum: vec4<f32>, scale: vec4<f32>, bias: vec4<f32>) -> vec4<f32> {
  let value = (sum * scale + bias) * p.factor;
  if (p.option == 1u) { return gelu(value); }
  return value;
}
`;

/**
 * y = (x × weights × scales + bias) × factor; through GELU where the option is 1. A workgroup makes 64 × 64 numbers, a lane 4 × 4, in steps
 * of 16 inputs that are put where all its lanes see them.
 */
export const LINEAR = /* wgsl */ `${PARAMETERS}${FINISH}
@group(0) @binding(2) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>;

const STEP = 16u;
var<workgroup> x_tile: array<f32, 1024>;
var<workgroup> w_tile: array<vec4<f32>, 256>;

${BEGINNING}
  let load_quad = lane % 4u;
  var sums: array<vec4<f32>, 4>;
  for (var start = 0u; start < p.inputs; start += STEP) {
    let row = first_row + load_row;
    let quad = start / 4u + load_quad;
    var value = vec4<f32>();
    if (row < p.rows && quad < in_quads) { value = x[row * in_quads + quad]; }
    for (var i = 0u; i < 4u; i++) { x_tile[(load_quad * 4u + i) * 64u + load_row] = value[i]; }
    let input = start + local.y;
    var weight = vec4<f32>();
    if (input < p.inputs && column < out_quads) { weight = integers_at(p.values + input * out_quads + column); }
    w_tile[lane] = weight;
    workgroupBarrier();
    for (var k = 0u; k < STEP; k++) {
      let w = w_tile[k * 16u + local.x];
      let at = k * 64u + local.y * 4u;
      sums[0] += x_tile[at] * w;
      sums[1] += x_tile[at + 1u] * w;
      sums[2] += x_tile[at + 2u] * w;
      sums[3] += x_tile[at + 3u] * w;
    }
    workgroupBarrier();
  }
  if (column >= out_quads) { return; }
  let scale = numbers_at(p.scales + column * 4u);
  let bias = numbers_at(p.bias + column * 4u);
  for (var i = 0u; i < 4u; i++) {
    let row = first_row + local.y * 4u + i;
    if (row < p.rows) { y[row * out_quads + column] = finish(sums[i], scale, bias); }
  }
}`;

/** Rows as int8, four to a word, each with its scale: 1/127 of its greatest number. One workgroup a row. */
export const QUANTIZE = /* wgsl */ `requires packed_4x8_integer_dot_product;
${PARAMETERS}
@group(0) @binding(2) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> quantized: array<u32>;
@group(0) @binding(4) var<storage, read_write> row_scales: array<f32>;

var<workgroup> greatest: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let quads = p.width / 4u;
  let first = group.x * quads;
  var most = vec4<f32>(1e-10);
  for (var i = lane; i < quads; i += 64u) { most = max(most, abs(x[first + i])); }
  greatest[lane] = max(max(most.x, most.y), max(most.z, most.w));
  for (var step = 32u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (lane < step) { greatest[lane] = max(greatest[lane], greatest[lane + step]); }
  }
  workgroupBarrier();
  let factor = 127.0 / greatest[0];
  for (var i = lane; i < quads; i += 64u) {
    quantized[first + i] = pack4xI8(vec4<i32>(round(x[first + i] * factor)));
  }
  if (lane == 0u) { row_scales[group.x] = greatest[0] / 127.0; }
}`;

/**
 * As `LINEAR`, from quantized rows: sums of integers, exact in any order. The file has four columns of one input in a word, and a product
 * takes four inputs of one column, so each block of 4 × 4 is turned when it is put into the tile.
 */
export const LINEAR_OF_INTEGERS = /* wgsl */ `requires packed_4x8_integer_dot_product;
${PARAMETERS}${FINISH}
@group(0) @binding(2) var<storage, read> x: array<u32>;
@group(0) @binding(3) var<storage, read> row_scales: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4<f32>>;

/** Words of 4 inputs in a step. */
const STEP = 16u;
var<workgroup> x_tile: array<u32, 1024>;
var<workgroup> w_tile: array<vec4<u32>, 256>;

/** Four inputs of four columns, input by input, as four columns. */
fn turn(a: u32, b: u32, c: u32, d: u32) -> vec4<u32> {
  let even = vec2<u32>(a & 0x00ff00ffu, c & 0x00ff00ffu) | (vec2<u32>(b & 0x00ff00ffu, d & 0x00ff00ffu) << vec2<u32>(8u));
  let odd = (vec2<u32>(a & 0xff00ff00u, c & 0xff00ff00u) >> vec2<u32>(8u)) | vec2<u32>(b & 0xff00ff00u, d & 0xff00ff00u);
  return vec4<u32>(
    (even.x & 0xffffu) | (even.y << 16u),
    (odd.x & 0xffffu) | (odd.y << 16u),
    (even.x >> 16u) | (even.y & 0xffff0000u),
    (odd.x >> 16u) | (odd.y & 0xffff0000u),
  );
}

fn weight_at(input: u32, column: u32) -> u32 {
  if (input >= p.inputs || column >= p.outputs / 4u) { return 0u; }
  return weights[p.values + input * (p.outputs / 4u) + column];
}

${BEGINNING}
  var sums: array<vec4<i32>, 4>;
  for (var start = 0u; start < in_quads; start += STEP) {
    let row = first_row + load_row;
    for (var i = 0u; i < 4u; i++) {
      let quad = lane % 4u * 4u + i;
      var word = 0u;
      if (row < p.rows && start + quad < in_quads) { word = x[row * in_quads + start + quad]; }
      x_tile[quad * 64u + load_row] = word;
    }
    let input = (start + local.y) * 4u;
    w_tile[lane] = turn(
      weight_at(input, column),
      weight_at(input + 1u, column),
      weight_at(input + 2u, column),
      weight_at(input + 3u, column),
    );
    workgroupBarrier();
    for (var k = 0u; k < STEP; k++) {
      let w = w_tile[k * 16u + local.x];
      for (var i = 0u; i < 4u; i++) {
        let own = x_tile[k * 64u + local.y * 4u + i];
        sums[i] += vec4<i32>(
          dot4I8Packed(own, w.x),
          dot4I8Packed(own, w.y),
          dot4I8Packed(own, w.z),
          dot4I8Packed(own, w.w),
        );
      }
    }
    workgroupBarrier();
  }
  if (column >= out_quads) { return; }
  let scale = numbers_at(p.scales + column * 4u);
  let bias = numbers_at(p.bias + column * 4u);
  for (var i = 0u; i < 4u; i++) {
    let row = first_row + local.y * 4u + i;
    if (row < p.rows) { y[row * out_quads + column] = finish(vec4<f32>(sums[i]) * row_scales[row], scale, bias); }
  }
}`;
