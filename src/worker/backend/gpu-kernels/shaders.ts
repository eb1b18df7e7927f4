/**
 * The GPU's programs, in WGSL. Rows are packed: the tokens of one text follow those of the text before, and nothing is padded.
 *
 * Each has the weights file at binding 0, its parameters at 1, and buffers of rows (fp32) or tables (u32) from 2 on.
 */

/**
 * Parameters of a dispatch; each program reads those that it needs. `values`, `scales`, `bias`, `positions`, `position_scales` and
 * `segment` are places in the weights file, in words of 4 bytes.
 */
export const PARAMETERS = /* wgsl */ `
struct Parameters {
  rows: u32,
  width: u32,
  inputs: u32,
  outputs: u32,
  values: u32,
  scales: u32,
  bias: u32,
  positions: u32,
  position_scales: u32,
  segment: u32,
  option: u32,
  spare0: u32,
  cross: f32,
  factor: f32,
  addend: f32,
  spare1: f32,
}
@group(0) @binding(0) var<storage, read> weights: array<u32>;
@group(0) @binding(1) var<uniform> p: Parameters;

fn number_at(word: u32) -> f32 { return bitcast<f32>(weights[word]); }

fn numbers_at(word: u32) -> vec4<f32> {
  return vec4<f32>(number_at(word), number_at(word + 1u), number_at(word + 2u), number_at(word + 3u));
}

/** Four int8 of one word. */
fn integers_at(word: u32) -> vec4<f32> {
  let bits = bitcast<i32>(weights[word]);
  return vec4<f32>((vec4<i32>(bits) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u));
}
`;

/** x[row] = words[id] + positions[position] + segment. One workgroup a row. */
export const EMBED = /* wgsl */ `${PARAMETERS}
@group(0) @binding(2) var<storage, read> tokens: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> x: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  let quads = p.width / 4u;
  let id = tokens[row].x;
  let position = tokens[row].y;
  let word_scale = number_at(p.scales + id);
  let position_scale = number_at(p.position_scales + position);
  for (var i = lane; i < quads; i += 64u) {
    x[row * quads + i] = integers_at(p.values + id * quads + i) * word_scale
      + integers_at(p.positions + position * quads + i) * position_scale
      + numbers_at(p.segment + i * 4u);
  }
}`;

/** Sums of all lanes of a workgroup of 64. */
const SUM_LANES = /* wgsl */ `
var<workgroup> sums: array<vec4<f32>, 64>;
fn sum_lanes(value: vec4<f32>, lane: u32) -> vec4<f32> {
  sums[lane] = value;
  for (var step = 32u; step > 0u; step /= 2u) {
    workgroupBarrier();
    if (lane < step) { sums[lane] += sums[lane + step]; }
  }
  workgroupBarrier();
  let sum = sums[0];
  workgroupBarrier();
  return sum;
}
`;

/** x = layer norm of (x + added), or of x alone where the option is 0. One workgroup a row. */
export const NORMALIZE = /* wgsl */ `${PARAMETERS}${SUM_LANES}
@group(0) @binding(2) var<storage, read> added: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> x: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let quads = p.width / 4u;
  let first = group.x * quads;
  var sum = vec4<f32>();
  for (var i = lane; i < quads; i += 64u) {
    var value = x[first + i];
    if (p.option == 1u) {
      value += added[first + i];
      x[first + i] = value;
    }
    sum += value;
  }
  let mean = dot(sum_lanes(sum, lane), vec4<f32>(1.0)) / f32(p.width);
  var squares = vec4<f32>();
  for (var i = lane; i < quads; i += 64u) {
    let centred = x[first + i] - mean;
    squares += centred * centred;
  }
  let variance = dot(sum_lanes(squares, lane), vec4<f32>(1.0)) / f32(p.width);
  let scale = inverseSqrt(variance + 1e-12);
  for (var i = lane; i < quads; i += 64u) {
    let normal = (x[first + i] - mean) * scale;
    x[first + i] = normal * numbers_at(p.values + i * 4u) + numbers_at(p.bias + i * 4u);
  }
}`;

/**
 * mixed = softmax(q kᵀ + cross) v for heads of 32, without a matrix of scores (Milakov and Gimelshein, "Online normalizer calculation for
 * softmax", 2018). An item is 64 rows of one text or pair: its first row, its rows, the rows of its first text (0: one text), and the first
 * of the 64. A workgroup is one item and one head, a lane one row.
 */
export const ATTEND = /* wgsl */ `${PARAMETERS}
@group(0) @binding(2) var<storage, read> q: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> k: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> v: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> items: array<vec4<u32>>;
@group(0) @binding(6) var<storage, read_write> mixed: array<vec4<f32>>;

const KEYS = 32u;
var<workgroup> k_tile: array<vec4<f32>, 256>;
var<workgroup> v_tile: array<vec4<f32>, 256>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = items[group.x];
  let first = item.x;
  let rows = item.y;
  let split = item.z;
  let row = item.w + lane;
  let quads = p.width / 4u;
  let column = group.y * 8u;
  let is_row = row < rows;
  var own: array<vec4<f32>, 8>;
  for (var i = 0u; i < 8u; i++) {
    if (is_row) { own[i] = q[(first + row) * quads + column + i]; }
  }
  var peak = -1e30;
  var sum = 0.0;
  var mix: array<vec4<f32>, 8>;
  for (var start = 0u; start < rows; start += KEYS) {
    for (var i = lane; i < KEYS * 8u; i += 64u) {
      let key = start + i / 8u;
      if (key < rows) {
        let at = (first + key) * quads + column + i % 8u;
        k_tile[i] = k[at];
        v_tile[i] = v[at];
      }
    }
    workgroupBarrier();
    let count = min(KEYS, rows - start);
    for (var key = 0u; key < count; key++) {
      var score = 0.0;
      for (var i = 0u; i < 8u; i++) { score += dot(own[i], k_tile[key * 8u + i]); }
      if (split > 0u && (row < split) != (start + key < split)) { score += p.cross; }
      let new_peak = max(peak, score);
      let shrink = exp(peak - new_peak);
      let share = exp(score - new_peak);
      sum = sum * shrink + share;
      for (var i = 0u; i < 8u; i++) { mix[i] = mix[i] * shrink + share * v_tile[key * 8u + i]; }
      peak = new_peak;
    }
    workgroupBarrier();
  }
  if (!is_row) { return; }
  for (var i = 0u; i < 8u; i++) { mixed[(first + row) * quads + column + i] = mix[i] / sum; }
}`;

/** to[moves.y] = from[moves.x], whole rows. One workgroup a row. */
export const MOVE_ROWS = /* wgsl */ `${PARAMETERS}
@group(0) @binding(2) var<storage, read> moves: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read> source: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> target_rows: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = moves[group.x];
  let quads = p.width / 4u;
  for (var i = lane; i < quads; i += 64u) {
    target_rows[row.y * quads + i] = source[row.x * quads + i];
  }
}`;

/**
 * logits[pair] = factor × cosine of the texts' means + head · first row + addend. An item is a pair: its first row, its rows, the rows of
 * its query. One workgroup a pair.
 */
export const HEAD = /* wgsl */ `${PARAMETERS}${SUM_LANES}
@group(0) @binding(2) var<storage, read> items: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> logits: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = items[group.x];
  let quads = p.width / 4u;
  var products = vec4<f32>();
  for (var i = lane; i < quads; i += 64u) {
    var query = vec4<f32>();
    for (var row = 0u; row < item.z; row++) { query += x[(item.x + row) * quads + i]; }
    query /= f32(item.z);
    var document = vec4<f32>();
    for (var row = item.z; row < item.y; row++) { document += x[(item.x + row) * quads + i]; }
    document /= f32(item.y - item.z);
    let first = x[item.x * quads + i];
    products += vec4<f32>(
      dot(query, query),
      dot(document, document),
      dot(query, document),
      dot(numbers_at(p.values + i * 4u), first),
    );
  }
  let sum = sum_lanes(products, lane);
  if (lane == 0u) {
    let lengths = max(sqrt(sum.x * sum.y), 1e-8);
    logits[group.x] = p.factor * sum.z / lengths + sum.w + p.addend;
  }
}`;

/**
 * Late interaction: for each of the query's tokens but its first and last the greatest cosine with any of the document's, and of these
 * the mean; 0 for a query of no tokens. Items as those of `HEAD`. One workgroup a pair, a lane a token of the query.
 */
export const SIMILARITY = /* wgsl */ `${PARAMETERS}${SUM_LANES}
@group(0) @binding(2) var<storage, read> items: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> similarities: array<f32>;

fn product(a: u32, b: u32) -> f32 {
  let quads = p.width / 4u;
  var sum = 0.0;
  for (var i = 0u; i < quads; i++) { sum += dot(x[a * quads + i], x[b * quads + i]); }
  return sum;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let item = items[group.x];
  var sum = 0.0;
  for (var token = lane + 1u; token + 1u < item.z; token += 64u) {
    let own = item.x + token;
    let length = sqrt(product(own, own));
    var greatest = -1.0;
    for (var row = item.z; row < item.y; row++) {
      let other = item.x + row;
      let lengths = length * sqrt(product(other, other));
      greatest = max(greatest, product(own, other) / max(lengths, 1e-8));
    }
    sum += greatest;
  }
  let total = sum_lanes(vec4<f32>(sum, 0.0, 0.0, 0.0), lane).x;
  if (lane == 0u) {
    if (item.z > 2u) { similarities[group.x] = total / f32(item.z - 2u); } else { similarities[group.x] = 0.0; }
  }
}`;
