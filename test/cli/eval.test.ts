import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EvalReport } from '../../src/cli/eval/report.ts';
import { parseBeirQrels } from '../../src/evaluate/beir.ts';
import { evaluateRun, meanMetrics, type Metrics } from '../../src/evaluate/metrics.ts';
import { formatQrels, parseRun } from '../../src/evaluate/trec.ts';
import { overflowsInt8 } from '../native-int8.ts';
import { runCommand, type CommandEnd } from './run-command.ts';

const DATA = 'test/fixtures/tiny-beir';
const MODEL = ['--models', 'test/models', '--model', 'tiny-bert'];

const folder = mkdtempSync(join(tmpdir(), 'rerank-results-eval-'));
const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');
const readReport = (out: string): EvalReport => JSON.parse(read(out, 'report.json')) as EvalReport;
const runEval = (...parameters: string[]): Promise<CommandEnd> =>
  runCommand('eval', '--data', DATA, ...MODEL, ...parameters);

/** A report without what differs from run to run. */
function withoutTimes(report: EvalReport): object {
  const { madeAt: _madeAt, timing: _timing, ...rest } = report;
  return rest;
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('rerank-results eval', () => {
  const out = join(folder, 'whole');
  let end: CommandEnd;
  let report: EvalReport;

  beforeAll(async () => {
    end = await runEval('--depth', '5', '--segment', 'metadata.area', '--out', out);
    report = readReport(out);
  });

  it('succeeds and says what it measured', () => {
    expect(end).toMatchObject({ status: 0 });
    expect(end.stdout).toContain('tiny-bert (revision ');
    expect(end.stdout).toMatch(/onnxruntime-node [\d.]+ in Node/);
    expect(report.setting.model).toMatchObject({ id: 'tiny-bert', device: 'wasm', threads: 1 });
    expect(report.collection).toMatchObject({ queries: 6, judgedQueries: 6, missingQueries: 1 });
  });

  it('gives the metrics of the run that it read and of the run that it wrote', () => {
    const qrels = parseBeirQrels(read(DATA, 'qrels', 'test.tsv'));
    const means = (run: string): Metrics =>
      meanMetrics([...evaluateRun(parseRun(run), qrels).values()]);
    const [first, reranked] = [read(DATA, 'runs', 'first.trec'), read(out, 'reranked.trec')].map(
      means,
    );
    const names: Record<string, keyof Metrics> = {
      'nDCG@10': 'ndcg',
      'MRR@10': 'reciprocalRank',
      'recall@10': 'recall',
      'precision@10': 'precision',
      MAP: 'averagePrecision',
    };
    for (const [name, metric] of Object.entries(names)) {
      const row = report.metrics.find((each) => each.metric === name);
      expect(row?.firstStage, name).toBeCloseTo(first?.[metric] ?? Number.NaN, 12);
      expect(row?.reranked, name).toBeCloseTo(reranked?.[metric] ?? Number.NaN, 12);
      expect(row?.difference.mean, name).toBeCloseTo(
        (row?.reranked ?? 0) - (row?.firstStage ?? 0),
        12,
      );
    }
    expect(first?.ndcg).not.toBe(reranked?.ndcg);
  });

  it('leaves what is below the depth in its place', () => {
    // Query q1 has six candidates, of which five were reranked.
    const ids = [...(parseRun(read(out, 'reranked.trec')).get('q1')?.keys() ?? [])];
    expect(ids).toHaveLength(6);
    expect(ids.at(-1)).toBe('locks');
  });

  it('counts every query once among wins, ties and losses', () => {
    for (const { metric, wins, ties, losses } of report.metrics) {
      expect(wins + ties + losses, metric).toBe(6);
    }
    const { wins, losses } = report.metrics[0] ?? {};
    expect(report.queries.filter(({ difference }) => difference > 0)).toHaveLength(wins ?? -1);
    expect(report.queries.filter(({ difference }) => difference < 0)).toHaveLength(losses ?? -1);
  });

  it('ends the curve of depths at the depth, with the mean that it reports', () => {
    const last = report.depths.at(-1);
    expect(last?.depth).toBe(5);
    expect(last?.reranked).toBeCloseTo(report.metrics[0]?.reranked ?? Number.NaN, 12);
  });

  it('reports segments of the queries', () => {
    expect(report.segments?.rows.map(({ name, queries }) => [name, queries])).toEqual([
      ['speed', 3],
      ['(none)', 1],
      ['backup', 1],
      ['security', 1],
    ]);
  });

  it('says that few queries make rough intervals', () => {
    expect(end.stdout).toContain('Only 6 queries');
  });

  it('names the queries that lost most, worst first, and no winner', () => {
    const losers = end.stdout.split('Queries that lost most nDCG@10:')[1] ?? '';
    const expected = report.queries
      .filter(({ difference }) => difference < 0)
      .sort((a, b) => a.difference - b.difference)
      .map(({ queryId }) => queryId);
    expect([...losers.matchAll(/ (q\d) /g)].map(([, id]) => id)).toEqual(expected);
  });

  it('writes one HTML page without scripts, with all texts as texts', () => {
    const page = read(out, 'report.html');
    expect(page).toContain(
      '&#60;script&#62;alert(&#39;full text&#39;)&#60;/script&#62; &#38; more',
    );
    expect(page).not.toMatch(/<script|<link|src=|@import|url\(/i);
    expect(page.match(/<svg/g)).toHaveLength(3);
  });

  it('prints the report as data with --json, and nothing else', async () => {
    const { stdout } = await runEval('--depth', '5', '--segment', 'metadata.area', '--json');
    expect(withoutTimes(JSON.parse(stdout) as EvalReport)).toEqual(withoutTimes(report));
  });

  it('reads judgments in TREC’s form', async () => {
    const qrels = join(folder, 'qrels.txt');
    writeFileSync(qrels, formatQrels(parseBeirQrels(read(DATA, 'qrels', 'test.tsv'))));
    const { stdout } = await runEval('--depth', '5', '--qrels', qrels, '--json');
    expect((JSON.parse(stdout) as EvalReport).metrics).toEqual(report.metrics);
  });

  it('takes queries spread over the run with --limit', async () => {
    const { stdout } = await runEval('--limit', '3', '--json');
    const { queries, collection } = JSON.parse(stdout) as EvalReport;
    expect(queries.map(({ queryId }) => queryId)).toEqual(['q1', 'q3', 'q5']);
    expect(collection).toMatchObject({ queries: 3, judgedQueries: 6 });
  });

  it('says plainly that a model makes a search worse', async () => {
    const data = writePerfectSearch(join(folder, 'perfect'));
    const { stdout } = await runCommand('eval', '--data', data, ...MODEL);
    expect(stdout).toContain('This model makes this search worse: nDCG@10 −');
    expect(stdout).not.toContain('intervals are rough');
  });
});

describe('a gate', () => {
  it('that is reached leaves the exit status 0', async () => {
    const { status, stderr } = await runEval('--gate', 'recall@10=1', '--gate', 'mrr@10=0.1');
    expect(status).toBe(0);
    expect(stderr).not.toContain('Gate');
  });

  it('that is missed makes it 1, with a line for each', async () => {
    const gates = ['--gate', 'ndcg@10=0.99', '--gate', 'map=0.1', '--gate', 'precision@5=1'];
    const { status, stderr, stdout } = await runEval(...gates, '--json');
    expect(status).toBe(1);
    expect(stderr.match(/^Gate missed: .*$/gm)).toEqual([
      expect.stringMatching(/^Gate missed: nDCG@10 is 0\.\d{4}, below 0\.9900\.$/),
      expect.stringMatching(/^Gate missed: precision@5 is 0\.\d{4}, below 1\.0000\.$/),
    ]);
    const { gates: results } = JSON.parse(stdout) as EvalReport;
    expect(results.map(({ passed }) => passed)).toEqual([false, true, false]);
  });
});

describe('--resume', () => {
  const whole = join(folder, 'resume-whole');
  let lines: string[];

  beforeAll(async () => {
    await runEval('--out', whole);
    lines = read(whole, 'progress.jsonl').split('\n');
  });

  /** What a run leaves that was ended in the middle of writing its third query. */
  function writeStopped(name: string): string {
    const out = join(folder, name);
    mkdirSync(out);
    const [header = '', first = '', second = '', third = ''] = lines;
    writeFileSync(
      join(out, 'progress.jsonl'),
      [header, first, second, third.slice(0, 40)].join('\n'),
    );
    return out;
  }

  it('goes on where a run was stopped and ends with the same report', async () => {
    const out = writeStopped('stopped');
    const { status, stderr } = await runEval('--out', out, '--resume');
    expect(status).toBe(0);
    expect(stderr).toContain('Resumed: 2 of 6 queries are done.');
    expect(withoutTimes(readReport(out))).toEqual(withoutTimes(readReport(whole)));
    expect(read(out, 'progress.jsonl').split('\n').slice(0, 3)).toEqual(lines.slice(0, 3));
    expect(read(out, 'reranked.trec')).toBe(read(whole, 'reranked.trec'));
  });

  it('reads a whole run again without the model', async () => {
    const out = join(folder, 'again');
    cpSync(whole, out, { recursive: true });
    const { stdout, stderr } = await runEval('--out', out, '--resume', '--json');
    expect(stderr).toContain('6 of 6');
    // Even the times are those of the run that was kept.
    expect(JSON.parse(stdout)).toEqual({
      ...readReport(whole),
      madeAt: expect.any(String) as string,
    });
  });

  it.each([
    [['--depth', '4'], 'depth was 100 and is 4'],
    [['--dtype', 'q8'], 'dtype was auto and is q8'],
    [['--max-tokens', '32'], 'max tokens was not set and is 32'],
    [['--limit', '3'], 'queries was 6 and is 3'],
  ])('refuses another setting and says which: %s', async (change, message) => {
    const out = writeStopped(`changed${change.join('')}`);
    const { status, stderr } = await runEval('--out', out, '--resume', ...change);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });

  it('refuses another revision of the model', async () => {
    const models = join(folder, 'models');
    cpSync('test/models/tiny-bert', join(models, 'tiny-bert'), { recursive: true });
    const manifest = join(models, 'tiny-bert', 'manifest.json');
    writeFileSync(manifest, read(manifest).replace(/"revision": "\w+"/, '"revision": "newer"'));
    const out = writeStopped('other-revision');
    const { status, stderr } = await runEval('--models', models, '--out', out, '--resume');
    expect(status).toBe(1);
    expect(stderr).toMatch(/model revision was \w+ and is newer/);
  });

  it('is asked for before the answers of a stopped run are lost', async () => {
    const out = writeStopped('kept');
    const { status, stderr } = await runEval('--out', out);
    expect(status).toBe(1);
    expect(stderr).toContain('--resume');
    expect(read(out, 'progress.jsonl')).toContain('"queryId":"q2"');
  });

  it('keeps a whole run whose comparison was stopped', async () => {
    const out = writeStopped('stopped-versus');
    cpSync(join(out, 'progress.jsonl'), join(out, 'progress-vs.jsonl'));
    cpSync(join(whole, 'progress.jsonl'), join(out, 'progress.jsonl'));
    const { status, stderr } = await runEval('--out', out, '--vs', 'depth=4');
    expect(status).toBe(1);
    expect(stderr).toContain('progress-vs.jsonl holds 2 of 6 queries');
    expect(read(out, 'progress.jsonl')).toBe(read(whole, 'progress.jsonl'));
  });
});

describe('--vs', () => {
  // Skipped where this CPU's native int8 scores of the tiny model are wrong, and so refused.
  it.skipIf(overflowsInt8)('compares two settings on the same run', async () => {
    const out = join(folder, 'versus');
    const { status, stdout } = await runEval('--out', out, '--vs', 'dtype=q8,depth=3');
    expect(status).toBe(0);
    expect(stdout).toContain('Compared with dtype=q8,depth=3:');
    const { versus, setting, metrics, queries } = readReport(out);
    expect(setting).toMatchObject({ depth: 100, model: { dtype: 'fp32' } });
    expect(versus?.setting).toMatchObject({ depth: 3, model: { dtype: 'q8' } });
    expect(versus?.metrics[0]?.this).toBe(metrics[0]?.reranked);
    // Three of each of the six queries.
    expect(versus?.sharedPairs).toBe(3 * queries.length);
    expect(versus?.maxLogitDifference).toBeGreaterThan(0);
    expect(versus?.maxLogitDifference).toBeLessThan(0.2);
    expect(versus?.meanLogitDifference).toBeLessThan(versus?.maxLogitDifference ?? 0);
    expect(versus?.meanKendallTau).toBeGreaterThan(0.5);
  });

  it('scores nothing again where only the blend is another', async () => {
    const out = join(folder, 'versus-blend');
    const { status } = await runEval('--out', out, '--vs', 'prior-weight=1');
    expect(status).toBe(0);
    expect(existsSync(join(out, 'progress-vs.jsonl'))).toBe(false);
    const { versus, metrics } = readReport(out);
    expect(versus).toMatchObject({ maxLogitDifference: 0, meanLogitDifference: 0, timeRatio: 1 });
    expect(versus?.setting.blend.weight).toBe(1);
    expect(versus?.meanKendallTau).toBeLessThan(1);
    // With the first stage alone its own order stands.
    expect(versus?.metrics[0]?.other).toBe(metrics[0]?.firstStage);
  });

  it.each([
    ['dtype=fp16', /tiny-bert has nothing for device "wasm" with dtype "fp16".*wasm fp32/],
    ['model=nope', /There is no model "nope"/],
  ])('refuses %s before anything is scored', async (changes, message) => {
    const out = join(folder, 'versus-refused');
    const { status, stderr } = await runEval('--out', out, '--vs', changes);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(existsSync(join(out, 'progress.jsonl'))).toBe(false);
  });

  it('finds nothing where nothing was changed', async () => {
    const { stdout } = await runEval('--vs', 'depth=100', '--json');
    const { versus } = JSON.parse(stdout) as EvalReport;
    expect(versus).toMatchObject({
      maxLogitDifference: 0,
      meanLogitDifference: 0,
      meanKendallTau: 1,
    });
    for (const { difference, wins, losses } of versus?.metrics ?? []) {
      expect({ ...difference, wins, losses }).toEqual({
        mean: 0,
        low: 0,
        high: 0,
        wins: 0,
        losses: 0,
      });
    }
  });
});

describe('bad input', () => {
  /** The collection with one file changed. */
  function writeBroken(name: string, file: string, change: (text: string) => string): string {
    const data = join(folder, name);
    cpSync(DATA, data, { recursive: true });
    writeFileSync(join(data, file), change(read(DATA, file)));
    return data;
  }

  it.each([
    [
      'a corpus line that is not JSON',
      'corpus.jsonl',
      (text: string) => text.replace(/\n.*\n/, '\n{"_id": "log-slow", \n'),
      /Line 2 of the .*corpus\.jsonl must be a JSON object/,
    ],
    [
      'a document that the corpus lacks',
      'corpus.jsonl',
      (text: string) => text.replace('"roles"', '"rolls"'),
      /corpus\.jsonl lacks the document roles that .*first\.trec has for query q5/,
    ],
    [
      'a query without a text',
      'queries.jsonl',
      (text: string) => text.replace('"q4"', '"q44"'),
      /queries\.jsonl lacks the query q4/,
    ],
    [
      'a run of other queries',
      'runs/first.trec',
      (text: string) => text.replace(/^q/gm, 'other'),
      /No query of .*first\.trec has judgments in .*test\.tsv.*other1.*q1/s,
    ],
    [
      'candidates without any text',
      'corpus.jsonl',
      (text: string) => text.replaceAll(/"(title|text)": "[^"]*"/g, '"$1": ""'),
      /Query q1: None of the documents has a text/,
    ],
    [
      'a run line that is too short',
      'runs/first.trec',
      (text: string) => `${text}q6 Q0 roles\n`,
      /first\.trec: Line 30 of the run/,
    ],
    [
      'a second run',
      'runs/second.trec',
      undefined,
      /holds 2 \*\.trec files: name one with --run\. first\.trec, second\.trec/,
    ],
  ])('is named: %s', async (name, file, change, message) => {
    const data =
      change === undefined
        ? writeBroken(name, 'runs/first.trec', (text) => text)
        : writeBroken(name, file, change);
    if (change === undefined) cpSync(join(data, 'runs/first.trec'), join(data, file));
    const { status, stderr } = await runCommand('eval', '--data', data, ...MODEL);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });

  it.each([
    ['no folder', ['--data', 'test/no-such-folder'], 1, /no-such-folder/],
    [
      'no such model',
      ['--data', DATA, '--models', 'test/models', '--model', 'nope'],
      1,
      /tiny-bert/,
    ],
    ['wrong arguments', ['--data', DATA, '--depth', '0'], 2, /--depth must be .*Usage: /s],
  ])('is refused: %s', async (_name, parameters, status, message) => {
    const end = await runCommand('eval', ...parameters);
    expect(end.status).toBe(status);
    expect(end.stderr).toMatch(message);
  });
});

/** A search that always has the relevant document first, for enough queries to be sure. */
function writePerfectSearch(data: string): string {
  mkdirSync(join(data, 'qrels'), { recursive: true });
  mkdirSync(join(data, 'runs'));
  const queries = Array.from({ length: 40 }, (_, index) => index);
  const documents = queries.flatMap((query) => [0, 1, 2, 3].map((place) => [query, place]));
  const records = (ids: readonly string[]): string =>
    ids.map((id) => `${JSON.stringify({ _id: id, text: `words about ${id}` })}\n`).join('');
  writeFileSync(join(data, 'queries.jsonl'), records(queries.map((query) => `q${query}`)));
  writeFileSync(
    join(data, 'corpus.jsonl'),
    records(documents.map(([query, place]) => `d${query}-${place}`)),
  );
  writeFileSync(
    join(data, 'qrels', 'test.tsv'),
    `query-id\tcorpus-id\tscore\n${queries.map((query) => `q${query}\td${query}-0\t1\n`).join('')}`,
  );
  writeFileSync(
    join(data, 'runs', 'perfect.trec'),
    documents
      .map(
        ([query = 0, place = 0]) =>
          `q${query} Q0 d${query}-${place} ${place + 1} ${9 - place} perfect\n`,
      )
      .join(''),
  );
  return data;
}
