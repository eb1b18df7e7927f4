import type { Page } from 'playwright';
import { toElementPage } from './element-page.ts';
import { ofPage, ofWindow, type PictureState, type PictureStates } from './picture-state.ts';

const QUERY = 'I forgot the password';

/** Slots of a site that has words of its own. */
const OWN_WORDS = `
  <p slot="empty">Nothing fits. Ask in the <a href="#forum">forum</a>.</p>
  <p slot="error">Our search is down. See the <a href="#contents">table of contents</a>.</p>`;

/** How a page's list or field is set. */
interface ElementSetting {
  readonly lang?: string;
  readonly attributes?: string;
  /** Where the search is. Default: one that finds something. */
  readonly endpoint?: string;
  /** HTML inside of the element. */
  readonly slots?: string;
}

/** Both elements on a site's page, apart from what the demo shows of them. */
export const elementStates: PictureStates = {
  'list-compact': list({ attributes: 'density="compact" show-scores explain' }),
  'list-explained': list({ attributes: 'explain show-scores' }, explain),
  'list-arabic': list({ lang: 'ar', attributes: 'show-scores' }),
  'list-hebrew': list({ lang: 'he', attributes: 'show-scores' }),
  'list-hebrew-compact': list({ lang: 'he', attributes: 'density="compact"' }),
  'list-arabic-explained': list({ lang: 'ar', attributes: 'explain show-scores' }, explain),
  'list-hebrew-pinned': list({ lang: 'he', attributes: 'reorder="pinned"' }, (page) =>
    page.locator('[part="show-order"]').waitFor(),
  ),
  'list-nothing-found': list({ endpoint: '/nothing' }, waitForStatus),
  'list-no-search': list({ endpoint: '/missing' }, waitForStatus),
  'list-own-nothing-found': list({ endpoint: '/nothing', slots: OWN_WORDS }, waitForStatus),
  'list-own-no-search': list({ endpoint: '/missing', slots: OWN_WORDS }, waitForStatus),
  'field-open': field({ attributes: 'show-scores' }),
  'field-active': field({ attributes: 'show-scores' }, (page) =>
    page.locator('input').press('ArrowDown'),
  ),
  'field-labelled': field({ attributes: 'label="Search the manual" show-label top-n="3"' }),
  'field-compact': field({ attributes: 'density="compact" show-scores' }),
  'field-inline': field({ attributes: 'inline show-scores' }),
  'field-held': field({ attributes: 'reorder="pinned"' }, (page) =>
    page.locator('[part="show-order"]').waitFor(),
  ),
  'field-nothing-found': field({ endpoint: '/nothing' }, waitForStatus),
  'field-no-search': field({ endpoint: '/missing' }, waitForStatus),
  'field-own-no-search': field({ endpoint: '/missing', slots: OWN_WORDS }, waitForStatus),
  'field-arabic': field({ lang: 'ar', attributes: 'show-scores' }, (page) =>
    page.locator('input').press('ArrowDown'),
  ),
  'field-hebrew': field({ lang: 'he', attributes: 'show-scores' }),
  'field-at-the-end': field({ attributes: 'show-scores class="low"' }),
  'field-at-the-side': field({}, undefined, (html) => inHeader(html)),
  'field-at-the-side-hebrew': field({ lang: 'he' }, undefined, (html) => inHeader(html)),
};

/** The list with its search field, once it is reranked and `then` is done. */
function list(setting: ElementSetting, then?: (page: Page) => Promise<unknown>): PictureState {
  const { lang = 'en', attributes = '', slots = '' } = setting;
  const body = `
    <h1>Tern</h1>
    <p><input id="field" type="search" value="${QUERY}"></p>
    <rerank-results for="field" endpoint="${toEndpoint(setting)}" device="wasm" ${attributes}>${slots}</rerank-results>`;
  return ofPage(async (page, address) => {
    await page.goto(toElementPage(address, body, lang));
    await (then ?? waitForRanks)(page);
  });
}

/** The field with its results open, once they are reranked and `then` is done. */
function field(
  setting: ElementSetting,
  then: (page: Page) => Promise<unknown> = waitForRanks,
  wrap: (html: string) => string = (html) => `<h1>Tern</h1>${html}`,
): PictureState {
  const { lang = 'en', attributes = '', slots = '' } = setting;
  const html = `<rerank-search endpoint="${toEndpoint(setting)}" device="wasm" ${attributes}>${slots}</rerank-search>`;
  return ofWindow(async (page, address) => {
    await page.goto(toElementPage(address, wrap(html), lang));
    await page.locator('input').fill(QUERY);
    if (then !== waitForStatus && !attributes.includes('pinned')) await waitForRanks(page);
    await then(page);
  });
}

function toEndpoint({ lang = 'en', endpoint = '/search' }: ElementSetting): string {
  return `${endpoint}?lang=${lang}&amp;q={query}`;
}

function inHeader(html: string): string {
  return `<header class="bar"><strong>Tern</strong>${html}</header><h1>Install</h1>`;
}

/** The model's order is there. */
function waitForRanks(page: Page): Promise<void> {
  return page.locator(':is(rerank-results, rerank-search):state(reranked)').waitFor();
}

/** The search ended. */
async function waitForStatus(page: Page): Promise<void> {
  const ended = ':is(rerank-results, rerank-search):is(:state(search-failed), :state(skipped))';
  await page.locator(ended).waitFor();
}

async function explain(page: Page): Promise<void> {
  await waitForRanks(page);
  await page.locator('[part="why"]').first().click();
  await page.locator('[part="explanation"][aria-busy="false"]').waitFor();
}
