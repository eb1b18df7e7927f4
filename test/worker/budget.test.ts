import { expect, it } from 'vitest';
import { readClockMs } from '../../src/shared/clock.ts';
import { FakeBackend, collectScores, makeTexts, openEngineOver } from './fake-backend.ts';

const LONG_AGO = 0;
/** Words of a text whose pair the model reads whole, and a budget cuts. */
const LONG = 110;
const query = 'lock';

/** An engine whose backend has shown its speed. */
async function openMeasuredEngine(): Promise<{
  readonly engine: Awaited<ReturnType<typeof openEngineOver>>;
  readonly backend: FakeBackend;
}> {
  const backend = new FakeBackend(1);
  backend.answersAfterMs = 5;
  const engine = await openEngineOver(backend);
  await engine.warmup();
  backend.started = 0;
  return { engine, backend };
}

it('reads one batch where the time is over before it begins: the first', async () => {
  const { engine, backend } = await openMeasuredEngine();
  const { logits, truncated, onScores } = collectScores();
  const { usage } = await engine.score(query, makeTexts(50, LONG), {
    onScores,
    deadlineMs: LONG_AGO,
  });
  expect([...logits.keys()]).toEqual([0]);
  expect(backend.started).toBe(1);
  // Cut to the least that a pair may have.
  expect(usage).toMatchObject({ pairs: 1, tokens: 96, truncatedDocuments: 1 });
  expect([...truncated]).toEqual([0]);
});

it('starts no batch where some scores are known and the time is over', async () => {
  const { engine, backend } = await openMeasuredEngine();
  const texts = makeTexts(6, 4);
  await engine.score(query, texts.slice(3), { onScores: () => undefined });
  backend.started = 0;
  const { logits, onScores } = collectScores();
  const { usage } = await engine.score(query, texts, { onScores, deadlineMs: LONG_AGO });
  expect([...logits.keys()]).toEqual([3, 4, 5]);
  expect(backend.started).toBe(0);
  expect(usage).toMatchObject({ pairs: 3, cachedPairs: 3, tokens: 0 });
});

it('reads all of every document where there is time enough', async () => {
  const { engine } = await openMeasuredEngine();
  const texts = makeTexts(5, LONG);
  const { logits, truncated, onScores } = collectScores();
  await engine.score(query, texts, { onScores, deadlineMs: readClockMs() + 600_000 });
  expect(logits.size).toBe(5);
  expect(truncated.size).toBe(0);
});

it('keeps a cut pair’s score apart from that of the whole pair', async () => {
  const { engine } = await openMeasuredEngine();
  const texts = makeTexts(1, LONG);
  const cut = collectScores();
  await engine.score(query, texts, { onScores: cut.onScores, deadlineMs: LONG_AGO });
  const whole = collectScores();
  const { usage } = await engine.score(query, texts, { onScores: whole.onScores });
  expect(usage).toMatchObject({ cachedPairs: 0, truncatedDocuments: 0 });
  expect(usage.tokens).toBeGreaterThan(LONG);
  expect(whole.logits.get(0)).not.toBe(cut.logits.get(0));

  const again = collectScores();
  const third = await engine.score(query, texts, {
    onScores: again.onScores,
    deadlineMs: LONG_AGO,
  });
  expect(third.usage).toMatchObject({ cachedPairs: 1, truncatedDocuments: 0, tokens: 0 });
  expect(again.logits).toEqual(whole.logits);
});

it('takes a cut pair’s score again where time is short, and reads others', async () => {
  const { engine } = await openMeasuredEngine();
  const texts = makeTexts(2, LONG);
  await engine.score(query, texts.slice(0, 1), { onScores: () => undefined, deadlineMs: LONG_AGO });
  const { logits, onScores } = collectScores();
  const { usage } = await engine.score(query, texts, { onScores, deadlineMs: LONG_AGO });
  expect([...logits.keys()]).toEqual([0]);
  expect(usage).toMatchObject({ cachedPairs: 1, truncatedDocuments: 1, tokens: 0 });
});

it('tells with each batch what was done so far, and how fast the device is', async () => {
  const { engine } = await openMeasuredEngine();
  const told: number[] = [];
  const { timing } = await engine.score(query, makeTexts(3, 4), {
    onScores: ({ soFar }) => told.push(soFar.usage.pairs),
  });
  expect(told).toEqual([1, 2, 3]);
  expect(timing.tokensPerSecond).toBeGreaterThan(0);
});
