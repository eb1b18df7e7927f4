import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvalQuery } from '../../evaluate/collection.ts';
import { RerankError } from '../../shared/errors.ts';
import { parseManifest } from '../../worker/model/manifest.ts';
import { chooseVariants } from '../../worker/open-engine.ts';
import { fingerprintQueries } from './fingerprint-queries.ts';
import { listModels, type EvalOptions, type EvalSetting } from './eval-options.ts';
import { openSubject } from './open-subject.ts';
import type { ProgressDisplay } from './progress-display.ts';
import {
  readProgress,
  requireSameKey,
  startProgress,
  type Progress,
  type ProgressKey,
  type SubjectFacts,
} from './progress-file.ts';
import { dependsOnList } from './reranker-choice.ts';
import { buildRequest, type Answer, type EvalRequest, type Subject } from './subject.ts';

/** A setting with what it answered to each query. */
export interface ScoredSetting {
  readonly setting: EvalSetting;
  readonly facts: SubjectFacts;
  /** By query id, one for each query. */
  readonly answers: ReadonlyMap<string, Answer>;
}

export interface ScoreOptions {
  readonly setting: EvalSetting;
  readonly queries: readonly EvalQuery[];
  readonly options: Pick<EvalOptions, 'browser' | 'browserArguments' | 'resume'>;
  /** Where answers are kept as they come. */
  readonly progressFile: string | undefined;
  readonly display: ProgressDisplay;
  readonly signal: AbortSignal;
}

/**
 * Reranks every query under one setting. What a progress file holds already is not done again, and where
 * it holds everything, no model is opened.
 *
 * @throws RerankError `invalid-input` where there is no such model, or the progress file is of other
 * settings; else what the reranker throws.
 */
export async function scoreQueries(job: ScoreOptions): Promise<ScoredSetting> {
  const { setting, queries, options, progressFile, display, signal } = job;
  const key = await describeJob(setting, queries);
  const earlier = readEarlier(progressFile, key, options.resume);
  const answers = new Map(earlier?.answers);
  const isLeft = ({ queryId }: EvalQuery): boolean => !answers.has(queryId);
  if (earlier && answers.size > 0) {
    display.say(`Resumed: ${answers.size} of ${queries.length} queries are done.`);
    if (!queries.some(isLeft)) return { setting, facts: earlier.facts, answers };
  }

  const subject = await openSubject(setting, options);
  try {
    const facts = { model: subject.model, runtime: subject.runtime };
    const total = queries.length;
    if (earlier && progressFile !== undefined) {
      requireSameKey(progressFile, describeFacts(earlier.facts), describeFacts(facts));
    }
    const writer =
      progressFile === undefined
        ? undefined
        : startProgress(progressFile, { key, total, facts, answers });
    try {
      const countPairs = ({ candidates }: EvalQuery): number =>
        Math.min(setting.depth, candidates.length);
      let leftPairs = queries.filter(isLeft).reduce((pairs, query) => pairs + countPairs(query), 0);
      display.start();
      for (const query of queries.filter(isLeft)) {
        const candidates = query.candidates.slice(0, setting.depth);
        const { prior, weight } = setting;
        const blend = dependsOnList(setting.reranker) ? { prior, weight } : undefined;
        const request = buildRequest(query, candidates, setting, blend);
        const answer = await rerankQuery(subject, query, request, signal);
        answers.set(query.queryId, answer);
        writer?.add(query.queryId, answer);
        leftPairs -= candidates.length;
        display.update(answers.size, total, candidates.length, leftPairs);
      }
    } finally {
      writer?.close();
    }
    return { setting, facts, answers };
  } finally {
    await subject.dispose();
  }
}

/**
 * Requires that a setting's models are there and have weights for its device and dtype. Nothing is loaded.
 *
 * @throws RerankError `invalid-input` naming what there is; `model-integrity` for a manifest that cannot be used.
 */
export async function requireModel(setting: EvalSetting): Promise<void> {
  for (const model of listModels(setting)) {
    const path = join(setting.models, model, 'manifest.json');
    const manifest = parseManifest(await readManifest(setting.models, model), path, model);
    // Node runs what WASM gets.
    const device = setting.runtime === 'node' ? 'wasm' : setting.device;
    chooseVariants(manifest, { device, dtype: setting.dtype });
  }
}

async function rerankQuery(
  subject: Subject,
  query: EvalQuery,
  request: EvalRequest,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    return await subject.rerank(request, signal);
  } catch (error) {
    if (!(error instanceof RerankError) || error.code === 'aborted') throw error;
    throw new RerankError(error.code, `Query ${query.queryId}: ${error.message}`, error.details);
  }
}

/** Answers of the same settings that are there, where a run is resumed. */
function readEarlier(
  file: string | undefined,
  key: ProgressKey,
  resume: boolean,
): Progress | undefined {
  if (file === undefined || !resume) return undefined;
  const progress = readProgress(file);
  if (progress) requireSameKey(file, progress.key, key);
  return progress;
}

async function describeJob(
  setting: EvalSetting,
  queries: readonly EvalQuery[],
): Promise<ProgressKey> {
  return {
    queries: queries.length,
    'queries, candidates and their texts': fingerprintQueries(queries, setting.depth).slice(0, 16),
    ...(await describeReranker(setting)),
    runtime: setting.runtime,
    device: setting.device,
    dtype: setting.dtype,
    depth: setting.depth,
    'max tokens': setting.maxTokens ?? null,
    'long documents': setting.longDocuments,
    'max passages': setting.maxPassages ?? null,
    threads: setting.threads ?? null,
  };
}

async function describeReranker(setting: EvalSetting): Promise<ProgressKey> {
  const { reranker, models, prior, weight } = setting;
  const names = listModels(setting);
  const revisions = await Promise.all(
    names.map(async (model) => String((await readManifest(models, model)).revision)),
  );
  return {
    ...(names.length > 0 && { model: names.join(' '), 'model revision': revisions.join(' ') }),
    ...(reranker.kind === 'service' && {
      service: `${reranker.api} at ${reranker.url}`,
      'service model': reranker.model ?? null,
      'service scores': reranker.scores ?? null,
    }),
    ...(reranker.kind === 'language-model' && { reranker: reranker.kind }),
    ...(reranker.kind === 'tiers' && { tiers: reranker.text }),
    ...(reranker.kind === 'model' && { 'late interaction': reranker.lateInteraction ?? null }),
    ...(dependsOnList(reranker) && { prior, 'prior weight': weight }),
  };
}

/** What was chosen where the settings say `auto`. */
function describeFacts({ model, runtime }: SubjectFacts): ProgressKey {
  const { device, dtype, maxTokens, threads } = model;
  return {
    'library or browser': runtime.library,
    'device in use': device,
    'dtype in use': dtype,
    'max tokens in use': maxTokens,
    'threads in use': threads,
  };
}

async function readManifest(
  models: string,
  model: string,
): Promise<{ readonly revision?: unknown }> {
  const folder = join(models, model);
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => undefined);
  if (text === undefined) {
    const known = await readdir(models).catch((): string[] => []);
    throw new RerankError(
      'invalid-input',
      `There is no model "${model}" in ${models}: no ${join(folder, 'manifest.json')}. It has: ${known.join(', ') || 'nothing'}.`,
      { model },
    );
  }
  try {
    return JSON.parse(text) as { revision?: unknown };
  } catch {
    throw new RerankError('model-integrity', `The manifest in ${folder} is no JSON.`, { folder });
  }
}
