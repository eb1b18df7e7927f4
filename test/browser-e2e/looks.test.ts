import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { readElements } from '../../scripts/element-manifest.ts';
import { readCodeBlocks } from '../docs-site/code-blocks.ts';
import { QUERY, candidates, useGuidePages, type GuidePages } from './guide-pages.ts';

const styles = readCodeBlocks('looks', 'css');
const [dense = '', slotted = '', rightToLeft = ''] = readCodeBlocks('looks', 'html');

let pages: GuidePages;
useGuidePages((opened) => {
  pages = opened;
});

const ELEMENTS = `<rerank-results class="slow" device="wasm"></rerank-results>
  <rerank-search device="wasm" endpoint="-"></rerank-search><rerank-log></rerank-log>`;

/** What one query finds; one result alone is not reranked, and no model is loaded for it. */
const ONE = 'forget the password';

/** Queries of these names fail, never end, or find nothing. */
const MODULE = `import 'rerank-results/element';
  const found = ${JSON.stringify(candidates)};
  for (const element of document.querySelectorAll('rerank-results, rerank-search')) {
    element.search = async (query) => {
      if (query === 'fail' && !globalThis.isUp) throw new Error('The search is down.');
      if (query === 'wait') await new Promise(() => {});
      if (query === 'nothing') return [];
      return query === ${JSON.stringify(ONE)} ? found.filter(({ title }) => title === 'Recovery phrase') : found;
    };
  }`;

/** Opens a page with the guide's rules, or with those blocks that have these words. */
async function openStyled(html = ELEMENTS, words = ''): Promise<Page> {
  const css = styles.filter((block) => block.includes(words)).join('');
  const { page } = await pages.open(`<style id="guide">${css}</style>${html}`, [MODULE]);
  return page;
}

/** Asks the list, and types into the field. */
async function ask(page: Page, query: string): Promise<void> {
  await page.locator('rerank-results').evaluate((element, text) => {
    (element as HTMLElement & { query: string }).query = text;
  }, query);
  const field = page.locator('rerank-search input');
  if ((await field.count()) > 0) await field.fill(query);
}

/** What the browser made of a property, of the first element of these. */
function readStyle(page: Page, selector: string, property: string): Promise<string> {
  return page
    .locator(selector)
    .first()
    .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
}

/** The same without the guide's rules. */
async function readPlainStyle(page: Page, selector: string, property: string): Promise<string> {
  const setDisabled = (isDisabled: boolean): Promise<void> =>
    page.locator('#guide').evaluate((style, value) => {
      (style as HTMLStyleElement).disabled = value;
    }, isDisabled);
  await setDisabled(true);
  const value = await readStyle(page, selector, property);
  await setDisabled(false);
  return value;
}

describe('the guide to looks', () => {
  it('names parts, states and properties that the elements have, and all of the properties', () => {
    const css = styles.join('');
    const elements = readElements();
    const readNames = (pattern: RegExp): string[] =>
      [...css.matchAll(pattern)].map(([, name = '']) => name);
    for (const [, tagName, part] of css.matchAll(/(rerank-\w+)[^ ]*::part\(([\w-]+)\)/g)) {
      const element = elements.find((declaration) => declaration.tagName === tagName);
      expect(element?.cssParts.map(({ name }) => name)).toContain(part);
    }
    const states = elements.flatMap(({ cssStates }) => cssStates.map(({ name }) => name));
    expect(states).toEqual(expect.arrayContaining(readNames(/:state\(([\w-]+)\)/g)));
    const properties = elements.flatMap(({ cssProperties }) => cssProperties);
    expect(new Set(readNames(/(--[\w-]+):/g))).toEqual(new Set(properties.map(({ name }) => name)));
  });

  it.each([
    [
      'max-width: 42rem',
      ['rerank-results', 'max-width', '672px'],
      ['rerank-results [part=link]', 'font-family', 'Georgia, serif'],
      ['rerank-results [part=item]', 'color', 'rgb(40, 40, 60)'],
    ],
    [
      'color: rgb(0 90 160)',
      ['rerank-results [part=link]', 'color', 'rgb(0, 90, 160)'],
      ['rerank-search [part=title]', 'color', 'rgb(0, 90, 160)'],
    ],
    [
      '--rerank-gap',
      ['rerank-results [part=list]', 'row-gap', '32px'],
      ['rerank-results [part=text]', 'color', 'rgb(90, 90, 90)'],
      ['rerank-results [part=mark]', 'background-color', 'rgb(220, 240, 255)'],
      ['rerank-search [part=field]', 'border-radius', '0px'],
      ['rerank-search [part=field]', 'background-color', 'rgb(240, 240, 245)'],
      ['rerank-search [part=input]', 'color', 'rgb(20, 20, 30)'],
      ['rerank-search [part=popup]', 'background-color', 'rgb(250, 250, 255)'],
      ['rerank-search [part=popup]', 'color', 'rgb(30, 30, 40)'],
    ],
    [
      '::part(link):hover',
      ['rerank-results [part=item]', 'padding-top', '16px'],
      ['rerank-results [part=item]', 'border-top-left-radius', '12px'],
      ['rerank-results [part=link]', 'text-decoration-line', 'none'],
      ['rerank-results [part=mark]', 'background-color', 'rgba(0, 0, 0, 0)'],
      ['rerank-search [part=mark]', 'background-color', 'rgba(0, 0, 0, 0)'],
      ['rerank-search [part=field]', 'border-top-width', '2px'],
    ],
    ['border-inline-start', ['rerank-results [part=item]', 'border-left-width', '3px']],
    ['transition', ['rerank-results [part=item]', 'transition-duration', '0.2s']],
    ['rerank-log', ['rerank-log [part=clear]', 'color', 'rgb(200, 0, 40)']],
  ])('has rules with %s that change what they say', async (words, ...changes) => {
    const page = await openStyled(ELEMENTS, words);
    await ask(page, ONE);
    await page.locator('rerank-search [part=mark]').first().waitFor();
    await page.locator('rerank-results [part=mark]').first().waitFor();
    for (const [selector = '', property = '', value] of changes) {
      expect(await readStyle(page, selector, property), selector).toBe(value);
      expect(await readPlainStyle(page, selector, property), selector).not.toBe(value);
    }
  });

  it('has a width for the popup, a colour for the active option, and a line under a link that is pointed at', async () => {
    const page = await openStyled(ELEMENTS.replace('<rerank-search', '$& style="width: 12rem"'));
    await ask(page, ONE);
    await page.locator('rerank-search [part=mark]').first().waitFor();
    expect(await readStyle(page, 'rerank-search [part=popup]', 'width')).toBe('480px');
    await page.keyboard.press('ArrowDown');
    const active = 'rerank-search [part~=active]';
    await page.locator(active).waitFor();
    expect(await readStyle(page, active, 'background-color')).toBe('rgb(230, 230, 250)');
    await page.keyboard.press('Escape');
    await page.locator('rerank-results [part=link]').hover();
    const line = await readStyle(page, 'rerank-results [part=link]', 'text-decoration-line');
    expect(line).toBe('underline');
  });

  it('has a dark mode that follows the system, and one that follows the page’s switch', async () => {
    const popup = 'rerank-search [part=popup]';
    const system = await openStyled(ELEMENTS, 'color-scheme: light dark');
    await ask(system, ONE);
    expect(await readStyle(system, popup, 'background-color')).toBe('rgb(255, 255, 255)');
    const light = await readStyle(system, 'rerank-results [part=link]', 'color');
    await system.emulateMedia({ colorScheme: 'dark' });
    expect(await readStyle(system, popup, 'background-color')).toBe('rgb(18, 18, 18)');
    expect(await readStyle(system, 'rerank-results [part=link]', 'color')).not.toBe(light);

    const switched = await openStyled(ELEMENTS, 'data-theme');
    await ask(switched, ONE);
    for (const [theme, color, background] of [
      ['light', 'rgb(0, 90, 160)', 'rgb(255, 255, 255)'],
      ['dark', 'rgb(140, 200, 255)', 'rgb(18, 18, 18)'],
    ] as const) {
      await switched.locator('html').evaluate((root, value) => {
        root.dataset['theme'] = value;
      }, theme);
      expect(await readStyle(switched, 'rerank-results [part=link]', 'color')).toBe(color);
      expect(await readStyle(switched, popup, 'background-color')).toBe(background);
    }
  });

  it('has rules for states, each while it lasts', async () => {
    const page = await openStyled(ELEMENTS, ':state(');
    const list = 'rerank-results [part=list]';
    const status = 'rerank-results [part=status]';
    const field = 'rerank-search [part=field]';
    await ask(page, QUERY);
    await expect.poll(() => readStyle(page, status, 'color')).toBe('rgb(0, 110, 60)');
    expect(await readStyle(page, list, 'opacity')).toBe('1');
    await ask(page, 'wait');
    await expect.poll(() => readStyle(page, list, 'opacity')).toBe('0.6');
    expect(await readStyle(page, status, 'color')).not.toBe('rgb(0, 110, 60)');
    expect(await readStyle(page, field, 'border-top-color')).not.toBe('rgb(200, 0, 40)');
    await ask(page, 'fail');
    await expect.poll(() => readStyle(page, field, 'border-top-color')).toBe('rgb(200, 0, 40)');
  });

  it('has a dense list that shows scores, and offers the better order below a header', async () => {
    const page = await openStyled(`<input id="search">${dense}`, '--rerank-sticky');
    const plain = await openStyled(`<input id="search">${dense}`, 'no such rule');
    await plain.locator('#search').fill(ONE);
    const list = 'rerank-results [part=list]';
    await plain.locator(list).waitFor();
    expect(await readStyle(plain, list, 'row-gap')).toBe('10px');
    expect(await readStyle(plain, 'rerank-results [part=text]', '-webkit-line-clamp')).toBe('2');
    await page.locator('#search').fill(QUERY);
    const offer = page.locator('rerank-results [part=show-order]');
    await offer.waitFor();
    const head = 'rerank-results div:has(> [part=status])';
    expect(await readStyle(page, head, 'position')).toBe('sticky');
    expect(await readStyle(page, head, 'top')).toBe('64px');
    expect(await readStyle(page, head, 'background-color')).toBe('rgb(250, 250, 250)');
    await offer.click();
    await page.locator('rerank-results [part=scores]').first().waitFor();
  });

  it('has words of its own where nothing is found, and a way out of a failure', async () => {
    const page = await openStyled(slotted.replace('<rerank-results', '$& device="wasm"'));
    await ask(page, 'nothing');
    await page.getByRole('link', { name: 'All pages' }).waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(false);
    await ask(page, 'fail');
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await page.evaluate(() => Object.assign(globalThis, { isUp: true }));
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('rerank-results [part=item]').first().waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(false);
  });

  it('has a skeleton that waits longer, and none', async () => {
    const page = await openStyled(ELEMENTS, 'skeleton');
    await ask(page, 'wait');
    const skeleton = 'rerank-results [part=skeleton]';
    await page.locator(skeleton).waitFor();
    expect(await readStyle(page, skeleton, 'animation-delay')).toBe('1s');
    expect(await readPlainStyle(page, skeleton, 'animation-delay')).toBe('0.4s');
    await page.locator('rerank-results').evaluate((element) => {
      element.setAttribute('class', 'without-skeleton');
    });
    expect(await readStyle(page, skeleton, 'display')).toBe('none');
  });

  it('follows readers who want less motion, forced colours or more contrast', async () => {
    const page = await openStyled();
    await ask(page, ONE);
    const item = 'rerank-results [part=item]';
    const mark = 'rerank-results [part=mark]';
    await page.locator(mark).first().waitFor();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await readStyle(page, item, 'transition-duration')).toBe('0s');

    const text = 'rerank-results [part=text]';
    expect(await readStyle(page, text, 'color')).toBe('rgb(90, 90, 90)');
    await page.emulateMedia({ contrast: 'more' });
    expect(await readStyle(page, text, 'color')).toBe(await readStyle(page, item, 'color'));

    expect(await readStyle(page, item, 'border-top-color')).toBe('rgb(200, 200, 200)');
    await page.emulateMedia({ contrast: null, forcedColors: 'active' });
    expect(await readStyle(page, mark, 'text-decoration-line')).toBe('underline');
    const system = await readStyle(page, 'rerank-results [part=item]', 'color');
    expect(await readStyle(page, item, 'border-top-color')).toBe(system);
  });

  it('has the page’s direction, with rules for start and end', async () => {
    const { page } = await pages.open(
      `<style>${styles.join('')}</style><input id="search">${rightToLeft}`,
      [MODULE],
    );
    await page.locator('#search').fill(ONE);
    await page.locator('rerank-results [part=text]').waitFor();
    expect(await readStyle(page, 'rerank-results [part=item]', 'border-right-width')).toBe('3px');
    expect(await readStyle(page, 'rerank-results [part=item]', 'border-left-width')).toBe('1px');
    // English words are read from the left, at the page's side.
    expect(await readStyle(page, 'rerank-results [part=text]', 'direction')).toBe('ltr');
    expect(await readStyle(page, 'rerank-results [part=text]', 'text-align')).toBe('right');
  });
});
