import lunr from 'lunr';
import { describe, expect, it } from 'vitest';
import { searchLunr } from '../../src/sources/lunr.ts';
import { ANSWER_ID, QUESTION, RECORDS, find } from './corpus.ts';

const index = lunr(function () {
  this.ref('id');
  this.field('title');
  this.field('text');
  for (const record of RECORDS) this.add(record);
});

describe('a lunr index as a source', () => {
  const search = searchLunr(index, RECORDS);

  it('gives the documents with lunr’s scores, the best first, and at most the limit', async () => {
    const results = await find(search, QUESTION, 5);
    expect(results).toHaveLength(5);
    expect(results[0]).toMatchObject(RECORDS.find(({ id }) => id === ANSWER_ID) ?? {});
    const scores = results.map(({ score }) => score as number);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it.each([
    'title:vacuum',
    'nosuchfield:vacuum',
    '+vacuum -full',
    'vacuum~1 ^2 ~',
    'vacuum^',
    '*',
    ':',
  ])('takes %o as text, which lunr’s own search reads as syntax or refuses', async (query) => {
    const results = await find(search, query);
    expect(results.length > 0).toBe(query.includes('vacuum'));
  });

  it('takes the last word as the beginning of a word, for search while typing', async () => {
    expect(await find(search, 'deadlo')).not.toEqual([]);
    expect(await find(search, 'va')).not.toEqual([]);
    expect(await find(search, 'deadlo zzz')).toEqual([]);
  });

  it('finds nothing for nothing', async () => {
    expect(await find(search, ' ')).toEqual([]);
  });

  it('takes a function that finds documents, and leaves out results without one', async () => {
    const only = searchLunr(index, (id) =>
      RECORDS.find((record) => record.id === id && id === ANSWER_ID),
    );
    expect((await find(only, QUESTION)).map(({ id }) => id)).toEqual([ANSWER_ID]);
  });

  it('finds documents whose ids are numbers, which lunr keeps as texts', async () => {
    const documents = [{ id: 1, body: 'The disk is full.' }];
    const numbered = lunr(function () {
      this.ref('id');
      this.field('body');
      for (const each of documents) this.add(each);
    });
    expect(await find(searchLunr(numbered, documents), 'disk')).toMatchObject(
      documents.map(({ body }) => ({ id: '1', body })),
    );
  });

  it('says so when the documents are not those of the index', async () => {
    await expect(find(searchLunr(index, [{ id: 'other' }]), QUESTION)).rejects.toMatchObject({
      code: 'source-failed',
      message: expect.stringContaining('with its id, such as "') as string,
    });
  });
});
