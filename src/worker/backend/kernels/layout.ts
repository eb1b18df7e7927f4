import { RerankError } from '../../../shared/errors.ts';

/** The format that this version reads. */
const LAYOUT_FORMAT = 1;

/** Greatest integer that a weight may be: more would not fit the 7 bits of the relaxed dot product. */
const MOST_WEIGHT_STEPS = 63;

/** Width of an attention head that the kernels are written for. */
export const HEAD_WIDTH = 32;

/** What warm-up and trial need. */
const LEAST_POSITIONS = 64;

/** Kept states have one character for a token as their key; above it, two tokens could make one character. */
const MOST_WORDS = 0xd800;

/** Byte offset in the weights file. */
export type Offset = number;

/** An int8 matrix [inputs, outputs] with an fp32 scale and an fp32 bias for each output. */
export interface LinearOffsets {
  readonly values: Offset;
  readonly scales: Offset;
  readonly bias: Offset;
}

export interface NormOffsets {
  readonly weight: Offset;
  readonly bias: Offset;
}

/** An int8 table [rows, hidden] with an fp32 scale for each row. */
export interface TableOffsets {
  readonly values: Offset;
  readonly scales: Offset;
}

export interface LayerOffsets {
  readonly q: LinearOffsets;
  readonly k: LinearOffsets;
  readonly v: LinearOffsets;
  readonly o: LinearOffsets;
  readonly up: LinearOffsets;
  readonly down: LinearOffsets;
  readonly attentionNorm: NormOffsets;
  readonly outputNorm: NormOffsets;
}

/** `kernels.json`: the sizes of a split cross-encoder, and where its tensors are in the weights file. */
export interface KernelsLayout {
  readonly formatVersion: typeof LAYOUT_FORMAT;
  readonly hidden: number;
  readonly heads: number;
  readonly intermediate: number;
  readonly vocabulary: number;
  readonly positions: number;
  /** The greatest absolute integer of all matrices. */
  readonly weightSteps: number;
  readonly words: TableOffsets;
  readonly positionRows: TableOffsets;
  readonly segment: Offset;
  readonly norm: NormOffsets;
  readonly layers: readonly LayerOffsets[];
  /** Added to attention scores between query and document, for each of the last, joint layers. */
  readonly cross: readonly number[];
  readonly cosineScale: number;
  readonly head: { readonly weight: Offset; readonly bias: number };
}

/**
 * Checks what came as `kernels.json` against the size of the weights.
 *
 * @throws RerankError `model-integrity` naming what is wrong.
 */
export function parseLayout(value: unknown, weightBytes: number): KernelsLayout {
  const layout = value as KernelsLayout;
  const problem = findProblem(layout, weightBytes);
  if (problem === undefined) return layout;
  throw new RerankError('model-integrity', `The model's kernels.json is not usable: ${problem}.`, {
    problem,
  });
}

function findProblem(layout: Partial<KernelsLayout> | null, weightBytes: number): string | undefined {
  if (typeof layout !== 'object' || layout === null) return 'it is no object';
  if (layout.formatVersion !== LAYOUT_FORMAT) {
    return `formatVersion must be ${LAYOUT_FORMAT}, but is ${String(layout.formatVersion)}`;
  }
  const { hidden = 0, heads = 0, intermediate = 0, weightSteps = 0, layers = [], cross = [] } = layout;
  if (hidden !== heads * HEAD_WIDTH) return `hidden must be heads × ${HEAD_WIDTH}`;
  if (!(intermediate > 0 && intermediate % 8 === 0)) return 'intermediate must be a multiple of 8';
  const { positions = 0, vocabulary = 0 } = layout;
  if (!(Number.isInteger(positions) && positions >= LEAST_POSITIONS)) {
    return `positions must be ${LEAST_POSITIONS} or more`;
  }
  if (!(Number.isInteger(vocabulary) && vocabulary > 0 && vocabulary <= MOST_WORDS)) {
    return `vocabulary must be 1 to ${MOST_WORDS}`;
  }
  if (!(weightSteps > 0 && weightSteps <= MOST_WEIGHT_STEPS)) {
    return `weightSteps must be 1 to ${MOST_WEIGHT_STEPS}`;
  }
  if (!(cross.length > 0 && cross.length <= layers.length)) return 'cross must name the joint layers';
  let tensors: TensorPlace[];
  try {
    tensors = listTensors(layout as KernelsLayout);
  } catch {
    return 'the place of a tensor is missing';
  }
  const outside = tensors.find(
    ({ offset, bytes }) => !(offset >= 0 && offset % 4 === 0 && offset + bytes <= weightBytes),
  );
  return outside && `${outside.name} is not in the weights file`;
}

/** One tensor in the weights file. */
interface TensorPlace {
  readonly name: string;
  readonly offset: Offset;
  readonly bytes: number;
}

function listTensors(layout: KernelsLayout): TensorPlace[] {
  const { hidden, intermediate } = layout;
  const row = hidden * 4;
  const linear = (name: string, at: LinearOffsets, inputs: number, outputs: number): TensorPlace[] => [
    { name: `${name}.values`, offset: at.values, bytes: inputs * outputs },
    { name: `${name}.scales`, offset: at.scales, bytes: outputs * 4 },
    { name: `${name}.bias`, offset: at.bias, bytes: outputs * 4 },
  ];
  const norm = (name: string, at: NormOffsets): TensorPlace[] => [
    { name: `${name}.weight`, offset: at.weight, bytes: row },
    { name: `${name}.bias`, offset: at.bias, bytes: row },
  ];
  const table = (name: string, at: TableOffsets, rows: number): TensorPlace[] => [
    { name: `${name}.values`, offset: at.values, bytes: rows * hidden },
    { name: `${name}.scales`, offset: at.scales, bytes: rows * 4 },
  ];
  return [
    ...table('words', layout.words, layout.vocabulary),
    ...table('positionRows', layout.positionRows, layout.positions),
    { name: 'segment', offset: layout.segment, bytes: row },
    ...norm('norm', layout.norm),
    ...layout.layers.flatMap((layer, index) => [
      ...(['q', 'k', 'v', 'o'] as const).flatMap((name) =>
        linear(`layers[${index}].${name}`, layer[name], hidden, hidden),
      ),
      ...linear(`layers[${index}].up`, layer.up, hidden, intermediate),
      ...linear(`layers[${index}].down`, layer.down, intermediate, hidden),
      ...norm(`layers[${index}].attentionNorm`, layer.attentionNorm),
      ...norm(`layers[${index}].outputNorm`, layer.outputNorm),
    ]),
    { name: 'head.weight', offset: layout.head.weight, bytes: row },
  ];
}
