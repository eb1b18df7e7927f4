import { expect, it } from 'vitest';
import {
  comparePaired,
  judgeComparison,
  orderCandidates,
  readCollection,
  type CollectionFiles,
} from '../../src/evaluate/index.ts';

const texts = new Map([
  ['set/queries.jsonl', '{"_id":"q1","text":"first"}\n{"_id":"q2","text":"second"}'],
  ['set/corpus.jsonl', '{"_id":"a","title":"A","text":"x"}\n\n{"_id":"b","text":"y"}'],
  ['set/qrels/test.tsv', 'query-id\tcorpus-id\tscore\nq2\ta\t1\nq3\ta\t1\n'],
  ['set/runs/mine.trec', 'q1 Q0 a 1 2 s\nq2 Q0 b 1 9 s\nq2 Q0 a 2 8 s\nq2 Q0 c 3 7 s\n'],
]);

/** Files in memory, as a page or a database could have them. */
const files: CollectionFiles = {
  list: (folder) =>
    Promise.resolve(
      [...texts.keys()]
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1)),
    ),
  readText: (path) => Promise.resolve(texts.get(path) ?? ''),
  // eslint-disable-next-line @typescript-eslint/require-await -- A port over files that are slow elsewhere.
  async *readLines(path) {
    for (const [index, content] of (texts.get(path) ?? '').split('\n').entries()) {
      if (content !== '') yield { number: index + 1, content };
    }
  },
  adviseChoice: (kind) => `choose a ${kind}`,
};

it('reads a collection from wherever its files are', async () => {
  const collection = await readCollection(files, { data: 'set', depth: 2 });
  expect(collection).toEqual({
    data: 'set',
    runFile: 'set/runs/mine.trec',
    qrelsFile: 'set/qrels/test.tsv',
    judgedQueries: 1,
    missingQueries: 1,
    queries: [
      {
        queryId: 'q2',
        text: 'second',
        fields: { _id: 'q2', text: 'second' },
        judgments: new Map([['a', 1]]),
        ranking: ['b', 'a', 'c'],
        candidates: [
          { id: 'b', score: 9, document: { title: '', text: 'y' } },
          { id: 'a', score: 8, document: { title: 'A', text: 'x' } },
        ],
      },
    ],
  });
});

it('says what to choose where a collection has no run, and which document is missing', async () => {
  await expect(readCollection(files, { data: 'other', depth: 2 })).rejects.toMatchObject({
    code: 'invalid-input',
    message: 'other/qrels holds no *.tsv files: choose a qrels.',
  });
  await expect(readCollection(files, { data: 'set', depth: 3 })).rejects.toThrow(
    'set/corpus.jsonl lacks the document c that set/runs/mine.trec has for query q2.',
  );
});

it('orders the first candidates by their logits, and by the first stage as far as it counts', () => {
  const candidates = [{ score: 0 }, { score: 0 }, { score: 0 }, { score: 0 }];
  const scores = { logits: [-1, 1, 0, 9], unknownLanguage: [] };
  const order = (depth: number, weight: number) =>
    orderCandidates(candidates, scores, { depth, prior: 'rank', weight });
  expect(order(4, 0)).toEqual([3, 1, 2, 0]);
  expect(order(3, 0)).toEqual([1, 2, 0]);
  expect(order(3, 1)).toEqual([0, 1, 2]);
  expect(
    orderCandidates(
      candidates,
      { ...scores, unknownLanguage: [0] },
      {
        depth: 4,
        prior: 'rank',
        weight: 0,
      },
    ),
  ).toEqual([0, 3, 1, 2]);
});

it('calls a difference clear only where its interval is on one side of 0', () => {
  const judge = (...differences: number[]) =>
    judgeComparison(
      comparePaired(
        differences.map(() => 0),
        differences,
      ),
      { queries: differences.length, truncatedShare: 0 },
    );
  expect(judge(0.1, 0.2, 0.3)).toMatchObject({ kind: 'better' });
  expect(judge(-0.1, -0.2, -0.3).text).toMatch(
    /^This model makes this search worse: nDCG@10 −0\.2000/,
  );
  expect(judge(-0.3, 0.3)).toEqual({
    kind: 'unclear',
    text: 'No clear difference on these queries: nDCG@10 +0.0000, 95 % interval −0.3000 to +0.3000.',
    notes: ['Only 2 queries: with fewer than 30 the intervals are rough.'],
  });
});
