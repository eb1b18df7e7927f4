import { existsSync } from 'node:fs';
import { chromium, type BrowserContext, type Page } from 'playwright';
import puppeteer, { type Page as UnwatchedPage } from 'puppeteer-core';
import { expect } from 'vitest';
import { findChromium, findFirefox } from '../../scripts/find-browser.mjs';
import type { PageRecord } from './faulty-site.ts';

/** A page in any browser. */
export interface OpenedPage extends AsyncDisposable {
  /** Runs a function of plain JavaScript in the page. */
  evaluate<TValue, TArgument = undefined>(
    work: (argument: TArgument) => TValue | Promise<TValue>,
    argument?: TArgument,
  ): Promise<TValue>;
  goto(url: string): Promise<void>;
}

/** A browser whose pages share their storage, as one reader's do. */
export interface ReadersBrowser extends AsyncDisposable {
  readonly name: 'chromium' | 'firefox';
  open(url: string): Promise<OpenedPage>;
}

/** A GPU that the CPU imitates: only an explicit wish for WebGPU takes it. */
const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

export interface ChromiumOptions {
  /** Command-line switches. */
  readonly args?: readonly string[];
  /** Playwright turns the cache of left pages off, unless it is told not to. */
  readonly backForwardCache?: boolean;
}

/** What only Playwright can do with a browser. */
export interface LaunchedChromium extends ReadersBrowser {
  readonly context: BrowserContext;
  /** Opens a page as a reader who was never there, with a storage of its own. */
  readonly visit: (url: string) => Promise<PageWithHandle<Page>>;
}

/** Chromium with an empty profile. */
export async function launchChromium({
  args = [],
  backForwardCache = false,
}: ChromiumOptions = {}): Promise<LaunchedChromium> {
  const executablePath = findChromium();
  const browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: ['--no-sandbox', ...softwareGpu, ...args],
    ...(backForwardCache && { ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
  });
  const context = await browser.newContext();
  return {
    name: 'chromium',
    context,
    open: async (url) => openChromiumPage(context, url),
    async visit(url) {
      const own = await browser.newContext();
      const page = await openChromiumPage(own, url);
      return { ...page, [Symbol.asyncDispose]: () => own.close() };
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

/** A page of Playwright's or puppeteer's. */
interface DrivenPage {
  evaluate(work: never, argument: never): Promise<unknown>;
  goto(url: string): Promise<unknown>;
  close(): Promise<void>;
}

/** The page with its driver's own handle, for what no page can do to itself. */
export interface PageWithHandle<TPage> extends OpenedPage {
  readonly page: TPage;
}

export function toOpenedPage<TPage extends DrivenPage>(page: TPage): PageWithHandle<TPage> {
  return {
    page,
    evaluate: (work, argument) =>
      page.evaluate(work as never, argument as never) as Promise<Awaited<ReturnType<typeof work>>>,
    async goto(url) {
      await page.goto(url);
    },
    [Symbol.asyncDispose]: () => page.close(),
  };
}

export async function openChromiumPage(
  context: BrowserContext,
  url: string,
): Promise<PageWithHandle<Page>> {
  const page = await context.newPage();
  await page.goto(url);
  return toOpenedPage(page);
}

/** Chromium without Playwright, for which every page is seen and none freezes. */
export async function launchUnwatched(): Promise<
  AsyncDisposable & { open(url: string): Promise<PageWithHandle<UnwatchedPage>> }
> {
  const executablePath = findChromium() ?? chromium.executablePath();
  const browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox'] });
  return {
    async open(url) {
      const page = await browser.newPage();
      await page.goto(url);
      return toOpenedPage(page);
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

/** Why there is no Firefox to test in; undefined where there is one. */
export function whyNoFirefox(): string | undefined {
  return findFirefox() === undefined ? 'no Firefox is installed' : undefined;
}

/**
 * The Firefox that is installed, with an empty profile.
 *
 * @param preferences As in its about:config.
 */
export async function launchFirefox(
  preferences: Readonly<Record<string, unknown>> = {},
): Promise<ReadersBrowser> {
  const executablePath = findFirefox();
  if (executablePath === undefined || !existsSync(executablePath)) throw new Error('No Firefox.');
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    extraPrefsFirefox: preferences,
  });
  return {
    name: 'firefox',
    async open(url) {
      const page = await browser.newPage();
      await page.goto(url);
      return toOpenedPage(page);
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

/** What a page shows and told. */
export interface PageView extends PageRecord {
  /** Titles of the first element, from the top. */
  readonly titles: readonly string[];
  readonly status: string;
}

export function readPage(page: OpenedPage): Promise<PageView> {
  return page.evaluate(() => {
    const { seen } = window as unknown as { seen: PageRecord };
    const root = document.querySelector('rerank-results')?.shadowRoot;
    return {
      ...seen,
      titles: [...(root?.querySelectorAll('[part="link"]') ?? [])].map((link) => link.textContent),
      status: root?.querySelector('[part="status"]')?.textContent.replace(/\s+/g, ' ').trim() ?? '',
    };
  });
}

/** Waits until the page's element told this event, and gives what the page shows then. */
export async function waitForEvent(page: OpenedPage, event: string | RegExp): Promise<PageView> {
  const isIt = (told: string): boolean =>
    typeof event === 'string' ? told === event : event.test(told);
  await expect
    .poll(async () => (await readPage(page)).events.filter(isIt).length, {
      timeout: 60_000,
      interval: 50,
    })
    .toBeGreaterThan(0);
  return readPage(page);
}
