import MiniSearch from 'minisearch';
import { describe, expect, it } from 'vitest';
import { searchMiniSearch } from '../../src/sources/minisearch.ts';
import { ANSWER_ID, QUESTION, RECORDS, find } from './corpus.ts';

function makeIndex(storeFields: string[]): MiniSearch {
  const index = new MiniSearch({ fields: ['title', 'text'], storeFields });
  index.addAll(RECORDS);
  return index;
}

describe('a MiniSearch index as a source', () => {
  const stored = makeIndex(['title', 'text', 'url']);

  it('gives stored texts, ids and scores in MiniSearch’s order, and at most the limit', async () => {
    const results = await find(searchMiniSearch(stored), QUESTION, 5);
    const expected = stored.search(QUESTION).slice(0, 5);
    expect(results.map(({ id, score }) => ({ id, score }))).toEqual(
      expected.map(({ id, score }) => ({ id: id as string, score })),
    );
    const { id, title, text, url } =
      RECORDS.find((record) => record.id === results[0]?.['id']) ?? {};
    expect(results[0]).toEqual({ id, title, text, url, score: expected[0]?.score });
    expect(results.map((result) => result['id'])).toContain(ANSWER_ID);
  });

  it('takes the texts from the documents where the index stores none', async () => {
    const search = searchMiniSearch(makeIndex([]), { documents: RECORDS });
    expect((await find(search, QUESTION)).find(({ id }) => id === ANSWER_ID)).toMatchObject(
      RECORDS.find(({ id }) => id === ANSWER_ID) ?? {},
    );
  });

  it('hands MiniSearch’s own options on', async () => {
    const prefix = searchMiniSearch(stored, { searchOptions: { prefix: true } });
    expect(await find(searchMiniSearch(stored), 'vacu')).toEqual([]);
    expect(await find(prefix, 'vacu')).not.toEqual([]);
  });

  it('reads texts under other names where fields says so', async () => {
    const index = new MiniSearch({ fields: ['b'], storeFields: ['h', 'b'] });
    index.add({ id: 7, h: 'Disk', b: 'it is full' });
    const search = searchMiniSearch(index, { fields: { title: 'h', text: 'b' } });
    expect(await find(search, 'full')).toMatchObject([
      { id: 7, title: 'Disk', text: 'it is full' },
    ]);
  });

  it('says what is missing when there is no text anywhere', async () => {
    await expect(find(searchMiniSearch(makeIndex([])), QUESTION)).rejects.toMatchObject({
      code: 'source-failed',
      message: expect.stringContaining('storeFields') as string,
    });
  });
});
