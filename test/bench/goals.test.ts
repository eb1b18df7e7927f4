import { describe, expect, it } from 'vitest';
import { judgeGoals, type Goal } from '../../bench/goals.ts';
import type { BenchResults, EngineRow, ScenarioResult } from '../../bench/results.ts';

function measured<TRow>(...rows: TRow[]): ScenarioResult<TRow> {
  return {
    measuredAt: '2026-01-31T12:00:00.000Z',
    quick: false,
    rounds: 1,
    machine: {
      cpu: 'A processor',
      cores: 2,
      memoryBytes: 2 ** 34,
      platform: 'linux x64',
      node: '20.19.0',
      chromium: '140.0',
      packages: {},
    },
    rows,
    notes: [],
  };
}

const kernels = {
  subject: 'kernels',
  model: 'minilm-l6-split',
  threads: 2,
  isolated: false,
} as const;

function engineRow(
  maxTokens: number,
  againstTransformers: number,
  others: Partial<EngineRow> = {},
): EngineRow {
  return {
    ...kernels,
    maxTokens,
    pairs: 50,
    runMs: [1],
    pairsPerSecond: 1,
    tokensPerSecond: 1,
    paddingShare: 0,
    againstTransformers,
    ...others,
  };
}

function keystroke(againstFirst: number, cachedPairs: number, runMs: number) {
  const isRepeated = cachedPairs > 0;
  return { ...kernels, query: 'q', isRepeated, runMs, cachedPairs, pairs: 50, againstFirst };
}

function judge(results: BenchResults, name: RegExp): Goal | undefined {
  return judgeGoals(results).find((goal) => name.test(goal.name));
}

describe('the goals of the benchmark', () => {
  it('are not measured where their scenario did not run', () => {
    expect(new Set(judgeGoals({}).map(({ state }) => state))).toEqual(new Set(['not measured']));
  });

  it('count the worst setting against transformers.js', () => {
    const results = { engines: measured(engineRow(128, 3.5), engineRow(512, 2.9)) };
    const goal = judge(results, /on WASM/);
    expect(goal?.state).toBe('not reached');
    expect(goal?.value).toMatch(/^2\.90 × .*512 tokens/);
    const better = { engines: measured(engineRow(128, 3.5), engineRow(512, 3)) };
    expect(judge(better, /on WASM/)?.state).toBe('reached');
  });

  it('count one thread against onnxruntime-web, and two against one', () => {
    const one = { threads: 1, againstOnnxRuntimeWeb: 3.2 };
    const two = { threads: 2, againstOnnxRuntimeWeb: 1.1, againstOneThread: 1.6 };
    const results = { engines: measured(engineRow(128, 3, one), engineRow(128, 3, two)) };
    expect(judge(results, /with one thread/)?.state).toBe('reached');
    expect(judge(results, /with two threads/)?.state).toBe('not reached');
  });

  it('count the worst setting against native code', () => {
    const rows = [0.7, 0.59].map((againstNative) => engineRow(128, 3, { againstNative }));
    const goal = judge({ engines: measured(...rows) }, /native code/);
    expect(goal?.state).toBe('not reached');
    expect(goal?.value).toMatch(/^0\.59 ×/);
    expect(judge({ engines: measured(...rows.slice(0, 1)) }, /native code/)?.state).toBe('reached');
  });

  it('count no GPU that the processor imitates', () => {
    const row = { ...engineRow(128, 1, { againstOnnxRuntimeWeb: 9 }), adapter: 'a' };
    const imitated = { webgpu: measured({ ...row, isSoftware: true }) };
    expect(judge(imitated, /GPU/)?.state).toBe('not measured');
    const real = { webgpu: measured({ ...row, isSoftware: false }) };
    expect(judge(real, /GPU/)?.state).toBe('reached');
  });

  it('count scripts and WASM of a first visit, and no weights', () => {
    const files = ['/a.js', '/b.wasm', '/m/model.onnx_data.deflate'].map((path) => ({
      path,
      status: 200,
      encoding: 'br',
      bytes: 100e3,
    }));
    const visit = { visit: 'first', model: 'm', bytes: 300e3, readyMs: 1 } as const;
    const goalOf = (count: number): Goal | undefined =>
      judge({ loading: measured({ ...visit, files: files.slice(count) }) }, /scripts and WASM/);
    expect(goalOf(0)?.value).toBe('0.20 MB');
    expect(goalOf(0)?.state).toBe('not reached');
    expect(goalOf(1)?.state).toBe('reached');
  });

  it('judge the second keystroke, not the last', () => {
    const rows = [keystroke(1, 0, 900), keystroke(2, 0, 450), keystroke(4, 0, 225)];
    expect(judge({ keystrokes: measured(...rows) }, /^Second keystroke/)?.state).toBe(
      'not reached',
    );
  });

  it('want no inference at all for a query that is asked again', () => {
    const withReading = { keystrokes: measured(keystroke(900, 49, 0.5)) };
    const without = { keystrokes: measured(keystroke(900, 50, 0.5)) };
    expect(judge(withReading, /^The same query/)?.state).toBe('not reached');
    expect(judge(without, /^The same query/)?.state).toBe('reached');
  });
});
