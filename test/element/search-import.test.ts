import { expect, test } from 'vitest';

test('the search element’s module can be imported on a server', async () => {
  const { RerankSearch } = await import('rerank-results/search');
  expect(RerankSearch.formAssociated).toBe(true);
});
