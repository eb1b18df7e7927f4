import type { MeanInterval } from '../../evaluate/paired-comparison.ts';
import { formatInterval, formatSigned } from '../../evaluate/verdict.ts';
import type { QueryReport, SettingReport } from './report.ts';

/** What was measured, a line for each model and one for what ran it. */
export function describeSetting({ model, runtime, blend }: SettingReport): string[] {
  return [
    ...(model.tiers ?? [model]).map(describeModel),
    blend.weight === 0
      ? 'the model alone decides the order'
      : `the first stage's ${blend.prior} counts with weight ${blend.weight}`,
    describeRuntime(model, runtime),
    ...(runtime.fallbackReason === undefined
      ? []
      : [
          `Slower than it could be: ${runtime.fallbackReason}. npm install --save-dev onnxruntime-node`,
        ]),
    ...(model.fallbackReason === undefined ? [] : [`Passed over: ${model.fallbackReason}`]),
  ];
}

type ReportedModel = NonNullable<SettingReport['model']['tiers']>[number];

function describeModel({
  id,
  revision,
  engine,
  dtype,
  maxTokens,
  scoresBySimilarity,
}: Omit<ReportedModel, 'calibration'>): string {
  if (engine === 'service') return `${id}, a service`;
  if (engine === 'language-model') return 'the language model of the browser, list-wise';
  const by = scoresBySimilarity ? ', by late interaction' : '';
  return `${id} (revision ${revision}), ${dtype}, at most ${maxTokens} tokens${by}`;
}

function describeRuntime(
  { device, threads }: SettingReport['model'],
  { name, library }: SettingReport['runtime'],
): string {
  if (device === 'server') return library;
  if (device === 'browser') return `${library}, where the browser runs it`;
  const on = name === 'node' ? 'Node' : 'the browser';
  const cpu = `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return `${library} in ${on}, ${device === 'webgpu' ? 'WebGPU' : cpu}`;
}

/** Below this many queries an interval says nothing. */
const LEAST_QUERIES = 5;

/** The same for a part of the queries, of which there may be too few for an interval. */
export function formatFewInterval(interval: MeanInterval, queries: number): string {
  return queries < LEAST_QUERIES
    ? `${formatSigned(interval.mean)} (too few)`
    : formatInterval(interval);
}

/** The queries that lost most, worst first; those that lost nothing are never among them. */
export function chooseLosers(queries: readonly QueryReport[], most: number): QueryReport[] {
  return queries
    .filter(({ difference }) => difference < 0)
    .sort((a, b) => a.difference - b.difference)
    .slice(0, most);
}
