import type {
  LayerOffsets,
  LinearOffsets,
  NormOffsets,
  TableOffsets,
} from '../../../src/worker/backend/kernels/layout.ts';
import type { SyntheticModel } from './synthetic-model.ts';

/** Rows of states, float64. */
type Rows = readonly Float64Array[];

/** A split cross-encoder in float64, as its formulas say: slow, and nothing is kept. */
export class ExactModel {
  readonly #model: SyntheticModel;
  readonly #inIntegers: boolean;

  /** @param inIntegers Whether rows are rounded to int8, with a scale for each, before they are multiplied. */
  constructor(model: SyntheticModel, inIntegers: boolean) {
    this.#model = model;
    this.#inIntegers = inIntegers;
  }

  /** The logit of a pair. */
  score(query: Int32Array, document: Int32Array): number {
    const { layers, cross, cosineScale, head, hidden } = this.#model.layout;
    let x: Rows = [...this.#readApart(query), ...this.#readApart(document)];
    const first = layers.length - cross.length;
    for (const [index, bias] of cross.entries()) {
      x = this.#runLayer(layers[first + index] as LayerOffsets, x, query.length, bias);
    }
    const cosine = cosineOf(meanOf(x.slice(0, query.length)), meanOf(x.slice(query.length)));
    const weight = this.#floats(head.weight, hidden);
    return cosineScale * cosine + product(weight, x[0] as Float64Array) + head.bias;
  }

  /** Late interaction: the mean of the greatest cosines of the query's inner tokens. */
  compare(query: Int32Array, document: Int32Array): number {
    const tokens = this.#readApart(query).slice(1, -1);
    const others = this.#readApart(document);
    const greatest = tokens.map((token) =>
      Math.max(...others.map((other) => cosineOf(token, other))),
    );
    return greatest.reduce((sum, value) => sum + value, 0) / Math.max(1, tokens.length);
  }

  #readApart(ids: Int32Array): Rows {
    const { layout } = this.#model;
    const { words, positionRows, segment, norm, layers, cross, hidden } = layout;
    const type = this.#floats(segment, hidden);
    let x: Rows = [...ids].map((id, position) => {
      const [word, place] = [this.#row(words, id), this.#row(positionRows, position)];
      return word.map((value, i) => value + (place[i] ?? 0) + (type[i] ?? 0));
    });
    x = this.#normalize(x, norm);
    for (const layer of layers.slice(0, layers.length - cross.length)) {
      x = this.#runLayer(layer, x, 0, 0);
    }
    return x;
  }

  #runLayer(layer: LayerOffsets, x: Rows, split: number, cross: number): Rows {
    const { heads, hidden, intermediate } = this.#model.layout;
    const [q, k, v] = [layer.q, layer.k, layer.v].map((at) => this.#multiply(at, x, hidden)) as [
      Rows,
      Rows,
      Rows,
    ];
    const mixed = x.map((_, row) => {
      const out = new Float64Array(hidden);
      for (let head = 0; head < heads; head++) {
        const part = (values: Float64Array | undefined): Float64Array =>
          (values ?? new Float64Array(hidden)).subarray(head * 32, head * 32 + 32);
        const scores = x.map(
          (_other, key) =>
            product(part(q[row]), part(k[key])) / Math.sqrt(32) +
            (split > 0 && row < split !== key < split ? cross : 0),
        );
        const peak = Math.max(...scores);
        const shares = scores.map((score) => Math.exp(score - peak));
        const total = shares.reduce((sum, share) => sum + share, 0);
        for (const [key, share] of shares.entries()) {
          for (const [d, value] of part(v[key]).entries()) {
            out[head * 32 + d] = (out[head * 32 + d] ?? 0) + (share / total) * value;
          }
        }
      }
      return out;
    });
    const attended = this.#normalize(
      add(x, this.#multiply(layer.o, mixed, hidden)),
      layer.attentionNorm,
    );
    const wide = this.#multiply(layer.up, attended, intermediate).map((row) => row.map(gelu));
    return this.#normalize(
      add(attended, this.#multiply(layer.down, wide, hidden)),
      layer.outputNorm,
    );
  }

  #multiply({ values, scales, bias }: LinearOffsets, x: Rows, outputs: number): Rows {
    const inputs = x[0]?.length ?? 0;
    const weights = new Int8Array(this.#model.file.buffer, values, inputs * outputs);
    const [scale, added] = [this.#floats(scales, outputs), this.#floats(bias, outputs)];
    const rows = this.#inIntegers ? x.map(roundToInt8) : x;
    return rows.map((row) =>
      Float64Array.from({ length: outputs }, (_, column) => {
        let sum = 0;
        for (const [i, value] of row.entries()) sum += value * (weights[i * outputs + column] ?? 0);
        return sum * (scale[column] ?? 0) + (added[column] ?? 0);
      }),
    );
  }

  #normalize(x: Rows, { weight, bias }: NormOffsets): Rows {
    const { hidden } = this.#model.layout;
    const [factors, added] = [this.#floats(weight, hidden), this.#floats(bias, hidden)];
    return x.map((row) => {
      const mean = row.reduce((sum, value) => sum + value, 0) / hidden;
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / hidden;
      const deviation = Math.sqrt(variance + 1e-12);
      return row.map((value, i) => ((value - mean) / deviation) * (factors[i] ?? 0) + (added[i] ?? 0));
    });
  }

  #row({ values, scales }: TableOffsets, index: number): Float64Array {
    const { hidden } = this.#model.layout;
    const integers = new Int8Array(this.#model.file.buffer, values + index * hidden, hidden);
    const [scale = 0] = this.#floats(scales + index * 4, 1);
    return Float64Array.from(integers, (value) => value * scale);
  }

  #floats(offset: number, count: number): Float64Array {
    return Float64Array.from(new Float32Array(this.#model.file.buffer, offset, count));
  }
}

/** The row as int8 × its scale say it. */
function roundToInt8(row: Float64Array): Float64Array {
  const scale = Math.max(...row.map(Math.abs)) / 127;
  return row.map((value) => Math.round(value / scale) * scale);
}

function product(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function cosineOf(a: Float64Array, b: Float64Array): number {
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

function meanOf(rows: Rows): Float64Array {
  const sum = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) for (const [i, value] of row.entries()) sum[i] = (sum[i] ?? 0) + value;
  return sum.map((value) => value / rows.length);
}

function add(a: Rows, b: Rows): Rows {
  return a.map((row, index) => row.map((value, i) => value + (b[index]?.[i] ?? 0)));
}

/** x Φ(x), Φ by the series of erf (below 3) and the continued fraction of erfc (from 3 on): to float64's precision. */
function gelu(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const tail = 0.5 * (z < 3 ? 1 - erfBySeries(z) : erfcByFraction(z));
  return x * (x < 0 ? tail : 1 - tail);
}

function erfBySeries(z: number): number {
  let [term, sum] = [z, z];
  for (let n = 1; n < 60; n++) {
    term *= -(z * z) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function erfcByFraction(z: number): number {
  let fraction = z;
  for (let n = 60; n > 0; n--) fraction = z + n / 2 / fraction;
  return Math.exp(-z * z) / (fraction * Math.sqrt(Math.PI));
}
