import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { createReranker, explainScore, type RerankRequest } from 'rerank-results';
import guide from '../../../docs/explain.md?raw';
import {
  addGated,
  addWithModel,
  announced,
  answer,
  createGatedReranker,
  expectPanels,
  findButton,
  findButtons,
  findPanels,
  MADE,
  pages,
  question,
  readMarks,
  readPanels,
  withRerank,
} from './explain-stage.ts';
import {
  addElement,
  addListElement,
  expectTitles,
  findLinks,
  finishGlides,
  found,
  movePointerAway,
  nextEvent,
  query,
  readTitles,
  rerankedOrder,
  searchOrder,
} from './stage.ts';

beforeEach(async () => {
  await movePointerAway();
});

afterEach(() => {
  document.body.replaceChildren();
  document.documentElement.style.colorScheme = '';
  document.body.style.cssText = '';
});

/** The guide's blocks of code in a language. */
const readBlocks = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(
    ([, code = '']) => code,
  );

describe('with the model that is shipped', () => {
  it('names the sentence that answers, and the words that ask for it, in words and by marks', async () => {
    const element = await addWithModel();
    findButton(element).click();
    await expectPanels(element, [MADE]);
    const [words = ''] = readPanels(element);
    expect(words).toContain(`This sentence raised the relevance most: ${answer}`);
    expect(readMarks(element, 'raised').at(-1)).toBe(answer);

    await using reranker = await createReranker();
    const [, document] = pages;
    if (!document) throw new Error('No page.');
    const explained = await explainScore(reranker, { query: question, document });
    const [strongest] = explained.words.toSorted((a, b) => b.effect - a.effect);
    expect(strongest?.text).toBe('deleted');
    expect(words).toMatch(/^“deleted”.* raised the relevance most\. .+ lowered the relevance\./);
    const mark = [...element.renderRoot.querySelectorAll<HTMLElement>('[part="raised"]')].find(
      ({ textContent }) => textContent === 'deleted',
    );
    expect(mark?.style.getPropertyValue('--rerank-strength')).toBe('1.00');
    // The query stands there whole.
    expect(mark?.parentElement?.textContent).toBe(question);
  });

  it('explains the passage that counted, where long documents are read by passages', async () => {
    const filler = 'The committee met and agreed on nothing new. '.repeat(60);
    const long = { title: 'Minutes', url: '#minutes', text: `${filler}${answer} ${filler}` };
    const element = addElement({
      model: 'minilm-l6-split',
      modelBase: '/models/',
      search: () => [pages[0] ?? {}, long],
      query: question,
      longDocuments: 'best-passage',
      fields: 'title,text',
      explain: true,
    });
    await expectTitles(element, ['Minutes', 'Locks']);
    findButton(element).click();
    await expectPanels(element, [answer]);
  });

  it.each(['light', 'dark'])('has no accessibility violations in %s colours', async (scheme) => {
    document.documentElement.style.colorScheme = scheme;
    // What the browser paints behind a page without colours is not known to the checker.
    document.body.style.cssText = 'background: Canvas; color: CanvasText';
    const element = await addWithModel();
    findButton(element).click();
    await expectPanels(element, [MADE]);
    await finishGlides(element);
    const { violations, passes } = await axe.run(element);
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(passes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['color-contrast', 'aria-valid-attr-value', 'button-name']),
    );
  });
});

test('without the attribute there are no buttons, and ids that a page could see are not there either', async () => {
  const element = addElement({ search: () => found, query });
  await expectTitles(element, rerankedOrder);
  expect(element.renderRoot.querySelectorAll('[part="why"], [part="list"] [id]')).toHaveLength(0);
  element.setAttribute('explain', '');
  await element.updateComplete;
  expect(findButtons(element)).toHaveLength(3);
});

test('the site’s own list stays as it is', async () => {
  const { element, list } = addListElement({ query, explain: true });
  await nextEvent(element, 'rerank-complete');
  await element.updateComplete;
  expect(list.querySelectorAll('button')).toHaveLength(0);
  expect(findButtons(element)).toHaveLength(0);
});

describe('the button', () => {
  it('is named by its words and the result, and is large enough to be touched', async () => {
    const { element } = await addGated();
    const button = findButton(element);
    const names = (button.getAttribute('aria-labelledby') ?? '')
      .split(' ')
      .map((id) => element.shadowRoot?.getElementById(id)?.textContent.trim());
    expect(names).toEqual(['Why this result?', rerankedOrder[0]]);
    const { height, width } = button.getBoundingClientRect();
    expect(Math.min(height, width)).toBeGreaterThanOrEqual(24);
  });

  it('is reached and pressed with the keyboard, and Escape closes what it opened, and nothing else', async () => {
    const { element, open } = await addGated();
    const heard: string[] = [];
    document.body.addEventListener('keydown', ({ key }) => heard.push(key));
    findLinks(element)[0]?.focus();
    await userEvent.keyboard('{Tab}');
    const button = findButton(element);
    expect(element.shadowRoot?.activeElement).toBe(button);
    await userEvent.keyboard('{Enter}');
    open();
    await expectPanels(element, [MADE]);
    expect(button.ariaExpanded).toBe('true');
    const panel = element.shadowRoot?.getElementById(button.getAttribute('aria-controls') ?? '');
    expect(panel).toBe(findPanels(element)[0]);
    expect(element.shadowRoot?.activeElement).toBe(button);

    await userEvent.keyboard('{Escape}');
    await expectPanels(element, []);
    expect(heard).toEqual(['Tab', 'Enter']);
    expect(button.ariaExpanded).toBe('false');
    expect(element.shadowRoot?.activeElement).toBe(button);
    await userEvent.keyboard('{Escape}');
    expect(heard).toEqual(['Tab', 'Enter', 'Escape']);
  });

  it('takes its place before there is a score, and has none for a language model’s places in a list', async () => {
    const { reranker } = await createGatedReranker();
    let answerNow = (): void => undefined;
    const mayAnswer = new Promise<void>((resolve) => (answerNow = resolve));
    const rerank = async (request: RerankRequest<object>) => {
      await mayAnswer;
      const outcome = await reranker.rerank(request);
      return { ...outcome, model: { ...outcome.model, engine: 'language-model' } };
    };
    const element = addElement({
      search: () => found,
      query,
      explain: true,
      reranker: withRerank(reranker, rerank),
    });
    await expectTitles(element, searchOrder);
    const { height } = element.getBoundingClientRect();
    expect(findButtons(element)).toHaveLength(0);
    answerNow();
    await expectTitles(element, rerankedOrder);
    expect(findButtons(element)).toHaveLength(0);
    element.reranker = reranker;
    await expect.poll(() => findButtons(element)).toHaveLength(3);
    expect(element.getBoundingClientRect().height).toBe(height);
  });
});

test('a failure is said where the reader asked, told by an event, and may be tried again', async () => {
  const { reranker } = await createGatedReranker();
  let fails = true;
  const rerank = (request: RerankRequest<object>) => {
    if (!request.onPartial && fails) return Promise.reject(new Error('No memory.'));
    return reranker.rerank(request);
  };
  const element = addElement({
    search: () => found,
    query,
    explain: true,
    reranker: withRerank(reranker, rerank),
  });
  await expectTitles(element, rerankedOrder);
  const failed = nextEvent(element, 'rerank-error');
  findButton(element).click();
  const { detail } = await failed;
  expect(detail).toMatchObject({
    query,
    during: 'explain',
    error: { code: 'worker-failed', message: 'No memory.' },
  });
  await expectPanels(element, ['The reason could not be found.']);
  await expect.poll(() => announced(element)).toBe('The reason could not be found.');
  expect(readTitles(element)).toEqual(rerankedOrder);

  fails = false;
  findButton(element).click();
  findButton(element).click();
  await expectPanels(element, [MADE]);
});

test('the element and the style of docs/explain.md do what the page says', async () => {
  const [html = ''] = readBlocks('html');
  const [css = ''] = readBlocks('css');
  const style = document.createElement('style');
  style.textContent = css;
  document.body.append(style);
  const template = document.createElement('template');
  template.innerHTML = html;
  const element = template.content.querySelector('rerank-results');
  if (!element) throw new Error('No element in the guide.');
  Object.assign(element, {
    ...{ model: 'minilm-l6-split', modelBase: '/models/', device: 'wasm' },
    search: () => pages,
    query: question,
  });
  document.body.append(element);
  await expect.poll(() => findButtons(element)).toHaveLength(2);
  findButton(element).click();
  await expectPanels(element, [MADE]);
  const mark = element.renderRoot.querySelector('[part="raised"]');
  expect(mark && getComputedStyle(mark).backgroundColor).toMatch(/^rgba\(0, 128, 0, 0\.[1-4]/);
});

test('hostile texts are texts in an explanation, too', async () => {
  const attack = vi.fn();
  Object.assign(window, { attack });
  const markup = '<img src=x onerror=attack()><mark part="raised">now</mark>';
  const hostile = `disk ${markup} \u202efull`;
  const search = () => [
    { title: 'One', url: '#1', text: `${markup} is on the disk. It is full.` },
    { title: 'Two', url: '#2', text: `\u2067It is full. ${markup}` },
  ];
  const element = addElement({ search, query: hostile, explain: true, fields: 'title,text' });
  await expect.poll(() => findButtons(element)).toHaveLength(2);
  findButton(element, 0).click();
  findButton(element, 1).click();
  await expectPanels(element, [MADE, MADE]);
  const inside = findPanels(element).flatMap((panel) => [...panel.querySelectorAll('*')]);
  const names = new Set(inside.map(({ localName }) => localName));
  expect([...names].filter((name) => !['p', 'span', 'mark'].includes(name))).toEqual([]);
  expect(element.renderRoot.querySelector('img')).toBeNull();
  expect(attack).not.toHaveBeenCalled();
});
