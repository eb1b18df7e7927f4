import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DURATION_LIMITS_MS,
  DurationSample,
  KEPT_DURATIONS,
} from '../../src/metrics/duration-sample.ts';
import { MetricsTally, type RunWaits } from '../../src/metrics/metrics-tally.ts';
import { RerankError } from '../../src/shared/errors.ts';
import type { RerankOutcome } from '../../src/shared/types.ts';
import { fakeModel } from '../client/fake-scorer.ts';
import { rank, stopAfter } from '../results/ranked.ts';

const noWaits: RunWaits = { sinceStartMs: undefined, sinceCandidatesMs: undefined };

/** An outcome whose results stood in the search's order at these positions, from 0. */
function outcomeOf(
  order: readonly number[],
  facts: Partial<RerankOutcome<unknown>> = {},
): RerankOutcome<unknown> {
  const results = rank(...order).map((result, position) => ({
    ...result,
    index: order[position] ?? 0,
    originalRank: (order[position] ?? 0) + 1,
  }));
  return {
    complete: true,
    results,
    usage: {
      pairs: order.length,
      cachedPairs: 1,
      tokens: 100,
      truncatedDocuments: 0,
      unknownLanguageDocuments: 0,
      truncatedQuery: false,
    },
    timing: { tokenizeMs: 2, inferMs: 30, totalMs: 40 },
    model: fakeModel,
    ...facts,
  } as RerankOutcome<unknown>;
}

const durations = fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), {
  minLength: 1,
  maxLength: 2 * KEPT_DURATIONS,
});

describe('durations', () => {
  it('have percentiles that were measured, are in order, and are not exceeded by as many as they say', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const sample = new DurationSample();
        for (const ms of values) sample.add(ms);
        const summary = sample.summarize();
        if (!summary) throw new Error('No summary.');
        const newest = values.slice(-KEPT_DURATIONS);
        for (const [part, value] of [
          [0.5, summary.p50Ms],
          [0.95, summary.p95Ms],
          [0.99, summary.p99Ms],
        ] as const) {
          expect(newest).toContain(value);
          const notAbove = newest.filter((ms) => ms <= value).length;
          const below = newest.filter((ms) => ms < value).length;
          expect(notAbove).toBeGreaterThanOrEqual(part * newest.length);
          expect(below).toBeLessThan(part * newest.length);
        }
        expect(summary.maxMs).toBe(Math.max(...values));
        expect(summary.count).toBe(values.length);
        expect(summary.meanMs).toBeCloseTo(
          values.reduce((sum, ms) => sum + ms, 0) / values.length,
          6,
        );
      }),
    );
  });

  it('are each in one class of the histogram, whose limit they do not exceed', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const sample = new DurationSample();
        for (const ms of values) sample.add(ms);
        const { histogram = [] } = sample.summarize() ?? {};
        let upTo = 0;
        for (const [place, limit] of DURATION_LIMITS_MS.entries()) {
          upTo += histogram[place] ?? 0;
          expect(upTo).toBe(values.filter((ms) => ms <= limit).length);
        }
        expect(upTo + (histogram.at(-1) ?? 0)).toBe(values.length);
      }),
    );
  });

  it('of other than the newest are forgotten by the percentiles, and counted all the same', () => {
    const sample = new DurationSample();
    sample.add(9999);
    for (let time = 0; time < KEPT_DURATIONS; time += 1) sample.add(5);
    expect(sample.summarize()).toMatchObject({
      count: KEPT_DURATIONS + 1,
      maxMs: 9999,
      p50Ms: 5,
      p99Ms: 5,
    });
  });

  it('are none where nothing was measured', () => {
    expect(new DurationSample().summarize()).toBeUndefined();
  });
});

describe('runs', () => {
  it('are counted by how they went', () => {
    const tally = new MetricsTally(10);
    const error = new RerankError('model-load', 'Could not fetch https://example.org/secret.');
    tally.addCandidates(12);
    tally.addCandidates(undefined);
    tally.addStart();
    tally.addOutcome(outcomeOf([0, 1]), noWaits);
    const results = stopAfter(1, rank('a', 'b'));
    tally.addOutcome(outcomeOf([0, 1], { complete: false, stoppedBy: 'budget', results }), noWaits);
    tally.addSkip('consent');
    tally.addSkip('too-few');
    tally.addSkip('consent');
    tally.addError({ during: 'search', error: new RerankError('source-failed', 'x') });
    tally.addError({ during: 'rerank', error });
    const { runs, durations: ofSteps } = tally.summarize();
    expect(runs).toEqual({
      searched: 2,
      started: 1,
      completed: 1,
      stopped: { budget: 1 },
      skipped: { consent: 2, 'too-few': 1 },
      failed: {
        search: { 'source-failed': 1 },
        preload: {},
        rerank: { 'model-load': 1 },
        explain: {},
      },
    });
    expect(ofSteps.search).toMatchObject({ count: 1, p50Ms: 12 });
  });

  it('take their time in steps, none of which is less than nothing', () => {
    const tally = new MetricsTally(10);
    const waits = { sinceStartMs: 140, sinceCandidatesMs: 150 };
    tally.addOutcome(outcomeOf([0, 1]), waits);
    // A clock that was read a little earlier than another.
    tally.addOutcome(outcomeOf([0, 1], { timing: { tokenizeMs: 1, inferMs: 9, totalMs: 9.9 } }), {
      sinceStartMs: 9.8,
      sinceCandidatesMs: undefined,
    });
    const { durations: ofSteps } = tally.summarize();
    const read = (step: keyof typeof ofSteps): unknown => [
      ofSteps[step]?.count,
      ofSteps[step]?.p50Ms,
      ofSteps[step]?.maxMs,
    ];
    expect(read('load')).toEqual([2, 0, 100]);
    expect(read('queue')).toEqual([2, 0, 8]);
    expect(read('tokenize')).toEqual([2, 1, 2]);
    expect(read('infer')).toEqual([2, 9, 30]);
    expect(read('total')).toEqual([2, 9.9, 40]);
    expect(read('candidatesToComplete')).toEqual([1, 150, 150]);
  });

  it('are counted by what ran, with pairs that were scored and cached', () => {
    const tally = new MetricsTally(10);
    const gpu = { ...fakeModel, device: 'webgpu', engine: 'onnxruntime' } as const;
    const cpu = {
      ...fakeModel,
      engine: 'kernels',
      fallbackReason: 'https://host/x: 404; lost; lost',
      fallbackCauses: ['model-load', 'device-lost', 'device-lost'],
    } as const;
    tally.addOutcome(outcomeOf([0, 1, 2], { model: gpu }), noWaits);
    tally.addOutcome(outcomeOf([0, 1], { model: cpu }), noWaits);
    tally.addOutcome(outcomeOf([0, 1], { model: cpu }), noWaits);
    expect(tally.summarize()).toMatchObject({
      devices: { webgpu: 1, wasm: 2 },
      engines: { onnxruntime: 1, kernels: 2 },
      fallbacks: 2,
      fallbackCauses: { 'model-load': 2, 'device-lost': 2 },
      pairs: { scored: 7, cached: 3 },
    });
    expect(JSON.stringify(tally.summarize())).not.toContain('host');
  });

  it('of a reranker that leaves facts out still count', () => {
    const tally = new MetricsTally(10);
    const { results } = outcomeOf([1, 0]);
    tally.addOutcome({ complete: true, results } as unknown as RerankOutcome<unknown>, noWaits);
    expect(tally.summarize()).toMatchObject({
      runs: { completed: 1 },
      durations: {},
      order: { results: 2 },
    });
  });
});

describe('what moved', () => {
  it('is looked at among the first results only', () => {
    const tally = new MetricsTally(3);
    tally.addOutcome(outcomeOf([4, 1, 0, 2, 3]), noWaits);
    tally.addOutcome(outcomeOf([0, 1]), noWaits);
    expect(tally.summarize().order).toEqual({
      runs: 2,
      results: 5,
      movedShare: 2 / 5,
      meanMovement: (4 + 0 + 2) / 5,
      firstChangedShare: 1 / 2,
    });
  });

  it('is nothing where the order stayed, and between nothing and all for any order', () => {
    const orders = fc.integer({ min: 1, max: 30 }).chain((count) => {
      const all = [...Array(count).keys()];
      return fc.shuffledSubarray(all, { minLength: count });
    });
    fc.assert(
      fc.property(orders, fc.integer({ min: 1, max: 40 }), (order, top) => {
        const tally = new MetricsTally(top);
        tally.addOutcome(outcomeOf(order), noWaits);
        const { results, movedShare = -1, meanMovement = -1 } = tally.summarize().order;
        expect(results).toBe(Math.min(top, order.length));
        const stayed = order.slice(0, top).every((index, position) => index === position);
        expect(movedShare === 0).toBe(stayed);
        expect(meanMovement === 0).toBe(stayed);
        expect(movedShare).toBeLessThanOrEqual(1);
        expect(meanMovement).toBeGreaterThanOrEqual(movedShare);
      }),
    );
  });
});

describe('clicks', () => {
  it('tell the places before and after', () => {
    const tally = new MetricsTally(10);
    tally.addClick({ rank: 1, originalRank: 4 });
    tally.addClick({ rank: 2, originalRank: 2 });
    tally.addClick({ rank: 10, originalRank: 11 });
    tally.addClick({ rank: 1, originalRank: 50 });
    expect(tally.summarize().clicks).toEqual({
      count: 4,
      before: {
        meanRank: (4 + 2 + 11 + 50) / 4,
        meanReciprocalRank: (1 / 4 + 1 / 2 + 1 / 11 + 1 / 50) / 4,
        histogram: [0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 2],
      },
      after: {
        meanRank: (1 + 2 + 10 + 1) / 4,
        meanReciprocalRank: (1 + 1 / 2 + 1 / 10 + 1) / 4,
        histogram: [2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0],
      },
    });
  });
});

it('a tally of nothing says so, and has no mean of nothing', () => {
  const tally = new MetricsTally(10);
  expect(tally.isEmpty).toBe(true);
  expect(tally.summarize()).toMatchObject({
    durations: {},
    order: { runs: 0, results: 0 },
    clicks: { count: 0 },
  });
  expect(JSON.stringify(tally.summarize())).not.toContain('null');
  tally.addSkip('too-few');
  expect(tally.isEmpty).toBe(false);
});
