import { describeError } from '../../shared/errors.ts';
import type { Device, Dtype } from '../../shared/types.ts';
import type { Manifest, ReferencePair, Variant } from '../../worker/model/manifest.ts';
import type { NodeRuntime } from '../node-engine.ts';
import type { Dialogue } from './dialogue.ts';
import type { MeasuredGraph, ReferenceSource } from './build-manifest.ts';
import type { FetchedGraph } from './fetch-graphs.ts';
import { computesInt8 } from './graph-file.ts';
import type { InspectedModel } from './inspect-model.ts';
import {
  findOddOrder,
  greatestError,
  isBatchInvariant,
  measureGraph,
  readGaps,
  requireFullLength,
  tolerate,
  type Measured,
} from './measure-graphs.ts';
import type { PlannedGraph } from './plan-graphs.ts';
import { REFERENCE_TEXTS } from './reference-texts.ts';

/** The nearest to the original first. */
const EXACTNESS: readonly Dtype[] = ['fp32', 'fp16', 'q8', 'q4'];

/** Where the fp32 graph lies that is fetched for the known answers alone. */
export function referenceFolder(folder: string): string {
  return `${folder}.fp32`;
}

/** What {@link measureModel} works on. */
export interface UnmeasuredModel {
  readonly model: InspectedModel;
  /** The graphs of `model.graphs`, in their order. */
  readonly fetched: readonly FetchedGraph[];
  /** The fp32 graph in {@link referenceFolder}, where it was fetched for the known answers alone. */
  readonly original: FetchedGraph | undefined;
  readonly draft: Manifest;
  readonly runtime: NodeRuntime;
  readonly folder: string;
  readonly dialogue: Dialogue;
  /** Only says that scores look wrong, where it would else throw. */
  readonly force: boolean;
}

/** A graph on disk, and what it gave; nothing where this machine cannot run it. */
interface Candidate {
  readonly dtype: Dtype;
  readonly graph: FetchedGraph;
  readonly folder: string;
  readonly measured?: Measured;
}

/**
 * Computes known answers with the most exact graph, and how far each chosen graph is from them.
 *
 * @throws Error where a graph cannot be run, fails at the full length, or puts unrelated texts first.
 */
export async function measureModel(
  parts: UnmeasuredModel,
): Promise<{ graphs: MeasuredGraph[]; referencePairs: ReferencePair[]; source: ReferenceSource }> {
  const { model, fetched, original, draft, runtime, folder, dialogue } = parts;
  const chosen: (Candidate & Pick<MeasuredGraph, 'planned'>)[] = [];
  const apart = original && {
    dtype: 'fp32' as Dtype,
    graph: original,
    folder: referenceFolder(folder),
  };
  const onWasm = model.graphs.findIndex(({ devices }) => devices.includes('wasm'));
  const tried = apart ?? toCandidate(model.graphs[onWasm], fetched[onWasm], folder);
  // First, because a limit that is too high fails in each of the steps below, and less clearly.
  if (tried) await requireFullLength(toVariant(tried), draft, model.encoder, runtime, tried.folder);
  for (const [index, planned] of model.graphs.entries()) {
    const candidate = toCandidate(planned, fetched[index], folder);
    if (candidate)
      chosen.push({ planned, ...(await measureCandidate(candidate, planned.devices, parts)) });
  }
  const exact: Candidate | undefined = apart
    ? await measureCandidate(apart, ['wasm'], parts)
    : chosen.filter(({ measured }) => measured).toSorted(compareExactness)[0];
  if (!exact?.measured) throw new Error('No graph of the model can be run on this machine.');
  const { logits } = exact.measured;
  const referencePairs = REFERENCE_TEXTS.map((texts, index) => ({
    ...texts,
    logit: Number((logits[index] ?? Number.NaN).toFixed(5)),
  }));
  for (const { graph, measured } of chosen) {
    if (measured) dialogue.say(describeMeasured(graph.graph, measured, exact, logits));
  }
  return {
    referencePairs,
    graphs: chosen.map(({ planned, graph, measured }) => ({
      planned,
      fetched: graph,
      tolerance: tolerate(planned.dtype, measured?.logits ?? logits, referencePairs),
      batchInvariant: measured ? isBatchInvariant(measured) : !computesInt8(graph.facts),
    })),
    source: {
      graph: exact.graph.graph,
      dtype: exact.dtype,
      sha256: exact.graph.files[exact.graph.graph]?.sha256 ?? '',
      runtime: `${runtime.name} ${runtime.version}`,
    },
  };
}

/** Runs a graph and looks whether it puts answers first. */
async function measureCandidate(
  candidate: Candidate,
  devices: readonly Device[],
  { model, draft, runtime, dialogue, force }: UnmeasuredModel,
): Promise<Candidate> {
  const { graph } = candidate.graph;
  let measured: Measured;
  try {
    measured = await measureGraph(
      toVariant(candidate),
      draft,
      model.encoder,
      runtime,
      candidate.folder,
    );
  } catch (error) {
    const reason = `${graph} cannot be run here: ${describeError(error)}`;
    if (devices.includes('wasm')) throw new Error(reason, { cause: error });
    // A graph for WebGPU alone may have operators that the CPU has not.
    dialogue.say(`  ! ${reason}. Each reader’s browser checks it.`);
    return candidate;
  }
  const odd = findOddOrder(measured, graph, model.head.labels.length);
  if (odd !== undefined && !force) throw new Error(`${odd} To keep it all the same, add --force.`);
  if (odd !== undefined) dialogue.say(`  ! ${odd}`);
  return { ...candidate, measured };
}

function describeMeasured(
  graph: string,
  measured: Measured,
  exact: Candidate,
  logits: readonly number[],
): string {
  const error = greatestError(measured.logits, logits);
  const distance =
    graph === exact.graph.graph ? '' : `${error.toFixed(2)} logits at most from ${exact.dtype}; `;
  const gap = `answers ${readGaps(measured.logits).mean.toFixed(1)} above unrelated texts`;
  const batch = isBatchInvariant(measured)
    ? ''
    : `; moves by ${measured.batchChange.toFixed(2)} with its batch, so it runs one pair at a time`;
  return `  ${graph}: ${distance}${gap}${batch}`;
}

function toCandidate(
  planned: PlannedGraph | undefined,
  graph: FetchedGraph | undefined,
  folder: string,
): Candidate | undefined {
  return planned && graph && { dtype: planned.dtype, graph, folder };
}

/** As the runtime opens it; what the manifest will say of it is not known yet. */
function toVariant({ dtype, graph: { graph, weights } }: Candidate): Variant {
  return { dtype, device: 'wasm', graph, weights, tolerance: 0, batchInvariant: false };
}

/** By dtype; of one dtype, a graph that computes in floats is nearer to the original. */
function compareExactness(a: Candidate, b: Candidate): number {
  const rounding = ({ graph }: Candidate): number => Number(computesInt8(graph.facts));
  return EXACTNESS.indexOf(a.dtype) - EXACTNESS.indexOf(b.dtype) || rounding(a) - rounding(b);
}
