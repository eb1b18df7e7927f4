import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchResults } from '../../bench/results.ts';

const folder = mkdtempSync(join(tmpdir(), 'rerank-results-bench-'));
const out = join(folder, 'results.json');
let results: BenchResults = {};

beforeAll(async () => {
  const flags = ['--quick', '--only', 'keystrokes,loading', '--out', out];
  await promisify(execFile)(process.execPath, ['--import', 'tsx', 'bench/run.ts', ...flags]);
  results = JSON.parse(readFileSync(out, 'utf8')) as BenchResults;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a quick run of the benchmark', () => {
  it('reads every pair of a first keystroke, and none of a query that is asked again', () => {
    const rows = results.keystrokes?.rows.filter(({ subject }) => subject === 'kernels') ?? [];
    expect(rows[0]?.cachedPairs).toBe(0);
    const again = rows.find(({ isRepeated }) => isRepeated);
    expect(again?.cachedPairs).toBe(again?.pairs);
  });

  it('sees what a first visit downloads, text compressed, and that a second one downloads nothing', () => {
    const [first, second] = results.loading?.rows ?? [];
    const encodings = Object.fromEntries(
      (first?.files ?? []).map(({ path, encoding }) => [
        path.replace(/-[\w-]{8}\./, '.'),
        encoding,
      ]),
    );
    expect(encodings).toMatchObject({
      '/': 'br',
      '/assets/worker.js': 'br',
      '/models/minilm-l6-split/tokenizer.json': 'br',
      '/models/minilm-l6-split/onnx/model_quantized.onnx_data.deflate': '',
    });
    expect(first?.bytes).toBeGreaterThan(5e6);
    expect(second?.bytes).toBe(0);
  });

  it('marks its numbers as worthless', () => {
    expect(results.loading?.quick).toBe(true);
  });
});
