import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  comparePaired,
  evaluateRun,
  formatInterval,
  meanMetrics,
  orderCandidates,
  parseRun,
  toRun,
  type Metrics,
  type Qrels,
  type Run,
} from '../../src/evaluate/index.ts';
import type { LabReport } from '../../demo/lab/lab-report.ts';
import { collectPageErrors, launchBrowser, startDemoServer, type DemoServer } from './demo-page.ts';
import { writeLibraryFolder } from './library-folder.ts';
import { findFaults } from './static-demo.ts';

let server: DemoServer;
let browser: Browser;
let page: Page;
let errors: readonly string[];
let folder: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([startDemoServer(), launchBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rerank-results-lab-'));
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(100_000);
  errors = collectPageErrors(page);
});

afterEach(async () => {
  await page.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (): Promise<void> => page.getByRole('button', { name: 'Start' }).click();
const readStatus = (): Promise<string | null> => page.locator('#status').textContent();

/** Waits until an evaluation is over, and says how it ended. */
async function waitForEnd(): Promise<string | null> {
  await page.locator('#stop').waitFor({ state: 'hidden' });
  expect(await page.locator('#problem').textContent()).toBe('');
  return readStatus();
}

/** What is saved by the button with this name. */
async function save(name: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
}

/** The cells of a table, by the name of its region. */
async function readTable(name: string): Promise<string[][]> {
  const rows = await page.getByRole('region', { name, exact: true }).locator('tbody tr').all();
  return Promise.all(rows.map((row) => row.locator('th, td').allTextContents()));
}

/** nDCG, MRR and recall of a run, as the table has them, and the interval of each difference. */
function measure(
  run: Run,
  before: Run,
  qrels: Qrels,
  cutoff: number,
): { readonly means: Metrics; readonly intervals: (name: keyof Metrics) => string } {
  const [after, first] = [run, before].map((each) => [
    ...evaluateRun(each, qrels, { cutoff }).values(),
  ]);
  return {
    means: meanMetrics(after ?? []),
    intervals: (name) => {
      const [from, to] = [first, after].map((all) => (all ?? []).map((each) => each[name]));
      return formatInterval(comparePaired(from ?? [], to ?? []).difference);
    },
  };
}

describe('the lab', () => {
  it('loads no model before it is asked, and says what it would load', async () => {
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`${server.address}lab.html?queries=3&candidates=5&keep=10&device=wasm`);
    expect(await readStatus()).toMatch(
      /^Nothing is loaded yet\. .* minilm-l6-split 11 MB and gte-small-split 18 MB, once\.$/,
    );
    await page.getByLabel('Results of each').fill('7');
    await page.getByLabel('Also in tiers').selectOption('none');
    await expect.poll(() => new URL(page.url()).search).toBe('?queries=3&candidates=7&device=wasm');
    expect(requests.filter((url) => /\/models\/|\/lab-worker\.ts|\/worker\.js/.test(url))).toEqual(
      [],
    );
    expect(await findFaults(page)).toEqual([]);
  });

  it('measures the built-in set as the evaluation in Node does from what it exports', async () => {
    await page.goto(`${server.address}lab.html?queries=3&candidates=6&device=wasm`);
    await start();
    expect(await waitForEnd()).toBe('Done: 3 queries.');
    const report = JSON.parse(await save('Save report.json')) as LabReport;
    const trec = parseRun(await save('Save reranked.trec'));

    const qrels = new Map(
      report.queries.map(({ queryId, judgments }) => [queryId, new Map(Object.entries(judgments))]),
    );
    const runOf = (order: (query: LabReport['queries'][number]) => readonly string[]): Run =>
      toRun(new Map(report.queries.map((query) => [query.queryId, order(query)])));
    const before = runOf(({ firstStage }) => firstStage);
    const order = (depth: number, weight: number): Run =>
      runOf(({ firstStage, logits, unknownLanguage }) => {
        const candidates = firstStage.map(() => ({ score: 0 }));
        const scores = { logits, unknownLanguage };
        const top = orderCandidates(candidates, scores, { depth, prior: 'rank', weight });
        return [
          ...top.map((position) => firstStage[position] ?? ''),
          ...firstStage.slice(top.length),
        ];
      });
    expect(trec).toEqual(order(6, 0.2));

    const at10 = measure(trec, before, qrels, 10);
    const alone = measure(order(6, 0), before, qrels, 10);
    const first = measure(before, before, qrels, 10);
    const means = await readTable('Means');
    const names = ['ndcg', 'reciprocalRank', 'recall'] as const;
    expect(means.map((row) => row.slice(0, 4))).toEqual([
      ...names.map((name, index) => [
        ['nDCG@10', 'MRR@10', 'recall@10'][index],
        ...[first, alone, at10].map((each) => each.means[name].toFixed(4)),
      ]),
      [
        'recall@6',
        ...[before, order(6, 0), trec].map((run) =>
          measure(run, before, qrels, 6).means.recall.toFixed(4),
        ),
      ],
    ]);
    const differences = await readTable('Differences from the first stage');
    expect(differences.slice(0, 3).map((row) => [row[1], row[3]])).toEqual(
      names.map((name) => [alone.intervals(name), at10.intervals(name)]),
    );

    const curve = await readTable('nDCG@10 by pairs');
    expect(curve.map(([, pairs, ...values]) => [pairs, ...values])).toEqual(
      [0, 5, 6].map((depth) => [
        String(depth),
        ...[0.2, 0].map((weight) =>
          measure(order(depth, weight), before, qrels, 10).means.ndcg.toFixed(4),
        ),
      ]),
    );
    expect(report.times.map(({ step }) => step)).toEqual(['search', 'tokenize', 'infer', 'total']);
    expect(report.set).toMatchObject({ judgedQueries: 40, unfoundQueries: 0 });

    const rows = page.locator('.queries > li');
    const changes = (await rows.locator('.change').allTextContents()).map((text) =>
      Number(text.replace('−', '-')),
    );
    expect(changes).toEqual(changes.toSorted((a, b) => a - b));
    expect(errors).toEqual([]);
  });

  it('measures a folder of the reader, with nothing but the model asked for', async () => {
    await page.goto(`${server.address}lab.html?set=folder&device=wasm&keep=5`);
    await start();
    expect(await page.locator('#problem').textContent()).toContain('Choose a folder first');
    await page.locator('#folder').setInputFiles(writeLibraryFolder(folder));
    await page.getByText('Will be read: library/').waitFor();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await start();
    expect(await waitForEnd()).toBe('Done: 2 queries.');
    const report = JSON.parse(await save('Save report.json')) as LabReport;
    expect(report.set).toMatchObject({ name: 'library', firstStage: 'library/runs/search.trec' });
    expect(report.queries.map(({ reranked }) => reranked[0])).toEqual(['renew', 'open']);
    const means = await readTable('Means');
    expect(means[0]).toEqual(['nDCG@10', '0.5655', '1.0000', '1.0000', '1.0000']);
    expect(await page.locator('#verdict').textContent()).toContain('nDCG@10 +0.4345');
    expect(await page.locator('#notes').textContent()).toContain('Only 2 queries');
    expect(report.cascade).toMatchObject({
      tiers: 'minilm-l6-split:5:128 gte-small-split::256',
      queries: 2,
      pairs: 6,
    });
    expect(requests.filter((url) => /\/api\/|\/indexes\//.test(url))).toEqual([]);
    await page.locator('.queries > li').first().locator('summary').press('Enter');
    await page.locator('.queries > li').first().locator('.orders ol').nth(1).waitFor();
    expect(await findFaults(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('says which file and line of a folder is wrong', async () => {
    await page.goto(`${server.address}lab.html?set=folder`);
    await page.locator('#folder').setInputFiles(
      writeLibraryFolder(folder, {
        'qrels/test.tsv': 'query-id\tcorpus-id\tscore\nloan\trenew\n',
      }),
    );
    await start();
    await page
      .getByRole('alert')
      .filter({ hasText: 'library/qrels/test.tsv: Line 2 of the qrels must have three fields' })
      .waitFor();
    expect(await page.locator('#results').isVisible()).toBe(false);
  });

  it('stops at once by keyboard, and tells a screen reader of the start and the end alone', async () => {
    await page.goto(`${server.address}lab.html?queries=40&candidates=20&device=wasm`);
    await page.evaluate(() => {
      const told: string[] = [];
      const region = document.getElementById('announcement') as HTMLElement;
      new MutationObserver(() => told.push(region.textContent)).observe(region, {
        childList: true,
      });
      Object.assign(window, { told });
    });
    await page.locator('#start').press('Enter');
    await page.locator('.queries > li').first().waitFor();
    expect(await page.locator('#status').textContent()).toMatch(
      /^\d+ of 40 queries done(, about \d+ s left)?$/,
    );
    const startMs = Date.now();
    await page.locator('#stop').press('Enter');
    expect(await waitForEnd()).toMatch(/^Stopped after \d+ quer(y|ies)\.$/);
    expect(Date.now() - startMs).toBeLessThan(3000);
    expect(await page.locator('#start').evaluate((each) => each === document.activeElement)).toBe(
      true,
    );
    const told = await page.evaluate(() => (window as unknown as { told: string[] }).told);
    expect(told).toEqual([
      'The evaluation starts: 40 queries, 800 pairs.',
      expect.stringMatching(/^Stopped after/),
    ]);
    const shown = await page.locator('.queries > li').count();
    const report = JSON.parse(await save('Save report.json')) as LabReport;
    expect(report.queries).toHaveLength(shown);
  });
});
