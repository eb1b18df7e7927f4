import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileFacts, Manifest } from '../../worker/model/manifest.ts';
import { readGraphFile, type GraphFacts } from './graph-file.ts';
import type { InspectedModel } from './inspect-model.ts';
import { settleHead } from './labels.ts';
import type { ModelSource } from './source.ts';

/** A graph with its weights, on disk. */
export interface FetchedGraph {
  /** Path below the folder: `onnx/…`. */
  readonly graph: string;
  readonly weights: readonly string[];
  readonly files: Readonly<Record<string, FileFacts>>;
  readonly facts: GraphFacts;
  /** The model's labels, as its files and this graph agree on them. */
  readonly head: Manifest['head'];
}

/** The inputs that the engine can fill. */
const KNOWN_INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'];

/**
 * Fetches a graph, looks what it is, and only then fetches the weights that it names.
 *
 * @param path Of the graph in the source.
 * @param onBytes Called with a file's name, its bytes so far and all of its bytes.
 * @throws Error where the graph cannot be run here, or a file that it names is missing.
 */
export async function fetchGraph(
  source: ModelSource,
  path: string,
  folder: string,
  model: Pick<InspectedModel, 'head' | 'template' | 'config'>,
  onBytes: (file: string, bytes: number, totalBytes: number) => void,
): Promise<FetchedGraph> {
  const files: Record<string, FileFacts> = {};
  const fetchFile = async (from: string): Promise<string> => {
    // Wherever the source keeps it: transformers.js looks in `onnx/`.
    const to = `onnx/${basename(from)}`;
    const target = join(folder, to);
    await mkdir(dirname(target), { recursive: true });
    const totalBytes = source.files.get(from)?.bytes ?? 0;
    files[to] = await source.copyTo(from, target, (bytes) => onBytes(to, bytes, totalBytes));
    return to;
  };

  const graph = await fetchFile(path);
  const facts = await readGraphFile(join(folder, graph));
  const head = settleHead(model.head, model.config, facts.outputs[0]?.shape.at(-1));
  requireRunnable(path, facts, { ...model, head });
  const besides = path.slice(0, path.lastIndexOf('/') + 1);
  const named = facts.externalFiles.map((name) => `${besides}${name.replace(/^\.\//, '')}`);
  const missing = named.filter((name) => !source.files.has(name) || basename(name) === '');
  if (missing.length > 0) {
    throw new Error(
      `${path} keeps its weights in ${missing.join(', ')}, which ${source.name} does not have beside it.`,
    );
  }
  const weights: string[] = [];
  for (const name of named) weights.push(await fetchFile(name));
  return { graph, weights, files, facts, head };
}

function requireRunnable(
  path: string,
  { inputs, outputs }: GraphFacts,
  { head, template, config }: Pick<InspectedModel, 'head' | 'template' | 'config'>,
): void {
  const unknown = inputs.filter((name) => !KNOWN_INPUTS.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `${path} wants ${unknown.join(', ')}, which this library does not give; it gives ${KNOWN_INPUTS.join(', ')}.`,
    );
  }
  if (
    inputs.includes('token_type_ids') &&
    template.documentType === 0 &&
    config.type_vocab_size !== 0
  ) {
    throw new Error(
      `${path} wants token_type_ids, but its tokenizer gives query and document the same type, which this library does not do.`,
    );
  }
  const [output] = outputs;
  const { labels } = head;
  const width = output?.shape.at(-1);
  const isVector = output?.shape.length !== 2 && output?.shape.length !== 0;
  if (isVector || (width !== undefined && width !== labels.length)) {
    const shape = output?.shape.map((size) => size ?? '?').join(' × ') ?? '';
    throw new Error(
      `The first output of ${path}, "${output?.name ?? ''}" (${shape}), is not one score for each of ${labels.length} labels: it was exported for another task. Export it with --task text-classification.`,
    );
  }
}
