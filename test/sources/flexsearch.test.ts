import { Document, Index } from 'flexsearch';
import { describe, expect, it } from 'vitest';
import { searchFlexSearch } from '../../src/sources/flexsearch.ts';
import { ANSWER_ID, QUESTION, RECORDS, find } from './corpus.ts';

const documents = RECORDS.map(({ id, title, text, url }) => ({ id, title, text, url }));
const answer = documents.find(({ id }) => id === ANSWER_ID) ?? {};

function makeDocument(store: boolean): Document {
  const index = new Document({ document: { id: 'id', index: ['title', 'text'], store } });
  for (const document of documents) index.add(document);
  return index;
}

describe('a FlexSearch index as a source', () => {
  const stored = makeDocument(true);
  const bare = makeDocument(false);
  const index = new Index();
  for (const { id, title, text } of documents) index.add(id, `${title} ${text}`);

  it.each([
    ['a Document with a store', searchFlexSearch(stored)],
    ['a Document without one', searchFlexSearch(bare, { documents })],
    ['an Index', searchFlexSearch(index, { documents })],
    ['merged results', searchFlexSearch(stored, { searchOptions: { merge: true } })],
    ['merged ids', searchFlexSearch(bare, { documents, searchOptions: { merge: true } })],
    ['one field’s results', searchFlexSearch(stored, { searchOptions: { pluck: 'text' } })],
    ['one field’s ids', searchFlexSearch(bare, { documents, searchOptions: { pluck: 'text' } })],
  ])('gives each document once, from %s', async (_, search) => {
    const results = await find(search, QUESTION, 20);
    const ids = results.map(({ id }) => id);
    expect(results.find(({ id }) => id === ANSWER_ID)).toEqual(answer);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await find(search, 'deadlock', 2)).toHaveLength(2);
  });

  it('takes the fields in turns, so that titles do not fill the list', async () => {
    const [titles, texts] = stored.search('vacuum', { limit: 2 }).map(({ result }) => result);
    const ids = (await find(searchFlexSearch(stored), 'vacuum', 3)).map(({ id }) => id);
    const inTurns = [titles?.[0], texts?.[0], titles?.[1], texts?.[1]];
    expect(ids).toEqual([...new Set(inTurns)].slice(0, 3));
  });

  it('asks for all words only where that is said', async () => {
    const strict = searchFlexSearch(stored, { searchOptions: { suggest: false } });
    expect(await find(strict, `${QUESTION} zzz`)).toEqual([]);
  });

  it('says what is missing when there is no text anywhere', async () => {
    await expect(find(searchFlexSearch(index), 'vacuum')).rejects.toMatchObject({
      code: 'source-failed',
      message: expect.stringContaining('store: true') as string,
    });
  });
});
