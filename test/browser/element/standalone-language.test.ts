import { expect, test } from 'vitest';

/** A page without a bundler imports this, and nothing else. */
const standalone = '/dist/rerank-results.js';

test('the file for pages without a bundler has the words of every language', async () => {
  await import(/* @vite-ignore */ standalone);
  const search = document.createElement('rerank-search');
  document.body.append(search);
  const readLabel = (): string | undefined =>
    search.shadowRoot?.querySelector('label')?.textContent;
  const labels: string[] = [];
  for (const lang of ['ar', 'de', 'en', 'es', 'fr', 'he', 'ja', 'ko', 'pt', 'zh', 'zh-TW']) {
    const former = readLabel();
    search.lang = lang;
    await expect.poll(readLabel).not.toBe(former);
    labels.push(readLabel() ?? '');
  }
  expect(labels).toEqual([
    ...['بحث', 'Suche', 'Search', 'Buscar', 'Rechercher', 'חיפוש', '検索', '검색'],
    ...['Pesquisar', '搜索', '搜尋'],
  ]);
});
