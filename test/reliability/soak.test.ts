import { expect, test } from 'vitest';
import { soak } from './soak.ts';

/** What a page's heap may gain in a minute of typing: results of the last queries, and noise. */
const NOISE_BYTES = 3e6;

test('a minute of typing leaves no listener, node, worker or memory behind', async ({
  annotate,
}) => {
  const { samples, errors } = await soak({ minutes: 1, sampleSeconds: 20, seed: 6 });
  await annotate(JSON.stringify(samples), 'notice');
  expect(errors).toEqual([]);
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) throw new Error('No samples.');
  expect(samples.reduce((sum, { runs }) => sum + runs, 0)).toBeGreaterThan(0);
  expect(last.workers).toBe(first.workers);
  // Every result is an item with its link: the lists of the samples differ in length.
  expect(last.listeners).toBeLessThan(1.5 * first.listeners + 100);
  expect(last.nodes).toBeLessThan(1.5 * first.nodes + 1000);
  expect(last.heapBytes).toBeLessThan(first.heapBytes + NOISE_BYTES);
}, 300_000);
