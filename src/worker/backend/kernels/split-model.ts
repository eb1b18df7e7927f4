import type { Address, KernelExports, LinearName } from './kernel-exports.ts';
import { KernelMemory } from './kernel-memory.ts';
import type { KernelsLayout } from './layout.ts';
import {
  loadWeights,
  type Layer,
  type Linear,
  type Norm,
  type Weights,
} from './load-weights.ts';

const LAYER_NORM_EPSILON = 1e-12;

/** Rows that go through a feed-forward block together, so that what is between stays in the CPU's cache. */
const FEED_FORWARD_ROWS = 60;

/** Kernels work on 3 or 4 rows at once, and may touch rows behind the last. */
const SPARE_ROWS = 4;

/** A head's keys and values, and rows of scores, that attention keeps together: see kernels/attention.ts. */
const ATTENTION_ROWS = 2 * 32 + 4;

/** As PyTorch's cosine similarity: lengths below it count as it. */
const LEAST_LENGTH = 1e-8;

/** Rows and repetitions of the timing that chooses how products are summed: about a millisecond. */
const TRIAL_ROWS = 16;
const TRIALS = 16;

/** Numbers of a run. Each has room for the longest pair. */
type Buffers = ReturnType<typeof reserveBuffers>;

/** The states of one text after the lower layers. */
export interface TextStates {
  readonly tokens: number;
  /** int16 [tokens, hidden]. */
  readonly values: Uint8Array<ArrayBuffer>;
  /** fp32 [tokens]: what a token's values are multiplied with. */
  readonly scales: Uint8Array<ArrayBuffer>;
}

/**
 * A split cross-encoder in the kernels' memory. Its lower layers read query and document apart, so that the states after them can
 * be kept; the joint layers read the pair.
 */
export class SplitModel {
  readonly #kernels: KernelExports;
  readonly #layout: KernelsLayout;
  readonly #memory: KernelMemory;
  readonly #weights: Weights;
  readonly #buffers: Buffers;
  readonly #linear: KernelExports[LinearName];

  constructor(kernels: KernelExports, layout: KernelsLayout, weights: Uint8Array) {
    this.#kernels = kernels;
    this.#layout = layout;
    this.#memory = new KernelMemory(kernels.memory);
    this.#weights = loadWeights(kernels, this.#memory, layout, weights);
    this.#buffers = reserveBuffers(this.#memory, layout, kernels.activationBytes());
    this.#linear = this.#chooseLinear();
  }

  /**
   * States of one text after the lower layers.
   *
   * @param ids The text's token ids with its start and end token; at most the layout's `positions`.
   */
  readApart(ids: Int32Array): TextStates {
    const { hidden, layers, cross } = this.#layout;
    const { words, positionRows, segment, norm } = this.#weights;
    const { ids: idsAt, x, kept, keptScales } = this.#buffers;
    const tokens = ids.length;
    this.#memory.integers(idsAt, tokens).set(ids);
    this.#kernels.embed(
      idsAt,
      tokens,
      words.values,
      words.scales,
      positionRows.values,
      positionRows.scales,
      segment,
      x,
      hidden,
    );
    this.#normalize(x, 0, norm, tokens);
    const lower = layers.length - cross.length;
    for (let index = 0; index < lower; index++) this.#runLayer(index, tokens, 0, 0);
    this.#kernels.storeStates(x, kept, keptScales, tokens, hidden);
    return {
      tokens,
      values: this.#memory.bytes(kept, tokens * hidden * 2).slice(),
      scales: this.#memory.bytes(keptScales, tokens * 4).slice(),
    };
  }

  /** The logit of a pair. Both texts together have at most the layout's `positions` tokens. */
  readJointly(query: TextStates, document: TextStates): number {
    const { hidden, layers, cross, cosineScale, head } = this.#layout;
    const { x, queryMean, documentMean } = this.#buffers;
    const documentX = x + query.tokens * hidden * 4;
    this.#restore(query, x);
    this.#restore(document, documentX);
    const first = layers.length - cross.length;
    for (const [index, bias] of cross.entries()) {
      this.#runLayer(first + index, query.tokens + document.tokens, query.tokens, bias);
    }
    this.#kernels.meanRow(x, query.tokens, queryMean, hidden);
    this.#kernels.meanRow(documentX, document.tokens, documentMean, hidden);
    const product = (a: Address, b: Address): number => this.#kernels.dot(a, b, hidden);
    const lengths = Math.sqrt(product(queryMean, queryMean) * product(documentMean, documentMean));
    const cosine = product(queryMean, documentMean) / Math.max(lengths, LEAST_LENGTH);
    return cosineScale * cosine + product(this.#weights.head, x) + head.bias;
  }

  /** How alike the two texts' tokens are after the lower layers: see `maxSimilarity` in kernels/rows.ts. */
  compare(query: TextStates, document: TextStates): number {
    const { hidden } = this.#layout;
    const { x, rowScales } = this.#buffers;
    const documentX = x + query.tokens * hidden * 4;
    this.#restore(query, x);
    this.#restore(document, documentX);
    const { maxSimilarity } = this.#kernels;
    return maxSimilarity(x, query.tokens, documentX, document.tokens, rowScales, hidden);
  }

  #restore({ tokens, values, scales }: TextStates, x: Address): void {
    const { kept, keptScales } = this.#buffers;
    this.#memory.bytes(kept, values.length).set(values);
    this.#memory.bytes(keptScales, scales.length).set(scales);
    this.#kernels.loadStates(kept, keptScales, x, tokens, this.#layout.hidden);
  }

  /** One layer over the rows of `x`, in place. `split`: where the second text begins; 0 for a single text. */
  #runLayer(index: number, tokens: number, split: number, cross: number): void {
    const layer = this.#weights.layers[index] as Layer;
    const { hidden, heads } = this.#layout;
    const { x, q, k, v, mixed, output, attention } = this.#buffers;
    const { attend, quantizeRows, quantizeGelu } = this.#kernels;
    this.#quantize(quantizeRows, x, tokens, hidden);
    this.#multiply(layer.q, q, tokens);
    this.#multiply(layer.k, k, tokens);
    this.#multiply(layer.v, v, tokens);
    attend(q, k, v, mixed, attention, tokens, split, cross, heads);
    this.#quantize(quantizeRows, mixed, tokens, hidden);
    this.#multiply(layer.o, output, tokens);
    this.#normalize(x, output, layer.attentionNorm, tokens);
    for (let from = 0; from < tokens; from += FEED_FORWARD_ROWS) {
      const rows = Math.min(FEED_FORWARD_ROWS, tokens - from);
      const part = x + from * hidden * 4;
      const { intermediate } = this.#buffers;
      this.#quantize(quantizeRows, part, rows, hidden);
      this.#multiply(layer.up, intermediate, rows);
      this.#quantize(quantizeGelu, intermediate, rows, layer.up.outputs);
      this.#multiply(layer.down, output, rows);
      this.#normalize(part, output, layer.outputNorm, rows);
    }
  }

  #normalize(x: Address, added: Address, { weight, bias }: Norm, rows: number): void {
    const { hidden } = this.#layout;
    this.#kernels.layerNorm(x, added, weight, bias, rows, hidden, LAYER_NORM_EPSILON);
  }

  #quantize(
    quantize: KernelExports['quantizeRows'],
    x: Address,
    rows: number,
    width: number,
  ): void {
    const { quantized, rowScales, rowShifts } = this.#buffers;
    quantize(x, quantized, rowScales, rowShifts, rows, width, this.#weights.zeroPoint);
  }

  /** y = quantized rows × weights + bias. */
  #multiply(
    { weights, scales, bias, inputs, outputs }: Linear,
    y: Address,
    rows: number,
    multiply = this.#linear,
  ): void {
    const { quantized, rowScales, rowShifts } = this.#buffers;
    multiply(quantized, rowScales, rowShifts, weights, scales, bias, y, rows, inputs, outputs);
  }

  /**
   * The fastest way to sum products on this CPU. All ways give the same sums; one that does not, by a fault of the
   * browser, is left out.
   */
  #chooseLinear(): KernelExports[LinearName] {
    const safe: KernelExports[LinearName] = this.#kernels.linearOneByOne;
    const others: LinearName[] =
      this.#layout.weightSteps < 32 ? ['linearInPairs', 'linearByDotProduct'] : ['linearByDotProduct'];
    const { x, output } = this.#buffers;
    const { hidden } = this.#layout;
    const matrix = (this.#weights.layers[0] as Layer).q;
    const numbers = TRIAL_ROWS * hidden;
    const values = Float32Array.from({ length: numbers }, (_, index) => Math.sin(index));
    this.#memory.floats(x, numbers).set(values);
    this.#quantize(this.#kernels.quantizeRows, x, TRIAL_ROWS, hidden);
    const time = (multiply: KernelExports[LinearName]): number => {
      const start = performance.now();
      for (let trial = 0; trial < TRIALS; trial++) this.#multiply(matrix, output, TRIAL_ROWS, multiply);
      return performance.now() - start;
    };
    // The first call compiles; the second is the measured one.
    time(safe);
    let best = { multiply: safe, ms: time(safe) };
    const truth = this.#memory.floats(output, numbers).slice();
    for (const name of others) {
      const multiply = this.#kernels[name];
      time(multiply);
      const ms = time(multiply);
      const isExact = this.#memory.floats(output, numbers).every((y, index) => y === truth[index]);
      if (isExact && ms < best.ms) best = { multiply, ms };
    }
    return best.multiply;
  }
}

function reserveBuffers(
  memory: KernelMemory,
  { hidden, intermediate, positions }: KernelsLayout,
  activationBytes: number,
) {
  const rows = positions + SPARE_ROWS;
  const floats = (count: number): Address => memory.reserve(count * 4);
  const feedForward = (FEED_FORWARD_ROWS + SPARE_ROWS) * intermediate;
  return {
    ids: floats(rows),
    x: floats(rows * hidden),
    quantized: memory.reserve(Math.max(rows * hidden, feedForward) * activationBytes),
    rowScales: floats(rows),
    rowShifts: floats(rows),
    q: floats(rows * hidden),
    k: floats(rows * hidden),
    v: floats(rows * hidden),
    mixed: floats(rows * hidden),
    output: floats(rows * hidden),
    attention: floats(ATTENTION_ROWS * (rows + SPARE_ROWS)),
    intermediate: floats(feedForward),
    kept: memory.reserve(rows * hidden * 2),
    keptScales: floats(rows),
    queryMean: floats(hidden),
    documentMean: floats(hidden),
  };
}
