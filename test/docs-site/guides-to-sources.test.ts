import * as orama from '@orama/orama';
import { Index } from 'flexsearch';
import lunr from 'lunr';
import { describe, expect, it } from 'vitest';
import * as sources from '../../src/sources/index.ts';
import type { SearchFunction } from '../../src/sources/endpoint.ts';
import { ANSWER_ID, QUESTION, RECORDS, find } from '../sources/corpus.ts';
import { serveMeilisearch } from '../sources/engines/meilisearch.ts';
import { serveTypesense } from '../sources/engines/typesense.ts';
import { readCodeBlocks, runCode } from './code-blocks.ts';

const modules = { 'rerank-results/sources': sources, '@orama/orama': orama };

describe('the guide to search APIs', () => {
  const [, engines = ''] = readCodeBlocks('sources', 'js');

  it('has code that searches Typesense and Meilisearch', async () => {
    await using typesense = await serveTypesense();
    await using meilisearch = await serveMeilisearch();
    const code = engines
      .replace('https://typesense.example.org', typesense.url)
      .replace('https://meilisearch.example.org', meilisearch.url);
    const found = await runCode(code, {}, { modules, names: ['manual', 'shop'] });
    const { manual, shop } = found as Record<'manual' | 'shop', SearchFunction>;
    expect(await find(manual, 'vacuum', 3)).toHaveLength(3);
    expect(typesense.requests[0]?.params.get('filter_by')).toBe('page:=[indexes, vacuum]');
    expect(await find(shop, 'vacuum', 3)).toHaveLength(3);
  });
});

describe('the guide to sources in the page', () => {
  const [, , , engines = ''] = readCodeBlocks('sources-in-the-page', 'js');

  it('has code that searches indexes of lunr, FlexSearch and Orama', async () => {
    const documents = RECORDS.map(({ id, title, text, url }) => ({ id, title, text, url }));
    const lunrIndex = lunr(function () {
      this.ref('id');
      this.field('text');
      for (const document of documents) this.add(document);
    });
    const flexSearchIndex = new Index();
    for (const { id, text } of documents) flexSearchIndex.add(id, text);
    const oramaDatabase = orama.create({ schema: { title: 'string', text: 'string' } });
    await orama.insertMultiple(oramaDatabase, documents);

    const names = ['byLunr', 'byFlexSearch', 'byOrama'];
    const given = { lunrIndex, flexSearchIndex, oramaDatabase, documents };
    const found = await runCode(engines, given, { modules, names });
    for (const name of names) {
      const results = await find(found[name] as SearchFunction, QUESTION, 20);
      const answer = documents.find(({ id }) => id === ANSWER_ID);
      expect(
        results.find(({ id }) => id === ANSWER_ID),
        name,
      ).toMatchObject(answer ?? {});
    }
  });
});
