import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reranker } from '../../src/shared/types.ts';
import { collectPageErrors, launchBrowser } from '../browser-e2e/demo-page.ts';
import {
  makeFolder,
  openSession,
  openTinyReranker,
  serve,
  startSiteSearch,
  type SiteSearch,
} from './judge-stage.ts';

let reranker: Reranker;
let site: SiteSearch;
let browser: Browser;
beforeAll(async () => {
  reranker = await openTinyReranker();
  site = await startSiteSearch();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await reranker.dispose();
  await site[Symbol.asyncDispose]();
});

const place = (page: Page): Promise<string | null> => page.locator('#place').textContent();

/** Presses a key and waits for what the page then says. */
async function press(page: Page, key: string, words: RegExp): Promise<void> {
  await page.keyboard.press(key);
  await page.locator('#place').filter({ hasText: words }).waitFor();
}

describe('the page for judging', () => {
  it('is worked by keyboard alone: grade, move, undo, and on to the end', async () => {
    using folder = makeFolder();
    const { session, collection } = openSession(folder.path, 'lock\nnothing', site, reranker);
    const documents = await session.listDocuments(0);
    const [query] = session.listQueries();
    const gradeAt = (index: number): number | undefined =>
      collection.grade(query?.id ?? '', documents[index]?.id ?? '');
    await using server = await serve(session);
    const page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    const errors = collectPageErrors(page);
    await page.goto(server.url);
    await page.locator('#document').waitFor();
    const count = documents.length;

    expect(await page.locator('h1').textContent()).toBe('lock');
    // A site's text is text, whatever stands in it.
    expect(await page.locator('#title').textContent()).toBe(documents[0]?.title);
    expect(await page.locator('#title b').count()).toBe(0);

    await press(page, '3', new RegExp(`document 2 of ${count} · 1 graded`));
    expect(gradeAt(0)).toBe(3);
    expect(await page.locator('#status').textContent()).toBe('Graded 3, answers it.');
    await press(page, '0', /document 3 .* 2 graded/);
    await press(page, 'ArrowLeft', /document 2/);
    expect(await page.locator('[aria-pressed="true"]').textContent()).toContain('Not relevant');
    await press(page, '1', /document 3 .* 2 graded/);
    expect(gradeAt(1)).toBe(1);
    // Back to what it was before the last key, then to no grade.
    await press(page, 'u', /document 2/);
    await expect.poll(() => gradeAt(1)).toBe(0);
    await press(page, 'u', /document 2 .* 1 graded/);
    expect(gradeAt(1)).toBeUndefined();

    for (let graded = 2; graded <= count; graded += 1) {
      await press(page, '2', new RegExp(`${graded} graded`));
    }
    await page.getByText('Every document has a grade.').waitFor();
    expect(collection.countGrades(query?.id ?? '')).toBe(count);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('opens at the first document without a grade, and takes the mouse as well', async () => {
    using folder = makeFolder();
    const { session } = openSession(folder.path, 'lock\nrole', site, reranker);
    const [first] = await session.listDocuments(0);
    const [query] = session.listQueries();
    session.setGrade(query?.id ?? '', first?.id ?? '', 1);
    await using server = await serve(session);
    const page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(server.url);
    await page.locator('#place').filter({ hasText: 'document 2' }).waitFor();
    await page.getByRole('button', { name: 'Answers in part' }).click();
    await page.locator('#place').filter({ hasText: '2 graded' }).waitFor();
    await page.getByLabel('Keys').uncheck();
    await page.keyboard.press('3');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.locator('#place').filter({ hasText: 'document 4' }).waitFor();
    expect(await place(page)).toContain('2 graded');
    await page.close();
  });

  it('has a name for all that a screen reader meets, and moves its focus to the new document', async () => {
    using folder = makeFolder();
    const { session } = openSession(folder.path, 'lock', site, reranker);
    await using server = await serve(session);
    const page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(server.url);
    await page.locator('#document').waitFor();
    for (const name of ['Not relevant', 'Touches on it', 'Answers in part', 'Answers it']) {
      await page
        .getByRole('group', { name: 'How well does this document serve that reader?' })
        .getByRole('button', { name })
        .waitFor();
    }
    await page.getByRole('progressbar', { name: /^Query 1 of 1/ }).waitFor();
    await press(page, '2', /document 2/);
    const title = await page.locator('#title').textContent();
    await page.getByRole('article', { name: title ?? '' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('document');
    await page.close();
  });

  it('says that the command is gone, and shows no grade that was not kept', async () => {
    using folder = makeFolder();
    const { session, collection } = openSession(folder.path, 'lock', site, reranker);
    const [query] = session.listQueries();
    const server = await serve(session);
    const page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(server.url);
    await page.locator('#document').waitFor();
    await server[Symbol.asyncDispose]();
    await page.keyboard.press('3');
    await page.getByText('The command does not answer.').waitFor();
    expect(await place(page)).toMatch(/document 1 of \d+ · 0 graded/);
    expect(collection.countGrades(query?.id ?? '')).toBe(0);
    await page.close();
  });

  it('fits a phone 390 pixels wide', async () => {
    using folder = makeFolder();
    const { session } = openSession(folder.path, 'lock '.repeat(30), site, reranker);
    await using server = await serve(session);
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    await page.goto(server.url);
    await page.locator('#document').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.close();
  });
});
