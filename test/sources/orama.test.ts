import { create, insertMultiple, search } from '@orama/orama';
import { beforeAll, describe, expect, it } from 'vitest';
import { searchOrama } from '../../src/sources/orama.ts';
import { ANSWER_ID, QUESTION, RECORDS, find } from './corpus.ts';

describe('an Orama database as a source', () => {
  const database = create({ schema: { title: 'string', text: 'string', url: 'string' } });
  beforeAll(async () => {
    await insertMultiple(
      database,
      RECORDS.map(({ id, title, text, url }) => ({ id, title, text, url })),
    );
  });

  it('gives documents, ids and scores in Orama’s order, and at most the limit', async () => {
    const results = await find(searchOrama(database, { search }), QUESTION, 5);
    const { hits } = await search(database, { term: QUESTION, limit: 5 });
    expect(results).toEqual(hits.map(({ id, score, document }) => ({ ...document, id, score })));
    expect(results).toHaveLength(5);
    expect(results.map(({ id }) => id)).toContain(ANSWER_ID);
  });

  it('hands Orama’s own parameters on, and no parameter replaces the query', async () => {
    const inTitles = searchOrama(database, { search, params: { properties: ['title'] } });
    const titles = (await find(inTitles, 'deadlocks')).map(({ title }) => title);
    expect(new Set(titles)).toEqual(new Set(['Deadlocks']));
    const other = searchOrama(database, { search, params: { term: 'vacuum' } });
    expect(await find(other, 'deadlocks', 3)).toEqual(
      await find(searchOrama(database, { search }), 'deadlocks', 3),
    );
  });

  it('takes an answer that comes later, and ends when the search is aborted', async () => {
    const later = searchOrama(database, {
      search: async (each: typeof database, params: { term: string }) => search(each, params),
    });
    expect(await find(later, QUESTION)).toHaveLength(10);
    const never = searchOrama(database, { search: () => new Promise<never>(() => undefined) });
    const run = new AbortController();
    const pending = find(never, QUESTION, 10, run.signal);
    run.abort();
    await expect(pending).rejects.toMatchObject({ name: 'AbortError', code: 'aborted' });
  });
});
