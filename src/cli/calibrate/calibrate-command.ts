import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRerankerOver } from '../../client/reranker.ts';
import { calibrate, type JudgedPair } from '../../evaluate/calibrate.ts';
import type { CalibrationQuality } from '../../evaluate/calibration-quality.ts';
import type { CalibrationMethod } from '../../evaluate/fit-calibration.ts';
import { DEFAULT_MODEL } from '../../shared/defaults.ts';
import type { Dtype } from '../../shared/types.ts';
import { parseManifest } from '../../worker/model/manifest.ts';
import { UsageError, type Command } from '../command.ts';
import { parseFile } from '../eval/input-files.ts';
import { openNodeEngine } from '../node-engine.ts';
import { readCount } from '../read-flags.ts';
import { formatReport } from './format-report.ts';
import { readJudgments, scoreJudgments, type JudgmentOptions } from './score-judgments.ts';
import { computeBaseRevision, removeCalibration, writeCalibration } from './write-calibration.ts';

/** `rerank-results calibrate`. */
export const calibrateCommand: Command = {
  usage: `Usage: rerank-results calibrate --data DIR [options]

Fits a curve from the model's scores to probabilities on judged pairs, and writes it as calibration.json into
the model's folder. From then on relevanceScore is a probability on every page that serves that folder.

  --data DIR             a collection: corpus.jsonl, queries.jsonl, qrels/test.tsv
  --qrels FILE           judgments, in BEIR's or TREC's form; default: DIR/qrels/test.tsv
  --model ID             default ${DEFAULT_MODEL}
  --models DIR           the folder with model folders that your site serves; default public/models
  --method METHOD        platt or isotonic; default: platt below 1000 judged pairs, else the better one
  --relevance-level N    least grade that counts as relevant; default 1
  --unjudged-irrelevant N  take what is not judged among the first N of the run as irrelevant
  --run FILE             the run for that; default: the only file in DIR/runs/*.trec
  --folds N              parts for cross-validation; default 5
  --seed N               which queries share a part; default 1
  --dtype DTYPE          default: the first in the manifest; take what your readers get
  --max-tokens N         most tokens in a pair; take what your page sets
  --threads N            default 1
  --dry-run              report, but write nothing
  --remove               take the model's calibration away; needs no --data
`,
  async run(args) {
    const { values: flags } = parseArgs({ args, options });
    const folder = join(flags.models, flags.model);
    if (!existsSync(folder)) {
      throw new UsageError(
        `There is no folder ${folder}. "rerank-results copy public" puts the package's models there; --models names another place.`,
      );
    }
    if (flags.remove) {
      const revision = await removeCalibration(folder);
      process.stdout.write(`${folder} is not calibrated any more; its revision is ${revision}.\n`);
      return undefined;
    }
    if (flags.data === undefined) throw new UsageError('--data is missing.');
    await calibrateModel(flags.data, folder, {
      qrelsFile: flags.qrels,
      method: readMethod(flags.method),
      relevanceLevel: readCount('relevance-level', flags['relevance-level']) ?? 1,
      unjudgedDepth: readCount('unjudged-irrelevant', flags['unjudged-irrelevant']),
      runFile: flags.run,
      folds: readCount('folds', flags.folds, 2) ?? 5,
      seed: readCount('seed', flags.seed, 0) ?? 1,
      dtype: flags.dtype as Dtype | 'auto',
      maxTokens: readCount('max-tokens', flags['max-tokens'], 16),
      threads: readCount('threads', flags.threads),
      isDry: flags['dry-run'],
    });
    return undefined;
  },
};

const options = {
  data: { type: 'string' },
  qrels: { type: 'string' },
  model: { type: 'string', default: DEFAULT_MODEL },
  models: { type: 'string', default: 'public/models' },
  method: { type: 'string' },
  'relevance-level': { type: 'string' },
  'unjudged-irrelevant': { type: 'string' },
  run: { type: 'string' },
  folds: { type: 'string' },
  seed: { type: 'string' },
  dtype: { type: 'string', default: 'auto' },
  'max-tokens': { type: 'string' },
  threads: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  remove: { type: 'boolean', default: false },
} as const;

interface CalibrateOptions extends JudgmentOptions {
  readonly method: CalibrationMethod | undefined;
  readonly relevanceLevel: number;
  readonly folds: number;
  readonly seed: number;
  readonly dtype: Dtype | 'auto';
  readonly maxTokens: number | undefined;
  readonly threads: number | undefined;
  readonly isDry: boolean;
}

async function calibrateModel(
  data: string,
  folder: string,
  settings: CalibrateOptions,
): Promise<void> {
  const { relevanceLevel, folds, seed } = settings;
  const qrels = await readJudgments(data, settings);
  const engine = await openNodeEngine({
    folder,
    dtype: settings.dtype,
    maxTokens: settings.maxTokens,
    threads: settings.threads,
  });
  const { dtype, maxTokens } = engine.model;
  let pairs: JudgedPair[];
  try {
    pairs = await scoreJudgments(data, qrels, relevanceLevel, createRerankerOver(engine));
  } finally {
    await engine.dispose();
  }
  const fitted = calibrate(pairs, { method: settings.method, folds, seed });
  process.stdout.write(formatReport(fitted, folds));
  if (settings.isDry) return;

  const manifestFile = join(folder, 'manifest.json');
  const manifest = await parseFile(manifestFile, (text) =>
    parseManifest(JSON.parse(text) as unknown, manifestFile, basename(folder)),
  );
  const revision = await writeCalibration(folder, fitted.calibration, {
    fittedOn: { model: manifest.id, revision: computeBaseRevision(manifest), dtype, maxTokens },
    date: new Date().toISOString().slice(0, 10),
    queries: fitted.queries,
    pairs: fitted.pairs,
    relevantPairs: fitted.relevantPairs,
    relevanceLevel,
    unjudgedIrrelevantDepth: settings.unjudgedDepth ?? 0,
    crossValidation: {
      folds,
      seed,
      before: toNumbers(fitted.before),
      after: toNumbers(fitted.after),
      withoutScores: toNumbers(fitted.withoutScores),
    },
  });
  process.stdout.write(
    `\nWrote ${join(folder, 'calibration.json')}; the model's revision is now ${revision}.\n`,
  );
}

function readMethod(text: string | undefined): CalibrationMethod | undefined {
  if (text === undefined || text === 'platt' || text === 'isotonic') return text;
  throw new UsageError(`--method must be platt or isotonic, but is "${text}".`);
}

function toNumbers({ logLoss, brier, expectedCalibrationError }: CalibrationQuality): object {
  const round = (value: number): number => Number(value.toFixed(5));
  return {
    logLoss: round(logLoss),
    brier: round(brier),
    expectedCalibrationError: round(expectedCalibrationError),
  };
}
