/** A byte address in a kernel's memory. */
export type Address = number;

type Linear = (
  x: Address,
  scales: Address,
  shifts: Address,
  weights: Address,
  weightScales: Address,
  bias: Address,
  y: Address,
  rows: number,
  inputs: number,
  outputs: number,
) => void;

type Quantize = (
  x: Address,
  quantized: Address,
  scales: Address,
  shifts: Address,
  rows: number,
  width: number,
  zeroPoint: number,
) => void;

/** What `kernels/` exports; the functions are described there. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly activationBytes: () => number;
  readonly packWeights: (
    weights: Address,
    packed: Address,
    inputs: number,
    outputs: number,
    zeroPoint: number,
  ) => void;
  readonly quantizeRows: Quantize;
  readonly quantizeGelu: Quantize;
  readonly linearInPairs: Linear;
  readonly linearOneByOne: Linear;
  readonly linearByDotProduct: Linear;
  readonly attend: (
    q: Address,
    k: Address,
    v: Address,
    mixed: Address,
    scratch: Address,
    tokens: number,
    split: number,
    cross: number,
    heads: number,
  ) => void;
  readonly layerNorm: (
    x: Address,
    added: Address,
    weight: Address,
    bias: Address,
    rows: number,
    width: number,
    epsilon: number,
  ) => void;
  readonly embed: (
    ids: Address,
    tokens: number,
    words: Address,
    wordScales: Address,
    positions: Address,
    positionScales: Address,
    segment: Address,
    x: Address,
    width: number,
  ) => void;
  readonly storeStates: (x: Address, kept: Address, scales: Address, rows: number, width: number) => void;
  readonly loadStates: (kept: Address, scales: Address, x: Address, rows: number, width: number) => void;
  readonly maxSimilarity: (
    query: Address,
    queryTokens: number,
    document: Address,
    documentTokens: number,
    lengths: Address,
    width: number,
  ) => number;
  readonly meanRow: (x: Address, rows: number, mean: Address, width: number) => void;
  readonly dot: (a: Address, b: Address, width: number) => number;
}

/** How the products of `linear` are summed: all give the same sums, and a CPU is fastest at one. */
export type LinearName = 'linearInPairs' | 'linearOneByOne' | 'linearByDotProduct';
