import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readCollection, type EvalQuery } from '../../evaluate/collection.ts';
import { formatRun, toRun } from '../../evaluate/trec.ts';
import { rankQueries } from './analyse.ts';
import type { Command } from '../command.ts';
import {
  EVAL_USAGE,
  parseEvalOptions,
  type EvalOptions,
  type EvalSetting,
} from './eval-options.ts';
import { formatText } from './format-text.ts';
import { describeMiss } from './gates.ts';
import { formatHtml } from './html/format-html.ts';
import { NODE_FILES } from './input-files.ts';
import { makeReport } from './make-report.ts';
import { ProgressDisplay } from './progress-display.ts';
import { requireFinished } from './progress-file.ts';
import type { EvalReport } from './report.ts';
import { dependsOnList } from './reranker-choice.ts';
import { requireModel, scoreQueries, type ScoredSetting } from './score-queries.ts';

/** Exit status of a process that Ctrl+C ended, as shells have it. */
const INTERRUPTED = 130;

/** `rerank-results eval`. */
export const evalCommand: Command = {
  usage: EVAL_USAGE,
  async run(args) {
    const options = parseEvalOptions(args);
    const interrupt = new AbortController();
    const stop = (): void => interrupt.abort();
    // A second Ctrl+C ends the process at once.
    process.once('SIGINT', stop);
    try {
      return await evaluate(options, interrupt.signal);
    } catch (error) {
      if (!interrupt.signal.aborted) throw error;
      const advice = options.out === undefined ? '' : ' Go on with --resume.';
      process.stderr.write(`\nInterrupted.${advice}\n`);
      return INTERRUPTED;
    } finally {
      process.off('SIGINT', stop);
    }
  },
};

/** Files in `--out` that keep what is done, of the setting and of the one that it is compared with. */
const PROGRESS_FILES = { setting: 'progress.jsonl', versus: 'progress-vs.jsonl' } as const;

async function evaluate(options: EvalOptions, signal: AbortSignal): Promise<number> {
  const { setting, versus, out } = options;
  if (out !== undefined && !options.resume) {
    // Both before either is begun: hours of work may be in one.
    for (const file of Object.values(PROGRESS_FILES)) requireFinished(join(out, file));
  }
  // Before the first setting is scored, which may take hours.
  if (versus) await requireModel(versus.setting);
  const collection = await readCollection(NODE_FILES, {
    ...options,
    depth: Math.max(setting.depth, versus?.setting.depth ?? 0),
  });
  const { queries } = collection;
  const score = (one: EvalSetting, file: string, label: string): Promise<ScoredSetting> =>
    scoreQueries({
      setting: one,
      queries,
      options,
      progressFile: out === undefined ? undefined : join(out, file),
      display: new ProgressDisplay(process.stderr, label),
      signal,
    });
  const scored = await score(setting, PROGRESS_FILES.setting, '');
  const other =
    versus && hasSameAnswers(setting, versus.setting)
      ? { ...scored, setting: versus.setting }
      : versus && (await score(versus.setting, PROGRESS_FILES.versus, `${versus.text}: `));

  const report = makeReport(collection, scored, other, options);
  if (out !== undefined) writeOutputs(out, report, queries, scored);
  process.stdout.write(options.json ? `${formatJson(report)}\n` : formatText(report));
  if (out !== undefined && !options.json) {
    process.stdout.write(`\n${join(out, 'report.html')} shows it, with every query.\n`);
  }
  const missed = report.gates.filter(({ passed }) => !passed);
  for (const gate of missed) process.stderr.write(`${describeMiss(gate)}\n`);
  return missed.length > 0 ? 1 : 0;
}

/** Whether two settings differ only in how their orders are made from the same logits. */
function hasSameAnswers(one: EvalSetting, other: EvalSetting): boolean {
  if (dependsOnList(one.reranker)) return isDeepStrictEqual(one, other);
  return isDeepStrictEqual({ ...one, prior: other.prior, weight: other.weight }, other);
}

function writeOutputs(
  folder: string,
  report: EvalReport,
  queries: readonly EvalQuery[],
  scored: ScoredSetting,
): void {
  mkdirSync(folder, { recursive: true });
  const rankings = rankQueries(queries, scored).map(
    (ranked) => [ranked.query.queryId, ranked.rankings.reranked] as const,
  );
  const tag = `rerank-${report.setting.model.id.replace(/\s+/g, '-')}`;
  writeFileSync(join(folder, 'report.json'), `${formatJson(report)}\n`);
  writeFileSync(join(folder, 'report.html'), formatHtml(report));
  writeFileSync(join(folder, 'reranked.trec'), formatRun(toRun(new Map(rankings)), tag));
}

function formatJson(report: EvalReport): string {
  return JSON.stringify(report, undefined, 2);
}
