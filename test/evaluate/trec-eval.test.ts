/**
 * Compares every metric with the output of NIST's trec_eval, query by query. The files are others' and
 * not in this repository: `RERANK_RESULTS_IR` names a folder with `metric-golden/trec_eval/` (the tests of
 * trec_eval's own repository) and collections with `runs/*.trec` and `runs/*.trec_eval.txt`.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { measureRanking, type NamedMetric } from '../../src/evaluate/metric-names.ts';
import { orderByScore, type Qrels, type Run } from '../../src/evaluate/metrics.ts';
import { parseQrels, parseRun } from '../../src/evaluate/trec.ts';

interface Comparison {
  readonly name: string;
  readonly run: string;
  readonly qrels: string;
  /** What trec_eval printed. */
  readonly output: string;
  readonly relevanceLevel: number;
  /** trec_eval's `-M`: places that are read. */
  readonly places?: number;
}

const folder = process.env.RERANK_RESULTS_IR;

describe('trec_eval', () => {
  if (folder === undefined) {
    it.skip('is compared where RERANK_RESULTS_IR names a folder with its files', () => undefined);
    return;
  }
  it.each(listComparisons(folder))(
    'gives the same values to 4 decimals: $name',
    ({ run: runFile, qrels: qrelsFile, output, relevanceLevel, places }) => {
      const run = parseRun(readFileSync(runFile, 'utf8'));
      const qrels = parseQrels(readFileSync(qrelsFile, 'utf8'));
      const lines = readFileSync(output, 'utf8').split('\n');
      let compared = 0;
      for (const line of lines) {
        const [measure = '', queryId = '', value = ''] = line.trim().split(/\s+/);
        const known = readMeasure(measure);
        if (!known || queryId === 'all') continue;
        const level = known.relevanceLevel ?? relevanceLevel;
        const ours = measureQuery(known.metric, { run, qrels, queryId, level, places });
        // trec_eval prints four decimals.
        expect(Math.abs(ours - Number(value)), `${measure} of ${queryId}`).toBeLessThan(0.5001e-4);
        compared += 1;
      }
      expect(compared).toBeGreaterThan(10);
    },
  );
});

function measureQuery(
  metric: NamedMetric,
  {
    run,
    qrels,
    queryId,
    level,
    places,
  }: {
    run: Run;
    qrels: Qrels;
    queryId: string;
    level: number;
    places: number | undefined;
  },
): number {
  const ranking = orderByScore(run.get(queryId) ?? new Map<string, number>());
  return measureRanking(metric, ranking.slice(0, places), qrels.get(queryId) ?? new Map(), level);
}

/** trec_eval's name as ours; undefined for a measure that we do not have. */
function readMeasure(name: string): { metric: NamedMetric; relevanceLevel?: number } | undefined {
  const atTen = /^recip_rank_M10_l(\d)$/.exec(name);
  if (atTen) return { metric: { measure: 'mrr', cutoff: 10 }, relevanceLevel: Number(atTen[1]) };
  if (name === 'map' || name === 'recip_rank') {
    return { metric: { measure: name === 'map' ? 'map' : 'mrr' } };
  }
  const [, measure = '', cutoff] = /^(P|recall|map_cut|ndcg_cut)_(\d+)$/.exec(name) ?? [];
  const names = { P: 'precision', recall: 'recall', map_cut: 'map', ndcg_cut: 'ndcg' } as const;
  if (!Object.hasOwn(names, measure)) return undefined;
  return { metric: { measure: names[measure as keyof typeof names], cutoff: Number(cutoff) } };
}

function listComparisons(root: string): Comparison[] {
  const own = join(root, 'metric-golden', 'trec_eval');
  const inOwn = (
    output: string,
    run: string,
    qrels: string,
    rest: { relevanceLevel: number; places?: number },
  ): Comparison => ({
    name: output,
    run: join(own, run),
    qrels: join(own, qrels),
    output: join(own, output),
    ...rest,
  });
  const collections = readdirSync(root).filter((name) => existsSync(join(root, name, 'runs')));
  return [
    inOwn('out.test.aq', 'results.test', 'qrels.test', { relevanceLevel: 1 }),
    inOwn('out.test.aql', 'results.test', 'qrels.rel_level', { relevanceLevel: 2 }),
    inOwn('out.test.aqc', 'results.trunc', 'qrels.test', { relevanceLevel: 1 }),
    inOwn('out.test.aqcM', 'results.trunc', 'qrels.test', { relevanceLevel: 1, places: 100 }),
    inOwn('out.test.meas_params', 'results.test', 'qrels.test', { relevanceLevel: 1 }),
    ...collections.flatMap((collection) =>
      readdirSync(join(root, collection, 'runs'))
        .filter((file) => file.endsWith('.trec_eval.txt'))
        .map((file) => ({
          name: `${collection}/${file}`,
          run: join(root, collection, 'runs', file.replace('.trec_eval.txt', '.trec')),
          qrels: join(root, collection, 'qrels', 'test.trec'),
          output: join(root, collection, 'runs', file),
          relevanceLevel: 1,
        })),
    ),
  ];
}
