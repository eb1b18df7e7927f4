import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import queries from '../../demo/queries.json' with { type: 'json' };

it.each(['index', 'race'])('every example in %s.html is a query that was judged', (room) => {
  const html = readFileSync(`demo/${room}.html`, 'utf8');
  const chips = [...html.matchAll(/<button class="chip"[^>]*>([^<]+)</g)].map(([, query = '']) =>
    query.replace(/\s+/g, ' ').trim(),
  );
  expect(chips.length).toBeGreaterThanOrEqual(4);
  expect(queries.map(({ query }) => query)).toEqual(expect.arrayContaining(chips));
});
