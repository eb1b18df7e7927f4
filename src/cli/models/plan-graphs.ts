import type { Device, Dtype } from '../../shared/types.ts';
import { readCount, type JsonObject } from './json.ts';
import type { OfferedFile, ModelSource } from './source.ts';

/** A graph of the source with the weight files beside it that bear its name. */
export interface OfferedGraph {
  readonly dtype: Dtype;
  readonly path: string;
  readonly weights: readonly string[];
  /** Of the graph and these weights. */
  readonly bytes: number;
}

/** A graph that will be fetched, and where it will run. */
export interface PlannedGraph extends OfferedGraph {
  readonly devices: readonly Device[];
}

/** More than a browser gives one buffer, and than protobuf gives one message. */
const MOST_FILE_BYTES = 2 ** 31 - 1;

/** A graph of fp32 or fp16 is no default beyond this: a reader would wait for minutes. */
const LARGE_BYTES = 400e6;

/** File names of a dtype's graph, as transformers.js, then as sentence-transformers names them. */
const STEMS: Readonly<Record<Dtype, readonly string[]>> = {
  fp32: ['model'],
  fp16: ['model_fp16'],
  q8: [
    'model_quantized',
    'model_int8',
    'model_uint8',
    // Unsigned weights do not overflow on processors without VNNI, as WASM may run on.
    'model_quint8_avx2',
    'model_qint8_avx512_vnni',
    'model_qint8_avx512',
    'model_qint8_arm64',
  ],
  q4: ['model_q4'],
};

/** Int8 weights as a graph of floats, which WebGPU can run: the layout of this project's own models. */
const DEQUANTIZED_STEM = 'model_dequantized';

/** What a source offers, and what was passed over. */
export interface OfferedGraphs {
  readonly byDtype: ReadonlyMap<Dtype, OfferedGraph>;
  readonly dequantized: OfferedGraph | undefined;
  /** One sentence for each graph that a browser cannot hold, or whose weights are missing. */
  readonly unusable: readonly string[];
}

/** Finds the graphs of each dtype, in `onnx/` or at the source's root. */
export function listGraphs({ files }: ModelSource, config: JsonObject): OfferedGraphs {
  const byDtype = new Map<Dtype, OfferedGraph>();
  const unusable: string[] = [];
  const least = leastWeightBytes(config);
  for (const [dtype, stems] of Object.entries(STEMS) as [Dtype, readonly string[]][]) {
    for (const graph of findGraphs(files, dtype, stems)) {
      const problem = findProblem(graph, files, least);
      if (problem !== undefined) unusable.push(problem);
      else if (!byDtype.has(dtype)) byDtype.set(dtype, graph);
    }
  }
  const [dequantized] = findGraphs(files, 'q8', [DEQUANTIZED_STEM]);
  return { byDtype, dequantized, unusable };
}

/**
 * Chooses the graphs to fetch, the preferred one of each device first.
 *
 * Without a wish: for WASM the first of q8, fp32, q4 and fp16; for WebGPU int8 weights as floats where
 * there are such, else fp16, else q4, else fp32. q4 goes before what is larger than 400 MB. A dynamic
 * int8 graph is never for WebGPU, which runs its operators on the CPU.
 *
 * @param wanted Dtypes in the order of preference. Default: the choice above.
 * @returns At least one graph, or why there is none.
 */
export function planGraphs(
  { byDtype, dequantized, unusable }: OfferedGraphs,
  wanted?: readonly Dtype[],
): PlannedGraph[] | { readonly refused: string } {
  if (byDtype.size === 0) {
    return {
      refused:
        unusable.length > 0
          ? `None of its ONNX graphs can be used. ${unusable.join(' ')}`
          : 'It has no ONNX graph (onnx/model.onnx, onnx/model_quantized.onnx, …). Export one with optimum-cli export onnx --task text-classification, and add the folder.',
    };
  }
  const missing = wanted?.filter((dtype) => !byDtype.has(dtype)) ?? [];
  if (missing.length > 0) {
    return {
      refused:
        `It has no graph with ${missing.join(' or ')}; it has ${[...byDtype.keys()].join(', ')}. ${unusable.join(' ')}`.trim(),
    };
  }
  const choices = wanted ? placeWanted(wanted) : placeBest(byDtype);
  const planned = new Map<Dtype, PlannedGraph>();
  for (const [dtype, device] of choices) {
    const graph = byDtype.get(dtype);
    const devices = planned.get(dtype)?.devices ?? [];
    if (graph) planned.set(dtype, { ...graph, devices: [...devices, device] });
  }
  const graphs = [...planned.values()];
  if (!dequantized || !planned.has('q8')) return graphs;
  // Its weights are the q8 graph's own: WebGPU needs no other.
  const others = wanted
    ? graphs
    : graphs
        .map((graph) => ({ ...graph, devices: graph.devices.filter((name) => name === 'wasm') }))
        .filter(({ devices }) => devices.length > 0);
  return [...others, { ...dequantized, devices: ['webgpu'] }];
}

/** WASM and WebGPU for each, but int8 for WASM and fp16 for WebGPU, where WASM has another. */
function placeWanted(wanted: readonly Dtype[]): [Dtype, Device][] {
  const onlyFp16 = wanted.every((dtype) => dtype === 'fp16');
  return wanted.flatMap((dtype): [Dtype, Device][] => {
    const places: [Dtype, Device][] = [];
    if (dtype !== 'fp16' || onlyFp16) places.push([dtype, 'wasm']);
    if (dtype !== 'q8') places.push([dtype, 'webgpu']);
    return places;
  });
}

function placeBest(byDtype: ReadonlyMap<Dtype, OfferedGraph>): [Dtype, Device][] {
  const pick = (order: readonly Dtype[]): Dtype | undefined => {
    const offered = order.filter((dtype) => byDtype.has(dtype));
    const handy = offered.filter((dtype) => (byDtype.get(dtype)?.bytes ?? 0) <= LARGE_BYTES);
    return (
      handy[0] ??
      offered.toSorted((a, b) => (byDtype.get(a)?.bytes ?? 0) - (byDtype.get(b)?.bytes ?? 0))[0]
    );
  };
  const wasm = pick(['q8', 'fp32', 'q4', 'fp16']);
  const webgpu = pick(['fp16', 'q4', 'fp32']);
  return [
    ...(webgpu ? ([[webgpu, 'webgpu']] as [Dtype, Device][]) : []),
    ...(wasm ? ([[wasm, 'wasm']] as [Dtype, Device][]) : []),
  ];
}

function findGraphs(
  files: ReadonlyMap<string, OfferedFile>,
  dtype: Dtype,
  stems: readonly string[],
): OfferedGraph[] {
  return stems
    .flatMap((stem) => [`onnx/${stem}.onnx`, `${stem}.onnx`])
    .filter((path) => files.has(path))
    .map((path) => {
      const weights = [...files.keys()]
        .filter((file) => file.startsWith(`${path}_data`) || file.startsWith(`${path}.data`))
        .toSorted();
      const bytes = [path, ...weights].reduce(
        (sum, file) => sum + (files.get(file)?.bytes ?? 0),
        0,
      );
      return { dtype, path, weights, bytes };
    });
}

/** Fewer bytes than this cannot hold the model's vocabulary, even with 4 bits a weight. */
function leastWeightBytes(config: JsonObject): number {
  const words = readCount(config.vocab_size, 1) ?? 0;
  const width =
    readCount(config.embedding_size, 1) ?? readCount(config.hidden_size ?? config.dim, 1) ?? 0;
  return words * width * 0.4;
}

function findProblem(
  graph: OfferedGraph,
  files: ReadonlyMap<string, OfferedFile>,
  leastBytes: number,
): string | undefined {
  const large = [graph.path, ...graph.weights].find(
    (path) => (files.get(path)?.bytes ?? 0) > MOST_FILE_BYTES,
  );
  if (large !== undefined) {
    const gigabytes = ((files.get(large)?.bytes ?? 0) / 1e9).toFixed(1);
    return `${large} has ${gigabytes} GB; a browser holds 2 GB in one piece.`;
  }
  const folder = graph.path.slice(0, graph.path.lastIndexOf('/') + 1);
  const hasData = [...files.keys()].some(
    (path) => path.startsWith(folder) && /\.onnx[._]data/.test(path),
  );
  if (graph.bytes < leastBytes && !hasData) {
    return `${graph.path} has ${graph.bytes} bytes, less than its vocabulary alone: its external weights (${graph.path}_data) are missing.`;
  }
  return undefined;
}
