/** `npx tsx bench/write-report.ts`: puts the numbers of `bench/results/latest.json` into docs/performance.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { fillReport } from './report.ts';
import type { BenchResults } from './results.ts';

const PAGE = 'docs/performance.md';

const results = JSON.parse(readFileSync('bench/results/latest.json', 'utf8')) as BenchResults;
const filled = fillReport(readFileSync(PAGE, 'utf8'), results);
writeFileSync(PAGE, await format(filled, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
