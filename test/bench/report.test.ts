import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { fillReport } from '../../bench/report.ts';
import { SCENARIO_NAMES, type BenchResults } from '../../bench/results.ts';

const PAGE = 'docs/performance.md';
const page = readFileSync(PAGE, 'utf8');
const results = JSON.parse(readFileSync('bench/results/latest.json', 'utf8')) as BenchResults;

describe('docs/performance.md', () => {
  it('has the numbers of bench/results/latest.json', async () => {
    const options = { ...(await resolveConfig(PAGE)), parser: 'markdown' };
    expect(page).toBe(await format(fillReport(page, results), options));
  });

  it.each(['machine', 'goals', ...SCENARIO_NAMES])('has a place for %s', (name) => {
    expect(page).toContain(`<!-- results: ${name} -->`);
  });

  it('is refused where it has a place that nothing fills', () => {
    expect(() => fillReport('<!-- results: speed -->\n<!-- end -->', results)).toThrow(/"speed"/);
  });
});
