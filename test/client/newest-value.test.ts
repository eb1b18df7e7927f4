import { expect, it } from 'vitest';
import { NewestValue } from '../../src/client/newest-value.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it('gives a slow reader the newest value and drops those between', async () => {
  const values = new NewestValue<number>();
  const read: number[] = [];
  const reading = (async () => {
    for await (const value of values) {
      read.push(value);
      await pause(20);
    }
  })();
  values.set(1);
  await pause(5);
  values.set(2);
  values.set(3);
  await pause(50);
  values.end();
  await reading;
  expect(read).toEqual([1, 3]);
});

it('ends a reader that waits', async () => {
  const values = new NewestValue<number>();
  const reading = values[Symbol.asyncIterator]().next();
  values.end();
  await expect(reading).resolves.toMatchObject({ done: true });
});
