import { describe, expect, it } from 'vitest';
import type { EvalQuery } from 'rerank-results/evaluate';
import { describeDownload } from '../../demo/lab/describe-download.ts';
import { findDataFolder, isCollectionFile, openFolder } from '../../demo/lab/folder-files.ts';
import { readLabState, writeLabState } from '../../demo/lab/lab-state.ts';
import { averageCurves, measureQuery } from '../../demo/lab/measure-query.ts';
import { readFolder } from '../../demo/lab/read-folder.ts';

/** A query whose candidates are `d1`, `d2` … and whose relevant one stands at a place. */
function makeQuery(count: number, relevantPlace: number): EvalQuery {
  const ids = Array.from({ length: count }, (_, index) => `d${index + 1}`);
  return {
    queryId: 'q',
    text: 'a query',
    fields: {},
    judgments: new Map([[`d${relevantPlace}`, 1]]),
    ranking: ids,
    candidates: ids.map((id, index) => ({
      id,
      score: count - index,
      document: { title: id, text: id },
    })),
  };
}

/** Scores where one place has the best. */
const bestAt = (count: number, place: number) => ({
  logits: Array.from({ length: count }, (_, index) => (index + 1 === place ? 5 : -index)),
  unknownLanguage: [],
});

describe('the curve of a query', () => {
  it('rises where the depth takes in the relevant document, and not before', () => {
    const { curve, rankings } = measureQuery(makeQuery(30, 14), bestAt(30, 14), {
      candidates: 30,
      priorWeight: 0.2,
    });
    expect(curve.map(({ depth, pairs, model }) => [depth, pairs, model])).toEqual([
      [0, 0, 0],
      [5, 5, 0],
      [10, 10, 0],
      [20, 20, 1],
      [30, 30, 1],
    ]);
    expect(rankings.model[0]).toBe('d14');
    expect(rankings.firstStage[0]).toBe('d1');
  });

  it('ends at the measured order, begins at the first stage, and reads no more than was found', () => {
    const { curve, metrics } = measureQuery(makeQuery(8, 3), bestAt(8, 5), {
      candidates: 50,
      priorWeight: 0.5,
    });
    const main = metrics.get('nDCG@10');
    expect(curve.at(0)).toMatchObject({ model: main?.firstStage, reranked: main?.firstStage });
    expect(curve.at(-1)).toEqual({
      depth: 50,
      pairs: 8,
      model: main?.model,
      reranked: main?.reranked,
    });
    expect(main?.oracle).toBe(1);
    expect(main?.model).toBeLessThan(main?.firstStage ?? 0);
  });

  it('is averaged point by point over queries', () => {
    const curveOf = (place: number) =>
      measureQuery(makeQuery(10, place), bestAt(10, place), { candidates: 10, priorWeight: 0 })
        .curve;
    const mean = averageCurves([curveOf(1), curveOf(10)]);
    expect(mean.map(({ depth }) => depth)).toEqual([0, 5, 10]);
    expect(mean.map(({ model }) => model)).toEqual([
      (1 + 1 / Math.log2(11)) / 2,
      (1 + 1 / Math.log2(11)) / 2,
      1,
    ]);
  });
});

describe('a link to the lab', () => {
  it('carries what differs from the defaults, and nothing else', () => {
    expect(writeLabState(readLabState(''))).toBe('');
    const link = '?queries=3&candidates=5&priorWeight=0&keep=10';
    expect(writeLabState(readLabState(link))).toBe(link);
  });

  it('gets defaults for what is wrong', () => {
    const wrong = '?set=web&queries=0&candidates=1.5&model=x&device=npu&priorWeight=2&keep=7';
    expect(readLabState(wrong)).toEqual(readLabState(''));
  });

  it('is told what it downloads', () => {
    const state = readLabState('?device=wasm&keep=10');
    expect(describeDownload(state, true)).toContain(
      'minilm-l6-split 11 MB, gte-small-split 18 MB, and the manual 7.5 MB, once.',
    );
    expect(describeDownload(readLabState('?set=folder'), true)).toMatch(
      /minilm-l6-split 11 MB, once\. Where it runs on a GPU, that takes 17 or 27 MB more\.$/,
    );
  });
});

const FOLDER = {
  'my-search/queries.jsonl':
    '{"_id":"q1","text":"renew a loan"}\r\n{"_id":"q2","text":"opening hours"}\n{"_id":"q3","text":"zzzz"}',
  'my-search/corpus.jsonl': [
    { _id: 'a', title: 'Opening hours', text: 'The library is open from nine to five.' },
    { _id: 'b', title: 'Loans', text: 'You can renew a loan twice.' },
    { _id: 'c', title: 'Rooms', text: 'A room is booked for two hours.' },
  ]
    .map((record) => JSON.stringify(record))
    .join('\n'),
  'my-search/qrels/test.tsv': 'query-id\tcorpus-id\tscore\nq1\tb\t1\nq2\ta\t2\nq3\tc\t1\n',
};

const asFiles = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).map(([path, text]) => ({ path, file: new File([text], path) }));

describe('a folder that is given to the page', () => {
  const size = { queries: 10, candidates: 10 };

  it('is searched by BM25 where it has no run, and queries that find nothing are left out', async () => {
    const set = await readFolder(asFiles(FOLDER), size);
    expect(set).toMatchObject({ name: 'my-search', judgedQueries: 3, unfoundQueries: 1 });
    expect(set.firstStage).toContain('BM25');
    expect(set.queries.map(({ queryId }) => queryId)).toEqual(['q1', 'q2']);
    const [first] = set.queries;
    expect(first?.ranking[0]).toBe('b');
    expect(first?.candidates[0]?.document).toEqual({
      title: 'Loans',
      text: 'You can renew a loan twice.',
    });
    expect(first?.judgments).toEqual(new Map([['b', 1]]));
  });

  it('gives the run that is in it', async () => {
    const run = 'q1 Q0 c 1 2 mine\nq1 Q0 b 2 1 mine\n';
    const set = await readFolder(asFiles({ ...FOLDER, 'my-search/runs/mine.trec': run }), size);
    expect(set.firstStage).toBe('my-search/runs/mine.trec');
    expect(set.queries.map(({ ranking }) => ranking)).toEqual([['c', 'b']]);
  });

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      'a line that is no JSON',
      { 'my-search/corpus.jsonl': '{"_id":"a","text":"x"}\n{"_id"' },
      /Line 2 of the my-search\/corpus\.jsonl must be a JSON object/,
    ],
    [
      'qrels without a header',
      { 'my-search/qrels/test.tsv': 'q1\tb\n' },
      /my-search\/qrels\/test\.tsv: Line 1 of the qrels must have four fields/,
    ],
    [
      'a run that names a document that is not there',
      { 'my-search/runs/r.trec': 'q1 Q0 nowhere 1 2 r\n' },
      /my-search\/corpus\.jsonl lacks the document nowhere that my-search\/runs\/r\.trec has for query q1/,
    ],
    [
      'judgments of other queries',
      { 'my-search/qrels/test.tsv': 'query-id\tcorpus-id\tscore\nx\tb\t1\n' },
      /No query of my-search\/queries\.jsonl has judgments in my-search\/qrels\/test\.tsv/,
    ],
    [
      'two runs',
      { 'my-search/runs/a.trec': '', 'my-search/runs/b.trec': '' },
      /my-search\/runs holds 2 \*\.trec files: the page reads the only one, or test\.trec\. a\.trec, b\.trec/,
    ],
    [
      'an id that comes twice',
      { 'my-search/queries.jsonl': '{"_id":"q1","text":"x"}\n{"_id":"q1","text":"y"}' },
      /Line 2 of the my-search\/queries\.jsonl repeats the id q1/,
    ],
  ])('is refused in words for %s', async (_what, files, words) => {
    await expect(readFolder(asFiles({ ...FOLDER, ...files }), size)).rejects.toThrow(words);
  });

  it('is refused in words where a file is missing', async () => {
    const { 'my-search/corpus.jsonl': _, ...others } = FOLDER;
    await expect(readFolder(asFiles(others), size)).rejects.toThrow(
      'There is no file my-search/corpus.jsonl.',
    );
    const { 'my-search/qrels/test.tsv': __, ...more } = FOLDER;
    await expect(readFolder(asFiles(more), size)).rejects.toThrow(
      /my-search\/qrels holds no \*\.tsv files/,
    );
  });

  it('is found below another, or where its files were dropped without it', () => {
    expect(findDataFolder(['x/deep/sets/mine/queries.jsonl', 'x/mine/corpus.jsonl'])).toBe(
      'x/mine',
    );
    expect(findDataFolder(['corpus.jsonl', 'qrels/test.tsv'])).toBe('');
    expect(findDataFolder(['mine/qrels/test.tsv'])).toBe('mine');
    expect(
      ['a/corpus.jsonl', 'qrels/x.tsv', 'a/notes.txt', 'a/mycorpus.jsonl'].map(isCollectionFile),
    ).toEqual([true, true, false, false]);
  });

  it('is read line by line, whatever ends a line', async () => {
    const file = new File(['one\r\n', '\n  \nfo', 'ur\nfive'], 'x');
    const lines: object[] = [];
    for await (const line of openFolder([{ path: 'x', file }]).readLines('x')) lines.push(line);
    expect(lines).toEqual([
      { number: 1, content: 'one' },
      { number: 4, content: 'four' },
      { number: 5, content: 'five' },
    ]);
  });
});
