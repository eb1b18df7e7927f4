import type { Address, KernelExports } from './kernel-exports.ts';
import type { KernelMemory } from './kernel-memory.ts';
import type {
  KernelsLayout,
  LayerOffsets,
  LinearOffsets,
  NormOffsets,
  Offset,
  TableOffsets,
} from './layout.ts';

/** A matrix, packed for the kernels, with what scales its sums. */
export interface Linear {
  readonly weights: Address;
  readonly scales: Address;
  readonly bias: Address;
  readonly inputs: number;
  readonly outputs: number;
}

export interface Norm {
  readonly weight: Address;
  readonly bias: Address;
}

export interface Table {
  readonly values: Address;
  readonly scales: Address;
}

export type Layer = Readonly<
  Record<'q' | 'k' | 'v' | 'o' | 'up' | 'down', Linear> &
    Record<'attentionNorm' | 'outputNorm', Norm>
>;

/** A model's weights in the kernels' memory. */
export interface Weights {
  readonly words: Table;
  readonly positionRows: Table;
  readonly segment: Address;
  readonly norm: Norm;
  readonly layers: readonly Layer[];
  readonly head: Address;
  /** What was added to each weight, so that none is negative. */
  readonly zeroPoint: number;
}

/** Puts the weights file's tensors into the kernels' memory, matrices packed. */
export function loadWeights(
  kernels: KernelExports,
  memory: KernelMemory,
  layout: KernelsLayout,
  file: Uint8Array,
): Weights {
  const { hidden, heads, intermediate } = layout;
  const zeroPoint = layout.weightSteps < 32 ? 32 : 64;
  const unpacked = memory.reserve(hidden * Math.max(hidden, intermediate));
  const copy = (offset: Offset, bytes: number): Address =>
    memory.place(file.subarray(offset, offset + bytes));
  const copyRow = (offset: Offset): Address => copy(offset, hidden * 4);
  const norm = ({ weight, bias }: NormOffsets): Norm => ({
    weight: copyRow(weight),
    bias: copyRow(bias),
  });
  const table = ({ values, scales }: TableOffsets, rows: number): Table => ({
    values: copy(values, rows * hidden),
    scales: copy(scales, rows * 4),
  });
  const linear = (at: LinearOffsets, inputs: number, outputs: number, factor = 1): Linear => {
    const weights = memory.reserve(inputs * outputs);
    const scales = copy(at.scales, outputs * 4);
    const bias = copy(at.bias, outputs * 4);
    for (const start of [scales, bias]) {
      const numbers = memory.floats(start, outputs);
      if (factor !== 1) numbers.set(numbers.map((number) => number * factor));
    }
    memory
      .bytes(unpacked, inputs * outputs)
      .set(file.subarray(at.values, at.values + inputs * outputs));
    kernels.packWeights(unpacked, weights, inputs, outputs, zeroPoint);
    return { weights, scales, bias, inputs, outputs };
  };
  const layer = (at: LayerOffsets): Layer => ({
    // Attention divides its scores by the square root of a head's width: here once, in the queries.
    q: linear(at.q, hidden, hidden, Math.sqrt(heads / hidden)),
    k: linear(at.k, hidden, hidden),
    v: linear(at.v, hidden, hidden),
    o: linear(at.o, hidden, hidden),
    up: linear(at.up, hidden, intermediate),
    down: linear(at.down, intermediate, hidden),
    attentionNorm: norm(at.attentionNorm),
    outputNorm: norm(at.outputNorm),
  });
  return {
    words: table(layout.words, layout.vocabulary),
    positionRows: table(layout.positionRows, layout.positions),
    segment: copyRow(layout.segment),
    norm: norm(layout.norm),
    layers: layout.layers.map(layer),
    head: copyRow(layout.head.weight),
    zeroPoint,
  };
}
