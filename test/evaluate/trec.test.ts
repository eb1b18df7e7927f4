import { describe, expect, it } from 'vitest';
import { parseBeirQrels, parseBeirRecords } from '../../src/evaluate/beir.ts';
import { formatQrels, formatRun, parseQrels, parseRun, toRun } from '../../src/evaluate/trec.ts';

describe('parseRun', () => {
  it('reads fields split by any white space and skips comments and blank lines', () => {
    const text = '# note\n\n301\tQ0\tFR-1  7\t  2.5 STANDARD more words\r\n301 Q0 FR-2 1 -1e-3 x\n';
    expect(parseRun(text)).toEqual(
      new Map([
        [
          '301',
          new Map([
            ['FR-1', 2.5],
            ['FR-2', -0.001],
          ]),
        ],
      ]),
    );
  });

  it('reads what formatRun wrote', () => {
    const run = new Map([['q1', new Map([['a', 0.1 + 0.2], ['b', -3]])]]); // prettier-ignore
    expect(parseRun(formatRun(run, 'ours'))).toEqual(run);
  });
});

describe('formatRun', () => {
  it('writes each query best first with its rank, ties as trec_eval orders them', () => {
    const run = new Map([['q1', new Map([['a', 1], ['b', 1], ['c', 2]])]]); // prettier-ignore
    expect(formatRun(run, 'tag')).toBe('q1 Q0 c 1 2 tag\nq1 Q0 b 2 1 tag\nq1 Q0 a 3 1 tag\n');
  });

  it('keeps an order given as a ranking, although its ids would break ties otherwise', () => {
    const run = toRun(new Map([['q1', ['a', 'c', 'b']]]));
    expect(formatRun(run, 'tag')).toBe('q1 Q0 a 1 3 tag\nq1 Q0 c 2 2 tag\nq1 Q0 b 3 1 tag\n');
  });
});

describe('qrels', () => {
  const expected = new Map([
    ['q1', new Map([['d1', 2], ['d2', -1]])], // prettier-ignore
    ['q2', new Map([['d1', 0]])],
  ]);

  it('come in TREC form', () => {
    const text = 'q1 0 d1 2\nq1 0 d2 -1\nq2 0 d1 0\n';
    expect(parseQrels(text)).toEqual(expected);
    expect(formatQrels(parseQrels(text))).toBe(text);
  });

  it('come in BEIR form, below a header', () => {
    const text = 'query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t-1\nq2\td1\t0\n';
    expect(parseBeirQrels(text)).toEqual(expected);
  });
});

describe('parseBeirRecords', () => {
  it('reads a record a line; the title may be absent', () => {
    const text = '{"_id":"1","title":"T","text":"a"}\n{"_id":"2","text":"b","metadata":{}}\n';
    expect(parseBeirRecords(text)).toEqual([
      { id: '1', title: 'T', text: 'a' },
      { id: '2', title: '', text: 'b' },
    ]);
  });
});

describe('a line that cannot be read', () => {
  const header = 'query-id\tcorpus-id\tscore\n';
  it.each([
    ['a run with five fields', parseRun, 'q Q0 d 1 0.5 t\nq Q0 e 2 0.4', 2],
    ['a score in words', parseRun, '# c\n\nq Q0 d 1 high t', 3],
    ['an infinite score', parseRun, 'q Q0 d 1 Infinity t', 1],
    ['a document that comes twice', parseRun, 'q Q0 d 1 2 t\nq Q0 d 2 1 t', 2],
    ['qrels with three fields', parseQrels, 'q 0 d', 1],
    ['qrels with five fields', parseQrels, 'q 0 d 1 1', 1],
    ['a broken grade', parseQrels, 'q 0 d 1\nq 0 e 0.5', 2],
    ['a judgment that comes twice', parseQrels, 'q 0 d 1\nq 0 d 1', 2],
    ['BEIR qrels without a header', parseBeirQrels, 'q\td\t1', 1],
    ['BEIR qrels without a grade', parseBeirQrels, `${header}q\td`, 2],
    ['a record that is not JSON', parseBeirRecords, '{"_id":"1","text":"a"}\n{', 2],
    ['a record without an id', parseBeirRecords, '{"text":"a"}', 1],
    ['a record that is null', parseBeirRecords, 'null', 1],
  ])('is named: %s', (_name, parse, text, line) => {
    let thrown: unknown;
    try {
      parse(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: 'invalid-input',
      details: { line },
      message: expect.stringContaining(`Line ${line} `) as string,
    });
  });
});
