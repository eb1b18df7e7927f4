import { create, insertMultiple, search as oramaSearch } from '@orama/orama';
import MiniSearch from 'minisearch';
import { describe, expect, it, vi } from 'vitest';
import { RerankError } from '../../src/shared/errors.ts';
import type { SearchFunction } from '../../src/sources/endpoint.ts';
import { fuseSources, type FuseOptions } from '../../src/sources/fuse-sources.ts';
import { searchMiniSearch } from '../../src/sources/minisearch.ts';
import { searchOrama } from '../../src/sources/orama.ts';
import { ANSWER_ID, QUESTION, RECORDS, find } from './corpus.ts';

/** A source that found these ids in this order, with scores where given. */
function found(ids: string, scores?: readonly number[], afterMs = 0): SearchFunction {
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    return Array.from(ids, (id, index) => ({ id, title: id, text: '', score: scores?.[index] }));
  };
}

const fuse = (sources: Record<string, SearchFunction>, options: FuseOptions = {}) =>
  find(fuseSources(sources, options), 'query', 100);
const idsOf = (results: readonly Record<string, unknown>[]) =>
  results.map(({ id }) => id as string).join('');

describe('reciprocal rank fusion', () => {
  it('sums 1 / (60 + rank) over the sources, and keeps both places', async () => {
    const results = await fuse({ keyword: found('abc'), vector: found('ca') });
    // By hand: a 1/61 + 1/62, c 1/63 + 1/61, b 1/62.
    expect(results.map(({ id, score, ranks }) => ({ id, score, ranks }))).toEqual([
      { id: 'a', score: expect.closeTo(0.0325225, 7) as number, ranks: { keyword: 1, vector: 2 } },
      { id: 'c', score: expect.closeTo(0.0322665, 7) as number, ranks: { keyword: 3, vector: 1 } },
      { id: 'b', score: expect.closeTo(0.016129, 7) as number, ranks: { keyword: 2 } },
    ]);
  });

  it('lets the first places stand out more with a smaller k', async () => {
    const sources = { keyword: found('abcd'), vector: found('dbca') };
    // a 1/(k+1) + 1/(k+4), b 2/(k+2): .032018 and .032258 with 60, 1.25 and 1 with 0.
    expect(idsOf(await fuse(sources))[0]).toBe('b');
    const [first] = await fuse(sources, { k: 0 });
    expect(first).toMatchObject({ id: 'a', score: 1.25 });
  });

  it('multiplies each source by its weight', async () => {
    const sources = { keyword: found('ab'), vector: found('ba') };
    expect(idsOf(await fuse(sources, { weights: { vector: 1.1 } }))).toBe('ba');
    const [first] = await fuse(sources, { weights: { vector: 3 } });
    expect(first?.['score']).toBeCloseTo(3 / 61 + 1 / 62, 12);
  });
});

describe('a blend of scores', () => {
  it('is the weighted mean of each source’s scores, scaled to 0…1 within the query', async () => {
    const sources = { keyword: found('abc', [30, 20, 10]), vector: found('ca', [0.9, 0.5]) };
    const results = await fuse(sources, { method: 'blend', weights: { keyword: 3 } });
    expect(results.map(({ id, score }) => [id, score])).toEqual([
      ['a', 0.75 * 1 + 0.25 * 0],
      ['b', 0.75 * 0.5],
      ['c', 0.75 * 0 + 0.25 * 1],
    ]);
  });

  it('scales by place where a source gives no scores', async () => {
    const results = await fuse({ only: found('abc') }, { method: 'blend' });
    expect(results.map(({ score }) => score)).toEqual([1, 0.5, 0]);
  });

  it('counts a single result, and equal scores, as 1', async () => {
    const results = await fuse(
      { one: found('a', [7]), two: found('bc', [2, 2]) },
      { method: 'blend' },
    );
    expect(results.map(({ id, score }) => [id, score])).toEqual([
      ['a', 0.5],
      ['b', 0.5],
      ['c', 0.5],
    ]);
  });
});

describe('the order', () => {
  it.each(['rrf', 'blend'] as const)(
    'by %s does not depend on which source was faster',
    async (method) => {
      const lists = ['fbadce', 'bgcaf', 'hacb'];
      const orders = await Promise.all(
        [
          [0, 15, 30],
          [30, 15, 0],
          [15, 0, 30],
        ].map(async (delays) => {
          const [a, b, c] = lists.map((list, index) => found(list, undefined, delays[index])) as [
            SearchFunction,
            SearchFunction,
            SearchFunction,
          ];
          return JSON.stringify(await fuse({ a, b, c }, { method }));
        }),
      );
      expect(new Set(orders).size).toBe(1);
    },
  );

  it('puts the result of the source that is named first before another with the same score', async () => {
    expect(idsOf(await fuse({ slow: found('ab', undefined, 20), fast: found('cd') }))).toBe('acbd');
  });

  it('is the same without a source as with its weight at 0, and then it is not asked', async () => {
    const absent = vi.fn(found('zyx'));
    const present = { keyword: found('abc'), vector: found('cb') };
    expect(await fuse({ ...present, absent }, { weights: { absent: 0 } })).toEqual(
      await fuse(present),
    );
    expect(absent).not.toHaveBeenCalled();
  });
});

describe('duplicates', () => {
  const page =
    (fields: object): SearchFunction =>
    () => [fields];

  it.each([
    ['/a/', '/a'],
    ['/a/index.html', '/a/'],
    ['/a#b:~:text=word', '/a#b'],
    ['/a#', '/a'],
  ])('are results with the same address: %s and %s', async (one, two) => {
    const results = await fuse({
      one: page({ id: '1', url: one, text: 'x' }),
      two: page({ id: '2', url: two, text: 'x' }),
    });
    expect(results).toMatchObject([{ id: '1', url: one, ranks: { one: 1, two: 1 } }]);
  });

  it.each([
    ['/a#b', '/a#c'],
    ['/a?v=1', '/a?v=2'],
    ['/', '/a'],
  ])('are not %s and %s', async (one, two) => {
    expect(
      await fuse({ one: page({ url: one, text: 'x' }), two: page({ url: two, text: 'x' }) }),
    ).toHaveLength(2);
  });

  it('do not follow from ids, which sources number alike, unless that is asked for', async () => {
    const sources = {
      one: page({ id: 1, url: '/a', text: 'x' }),
      two: page({ id: 1, url: '/b', text: 'y' }),
    };
    expect(await fuse(sources)).toHaveLength(2);
    expect(await fuse(sources, { mergeBy: 'id' })).toHaveLength(1);
  });

  it('become one with the fields of the first source that has them', async () => {
    const results = await fuse({
      one: page({ url: '/a', title: '', text: 'first', lang: 'en', section: null }),
      two: page({ url: '/a', title: 'Title', text: 'second', section: 'Guide', score: 3 }),
    });
    expect(results).toEqual([
      {
        url: '/a',
        title: 'Title',
        text: 'first',
        lang: 'en',
        section: 'Guide',
        score: 2 / 61,
        ranks: { one: 1, two: 1 },
      },
    ]);
  });

  it('within one source count once, at their best place', async () => {
    const twice: SearchFunction = () => [
      { url: '/a', text: '1' },
      { url: '/a', text: '2' },
      { url: '/b', text: '3' },
    ];
    expect(await fuse({ twice })).toMatchObject([
      { text: '1', score: 1 / 61, ranks: { twice: 1 } },
      { text: '3', ranks: { twice: 3 } },
    ]);
  });
});

describe('a source that does not answer', () => {
  const failing: SearchFunction = () => {
    throw new Error('No connection.');
  };
  const never: SearchFunction = () => new Promise(() => undefined);

  it('is left out and reported when it fails or is slower than the limit', async () => {
    const onSourceError = vi.fn();
    const results = await fuse(
      { failing, never, good: found('ab') },
      { timeoutMs: 30, onSourceError },
    );
    expect(idsOf(results)).toBe('ab');
    const reports = onSourceError.mock.calls.map(
      ([failure]) => failure as { source: string; error: RerankError },
    );
    expect(reports.map(({ source, error }) => [source, error.code, error.message])).toEqual([
      ['failing', 'source-failed', 'No connection.'],
      ['never', 'source-failed', 'It did not answer within 30 ms.'],
    ]);
  });

  it('is told to stop', async () => {
    let stopped = false;
    const listening: SearchFunction = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          stopped = true;
          reject(new Error('stopped'));
        });
      });
    await fuse({ listening, good: found('a') }, { timeoutMs: 20 });
    expect(stopped).toBe(true);
  });

  it('does not take the others with it when its report fails', async () => {
    const uncaught = vi.fn();
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', uncaught);
    try {
      const mistake = new Error('A mistake of the page.');
      const onSourceError = (): never => {
        throw mistake;
      };
      expect(idsOf(await fuse({ failing, good: found('ab') }, { onSourceError }))).toBe('ab');
      await vi.waitFor(() => expect(uncaught).toHaveBeenCalledWith(mistake, 'uncaughtException'));
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });

  it('is one of many: an error names all, in their order, when none answers', async () => {
    await expect(fuse({ never, failing }, { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'source-failed',
      message:
        'Every source failed. never: It did not answer within 20 ms; failing: No connection.',
    });
  });

  it('does not count as failed when the search was aborted', async () => {
    const onSourceError = vi.fn();
    const run = new AbortController();
    const pending = find(fuseSources({ never }, { onSourceError }), 'query', 10, run.signal);
    run.abort();
    await expect(pending).rejects.toMatchObject({ code: 'aborted' });
    expect(onSourceError).not.toHaveBeenCalled();
  });
});

it.each([
  [{ k: -1 }, /k must be a number from 0, not -1/],
  [{ timeoutMs: NaN }, /timeoutMs must/],
  [{ weights: { a: -1 } }, /weights.a must/],
  [{ weights: { b: 1 } }, /names "b", which is none of the sources a/],
  [{ weights: { a: 0 } }, /no source has a weight above 0/],
])('refuses the settings %o', (options, message) => {
  expect(() => fuseSources({ a: found('a') }, options)).toThrow(
    expect.objectContaining({
      code: 'invalid-input',
      message: expect.stringMatching(message) as string,
    }) as Error,
  );
});

it('fuses two engines on the demo’s corpus', async () => {
  const index = new MiniSearch({
    fields: ['title', 'text'],
    storeFields: ['title', 'text', 'url'],
  });
  index.addAll(RECORDS);
  const database = create({ schema: { title: 'string', text: 'string' } });
  await insertMultiple(
    database,
    RECORDS.map(({ id, title, text, url }) => ({ id, title, text, url })),
  );
  const minisearch = searchMiniSearch(index);
  const orama = searchOrama(database, { search: oramaSearch });
  const fused = await find(fuseSources({ minisearch, orama }, { mergeBy: 'id' }), QUESTION, 20);
  const lists = await Promise.all([minisearch, orama].map((each) => find(each, QUESTION, 20)));
  const ranksOf = (id: unknown) =>
    lists.map((list) => list.findIndex((each) => each['id'] === id) + 1 || undefined);
  for (const { id, ranks } of fused) {
    const { minisearch: first, orama: second } = ranks as Record<string, number | undefined>;
    expect([first, second]).toEqual(ranksOf(id));
  }
  expect(fused.slice(0, 3).map(({ id }) => id)).toContain(ANSWER_ID);
});
