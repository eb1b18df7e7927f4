import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HangWatch } from '../../src/client/hang-watch.ts';

const never = new Promise<never>(() => undefined);

beforeEach(() => vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watch, and the silences that it told of. */
function createWatch(): { readonly watch: HangWatch; readonly hangs: number[] } {
  const hangs: number[] = [];
  return { watch: new HangWatch((ticks) => hangs.push(ticks)), hangs };
}

function tick(times: number): void {
  for (let count = 0; count < times; count += 1) vi.advanceTimersToNextTimer();
}

it('tells once of a worker that is silent for as long as is waited for it', () => {
  const { watch, hangs } = createWatch();
  watch.watch(never, 3);
  tick(2);
  expect(hangs).toEqual([]);
  tick(5);
  expect(hangs).toEqual([3]);
});

it('counts a time in which the computer slept as one tick', () => {
  const { watch, hangs } = createWatch();
  watch.watch(never, 3);
  vi.setSystemTime(Date.now() + 24 * 3_600_000);
  tick(1);
  expect(hangs).toEqual([]);
});

it('waits anew after a sign of life', () => {
  const { watch, hangs } = createWatch();
  watch.watch(never, 3);
  tick(2);
  watch.noteLife();
  tick(2);
  expect(hangs).toEqual([]);
  tick(1);
  expect(hangs).toEqual([3]);
});

it('takes another call for no sign of life', () => {
  const { watch, hangs } = createWatch();
  watch.watch(never, 3);
  tick(2);
  watch.watch(never, 3);
  tick(1);
  expect(hangs).toEqual([3]);
});

it('waits as long as the most patient call', () => {
  const { watch, hangs } = createWatch();
  watch.watch(never, 3);
  watch.watch(never, 5);
  tick(4);
  expect(hangs).toEqual([]);
});

it('leaves no timer behind when all is answered, in whatever way', async () => {
  const { watch, hangs } = createWatch();
  watch.watch(Promise.resolve(), 3);
  watch.watch(Promise.reject(new Error('no')), 3);
  await Promise.resolve();
  expect(vi.getTimerCount()).toBe(0);
  // A call after a long silence is not blamed for it.
  watch.watch(never, 3);
  tick(2);
  expect(hangs).toEqual([]);
  watch.end();
  expect(vi.getTimerCount()).toBe(0);
});
