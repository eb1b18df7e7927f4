import { expect, it } from 'vitest';
import { SerialQueue } from '../../src/shared/serial-queue.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it('runs one job at a time, in the order they came', async () => {
  const queue = new SerialQueue();
  const log: string[] = [];
  const job = (name: string, ms: number) => async () => {
    log.push(`${name} starts`);
    await pause(ms);
    log.push(`${name} ends`);
  };
  await Promise.all([queue.add(job('a', 20)), queue.add(job('b', 1))]);
  expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
});

it('goes on after a job that failed, and reports the failure to its caller only', async () => {
  const queue = new SerialQueue();
  const failing = queue.add(() => Promise.reject(new Error('broken')));
  const next = queue.add(() => Promise.resolve('fine'));
  await expect(failing).rejects.toThrow('broken');
  await expect(next).resolves.toBe('fine');
});
