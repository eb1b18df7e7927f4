import type { BrowserContext, Page } from 'playwright';
import type { ModelInfo } from 'rerank-results';

/** What the element or the API page told: the best title first, or the logits in the search's order. */
export interface Told {
  readonly titles?: readonly string[];
  /** Of each of `titles`, where it stood in the search's order, from 1. */
  readonly originalRanks?: readonly number[];
  readonly logits?: readonly number[];
  readonly model?: ModelInfo;
  readonly error?: string;
}

/** A page that was opened, and all that it did so far. */
export interface Visit {
  readonly page: Page;
  /** URLs that the page and its workers asked for, in that order. */
  readonly requests: readonly string[];
  /** Console errors and uncaught exceptions. */
  readonly errors: readonly string[];
  /** What the page tells next: a finished rerank, or why there is none. */
  next(): Promise<Told>;
}

/** Opens a page and listens to it; evaluates nothing in it, which a strict policy could forbid. */
export async function visitPage(context: BrowserContext, url: string): Promise<Visit> {
  const page = await context.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  const told: Told[] = [];
  let wake: () => void = () => undefined;

  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.exposeFunction('report', (value: Told) => {
    told.push(value);
    wake();
  });
  await page.addInitScript(reportElementEvents);
  await page.goto(url);

  return {
    page,
    requests,
    errors,
    async next() {
      while (told.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return told.shift() ?? {};
    },
  };
}

/** Runs in the page, before its own scripts. */
function reportElementEvents(): void {
  const { report } = globalThis as unknown as { report: (told: Told) => void };
  document.addEventListener('rerank-complete', (event) => {
    const { detail } = event;
    const found = detail.results.map((result) => result.document as { readonly title: string });
    report({
      titles: found.map(({ title }) => title),
      originalRanks: detail.results.map(({ originalRank }) => originalRank),
      model: detail.model,
    });
  });
  document.addEventListener('rerank-error', (event) => {
    report({ error: event.detail.error.message });
  });
  document.addEventListener('rerank-skip', (event) => {
    report({ error: event.detail.reason });
  });
}

/** Path and query of each URL. */
export function toPaths(urls: readonly string[]): string[] {
  return urls.map((url) => {
    const { pathname, search } = new URL(url);
    return pathname + search;
  });
}
