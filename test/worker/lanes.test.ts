import { describe, expect, it, vi } from 'vitest';
import { runInLanes } from '../../src/worker/run-in-lanes.ts';
import { FakeBackend, collectScores, makeTexts, openEngineOver } from './fake-backend.ts';

const waitFor = (backend: FakeBackend, inFlight: number): Promise<void> =>
  vi.waitFor(() => expect(backend.waiting).toHaveLength(inFlight));

describe('an engine over a backend with three lanes', () => {
  it('keeps three batches in flight, and gives each score to its own text', async () => {
    const backend = new FakeBackend(3);
    const engine = await openEngineOver(backend);
    const texts = makeTexts(8, 4);
    const { logits, onScores } = collectScores();
    const run = engine.score('lock', texts, { onScores });
    await waitFor(backend, 3);
    // The newest first: lanes need not end in their order.
    backend.waiting[2]?.answer();
    await vi.waitFor(() => expect(backend.started).toBe(4));
    expect([...logits.keys()]).toEqual([2]);
    expect(backend.waiting).toHaveLength(3);
    backend.answersAfterMs = 0;
    for (const batch of [...backend.waiting]) batch.answer();
    const { usage } = await run;
    expect(usage).toMatchObject({ pairs: 8, cachedPairs: 0 });

    const alone = new FakeBackend(1);
    alone.answersAfterMs = 0;
    const expected = collectScores();
    await (await openEngineOver(alone)).score('lock', texts, { onScores: expected.onScores });
    expect([...expected.logits.keys()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(new Map([...logits].toSorted(([a], [b]) => a - b))).toEqual(expected.logits);
  });

  it('starts nothing after an abort, and ends when nothing is in flight', async () => {
    const backend = new FakeBackend(3);
    const engine = await openEngineOver(backend);
    const { onScores } = collectScores();
    const controller = new AbortController();
    const run = engine.score('lock', makeTexts(8, 4), { signal: controller.signal, onScores });
    const ended = vi.fn();
    run.catch(ended);
    await waitFor(backend, 3);
    controller.abort();
    backend.waiting[0]?.answer();
    const next = engine.score('view', makeTexts(1, 4), { onScores });
    await waitFor(backend, 2);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ended).not.toHaveBeenCalled();
    expect(backend.started).toBe(3);

    for (const batch of [...backend.waiting]) batch.answer();
    await expect(run).rejects.toMatchObject({ code: 'aborted' });
    await waitFor(backend, 1);
    expect(backend.started).toBe(4);
    backend.waiting[0]?.answer();
    await expect(next).resolves.toMatchObject({ usage: { pairs: 1 } });
  });

  it('fails with the first failure once nothing is in flight, and then runs the next job', async () => {
    const backend = new FakeBackend(3);
    const engine = await openEngineOver(backend);
    const { onScores } = collectScores();
    const run = engine.score('lock', makeTexts(8, 4), { onScores });
    const ended = vi.fn();
    run.catch(ended);
    await waitFor(backend, 3);
    backend.waiting[1]?.fail(new Error('the first'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ended).not.toHaveBeenCalled();
    backend.waiting[0]?.fail(new Error('the second'));
    backend.waiting[0]?.answer();
    await expect(run).rejects.toThrow('the first');
    expect(backend.started).toBe(3);

    backend.answersAfterMs = 0;
    const { usage } = await engine.score('lock', makeTexts(8, 4), { onScores });
    // What was in flight beside the failure is kept.
    expect(usage).toMatchObject({ pairs: 8, cachedPairs: 1 });
  });

  it('warms up every lane', async () => {
    const backend = new FakeBackend(3);
    const engine = await openEngineOver(backend);
    const warm = engine.warmup();
    await waitFor(backend, 3);
    for (const batch of [...backend.waiting]) batch.answer();
    await warm;
    expect(backend.started).toBe(3);
  });
});

describe('runInLanes', () => {
  it('works on every item once, in order where there is one lane', async () => {
    const seen: number[] = [];
    await runInLanes([1, 2, 3], 1, (item) => {
      seen.push(item);
      return Promise.resolve();
    });
    expect(seen).toEqual([1, 2, 3]);
  });

  it('does nothing for nothing', async () => {
    await expect(runInLanes([], 3, () => Promise.reject(new Error('no')))).resolves.toBeUndefined();
  });
});
