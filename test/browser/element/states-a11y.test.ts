import axe from 'axe-core';
import { cdp } from 'vitest/browser';
import { afterEach, describe, expect, test } from 'vitest';
import type { RerankResults } from 'rerank-results/element';
import {
  addElement,
  expectStatus,
  expectTitles,
  finishGlides,
  found,
  query,
  rerankedOrder,
  searchOrder,
} from './stage.ts';
import { createGatedReranker } from './search-stage.ts';

afterEach(async () => {
  document.body.replaceChildren();
  document.documentElement.removeAttribute('style');
  await emulate([]);
  // One of them asks before the download.
  localStorage.clear();
});

/** Each state that the element can be in, as a reader meets it. */
const states: Readonly<Record<string, () => Promise<RerankResults>>> = {
  searching: async () => {
    const element = addElement({ search: () => new Promise(() => undefined), query });
    await expectStatus(element, 'Searching …');
    return element;
  },
  'the search’s order while the better one is made': async () => {
    const { reranker } = await createGatedReranker();
    const element = addElement({ search: () => found, query, reranker });
    await expectStatus(element, /Finding the best …$/);
    return element;
  },
  reranked: async () => {
    const element = addElement({ search: () => found, query, showScores: true });
    await expectTitles(element, rerankedOrder);
    return element;
  },
  'the search’s order again': async () => {
    const element = addElement({ search: () => found, query });
    await expectTitles(element, rerankedOrder);
    element.renderRoot.querySelector<HTMLElement>('[part="switch-order"]')?.click();
    await expectTitles(element, searchOrder);
    return element;
  },
  'a better order that waits': async () => {
    const element = addElement({ search: () => found, query, reorder: 'pinned' });
    await expectStatus(element, /^A better order is ready\./);
    return element;
  },
  'asked before the download': async () => {
    await caches.delete('rerank-results-models-1');
    const element = addElement({ search: () => found, query, consent: 'ask', maxTokens: 79 });
    await expectStatus(element, /^3 results\. A better order can be loaded\./);
    return element;
  },
  'without results': async () => {
    const element = addElement({ search: () => [], query });
    await expectStatus(element, /^No results/);
    return element;
  },
  'a failed search': async () => {
    const element = addElement({ search: () => Promise.reject(new Error('no index')), query });
    await expectStatus(element, /^The search did not work\./);
    return element;
  },
  'a model that is not there': async () => {
    const element = addElement({ search: () => found, query, model: 'no-such-model' });
    await expectStatus(element, /the better one could not be made/);
    return element;
  },
  'more results than are shown': async () => {
    const element = addElement({ search: () => found, query, topN: 2, density: 'compact' });
    await expectStatus(element, /^2 of 3 results, best first\.$/);
    return element;
  },
};

describe.each(Object.keys(states))('the element, %s', (name) => {
  test('has no accessibility violations in light, dark, forced colours and at 200 %', async () => {
    const element = await states[name]?.();
    if (!element) throw new Error('No such state.');
    await finishGlides(element);
    for (const [feature, value, style] of [
      ['prefers-color-scheme', 'light', 'color-scheme: light'],
      ['prefers-color-scheme', 'dark', 'color-scheme: dark; background: #111; color: #eee'],
      ['forced-colors', 'active', ''],
      ['prefers-contrast', 'more', 'font-size: 200%'],
    ] as const) {
      await emulate([{ name: feature, value }]);
      document.documentElement.setAttribute('style', style);
      const { violations } = await axe.run(element);
      const told = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
      expect(told, `${feature} ${value}`).toEqual([]);
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(window.innerWidth);
    }
  });
});

async function emulate(features: readonly { name: string; value: string }[]): Promise<void> {
  await cdp().send('Emulation.setEmulatedMedia', { features: [...features] });
}
