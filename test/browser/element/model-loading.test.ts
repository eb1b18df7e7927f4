import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createReranker } from 'rerank-results';
import {
  addElement,
  addField,
  expectTitles,
  found,
  movePointerAway,
  nextEvent,
  query,
  rerankedOrder,
  settle,
  tinyModel,
} from './stage.ts';
import { keepWorkers, lanes, workers } from '../kept-workers.ts';

// Only a worker fetches a model.
beforeEach(keepWorkers);

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

// Each test has a limit of tokens of its own, so that it shares no worker with another test.

test('nothing is loaded before the first query', async () => {
  const element = addElement({ search: () => found, maxTokens: 61 });
  await element.updateComplete;
  await settle(300);
  expect(workers).toHaveLength(0);
  element.query = query;
  await expectTitles(element, rerankedOrder);
  expect(workers).toHaveLength(1);
});

test('`preload="eager"` loads the model at once, and the first query uses it', async () => {
  const element = addElement({ search: () => found, preload: 'eager', maxTokens: 62 });
  const { detail } = await nextEvent(element, 'rerank-progress');
  expect(detail.totalBytes).toBeGreaterThan(0);
  expect(workers).toHaveLength(1);
  element.query = query;
  await expectTitles(element, rerankedOrder);
  expect(workers).toHaveLength(1);
});

test('`preload="idle"` loads the model when the page has time', async () => {
  const element = addElement({ search: () => found, preload: 'idle', maxTokens: 63 });
  await nextEvent(element, 'rerank-progress');
  expect(workers).toHaveLength(1);
});

test('`preload="focus"` loads the model when the search field gets the focus', async () => {
  const field = addField('q');
  const element = addElement({
    htmlFor: 'q',
    search: () => found,
    preload: 'focus',
    maxTokens: 64,
  });
  await element.updateComplete;
  await settle();
  expect(workers).toHaveLength(0);
  const progress = nextEvent(element, 'rerank-progress');
  field.focus();
  await progress;
  expect(workers).toHaveLength(1);
});

test('`preload="focus"` loads the model at once where the field has the focus', async () => {
  addField('q').focus();
  const element = addElement({
    htmlFor: 'q',
    search: () => found,
    preload: 'focus',
    maxTokens: 65,
  });
  await nextEvent(element, 'rerank-progress');
  expect(workers).toHaveLength(1);
});

test('without `preload`, the focus on the field loads nothing', async () => {
  addField('q').focus();
  addElement({ htmlFor: 'q', search: () => found, maxTokens: 66 });
  await settle(200);
  expect(workers).toHaveLength(0);
});

test('a preload that fails is told, and the first query tries again', async () => {
  const element = addElement({
    search: () => found,
    preload: 'eager',
    modelBase: '/nowhere/',
    maxTokens: 67,
  });
  const { detail } = await nextEvent(element, 'rerank-error');
  expect(detail).toMatchObject({ query: '', during: 'preload', error: { code: 'model-load' } });
  element.modelBase = '/test/models/';
  element.query = query;
  await expectTitles(element, rerankedOrder);
});

test('after a model could not be loaded, the next query tries again', async () => {
  const element = addElement({ search: () => found, modelBase: '/nowhere/', maxTokens: 73 });
  element.query = 'first';
  await nextEvent(element, 'rerank-error');
  expect(workers).toHaveLength(1);
  element.query = query;
  await nextEvent(element, 'rerank-error');
  expect(workers).toHaveLength(2);
  expect(workers.map(({ isEnded }) => isEnded)).toEqual([true, true]);
});

test('an element with a reranker of the site loads none', async () => {
  const reranker = await createReranker({ ...tinyModel, modelBaseUrl: tinyModel.modelBase });
  expect(workers).toHaveLength(1);
  const element = addElement({ search: () => found, query, reranker, preload: 'eager' });
  await expectTitles(element, rerankedOrder);
  expect(workers).toHaveLength(1);

  vi.useFakeTimers({ toFake: ['setTimeout'] });
  element.remove();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(workers[0]?.isEnded).toBe(false);
  await reranker.dispose();
  expect([...workers, ...lanes].every(({ isEnded }) => isEnded)).toBe(true);
});

test('elements with the same settings share one worker; others have their own', async () => {
  await movePointerAway();
  const first = addElement({ search: () => found, query, maxTokens: 68 });
  const second = addElement({ search: () => found, query, maxTokens: 68 });
  await expectTitles(first, rerankedOrder);
  await expectTitles(second, rerankedOrder);
  expect(workers).toHaveLength(1);
  const third = addElement({ search: () => found, query, maxTokens: 69 });
  await expectTitles(third, rerankedOrder);
  expect(workers).toHaveLength(2);
});

test('a shared worker outlives one of its elements and ends some seconds after the last one', async () => {
  const first = addElement({ search: () => found, query, maxTokens: 70 });
  const second = addElement({ search: () => found, query, maxTokens: 70 });
  await expectTitles(first, rerankedOrder);
  await expectTitles(second, rerankedOrder);
  first.remove();
  await second.refresh();
  expect(second.runState.phase).toBe('reranked');

  vi.useFakeTimers({ toFake: ['setTimeout'] });
  second.remove();
  await vi.advanceTimersByTimeAsync(4900);
  expect(workers.map(({ isEnded }) => isEnded)).toEqual([false]);
  await vi.advanceTimersByTimeAsync(200);
  await vi.waitFor(() => expect(workers.map(({ isEnded }) => isEnded)).toEqual([true]));
});

test('an element that comes back within the time keeps its worker', async () => {
  const element = addElement({ search: () => found, query, maxTokens: 71 });
  await expectTitles(element, rerankedOrder);
  element.remove();
  await settle();
  document.body.append(element);
  await nextEvent(element, 'rerank-complete');
  expect(workers).toHaveLength(1);
});

test('an element that left the page loads no model, whatever is set', async () => {
  const element = addElement({ search: () => found, preload: 'idle', maxTokens: 72 });
  await element.updateComplete;
  element.remove();
  element.query = query;
  await settle(500);
  expect(workers).toHaveLength(0);
});
