import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadNodeRuntime, openNodeReranker } from '../../src/cli/node-engine.ts';
import { overflowsInt8 } from '../native-int8.ts';
import { importOptionalPackage } from '../../src/cli/package-files.ts';

interface Golden {
  readonly pairs: readonly {
    readonly name: string;
    readonly query: string;
    readonly document: string;
    /** Of the fp32 original. */
    readonly logits: readonly number[];
    /** Of the int8 graph on the native runtime. */
    readonly q8Native: readonly number[];
  }[];
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const folder = path('../models/tiny-bert');
const golden = JSON.parse(await readFile(path('../golden/tiny-bert.json'), 'utf8')) as Golden;

describe('openNodeReranker', () => {
  it.each([
    ['fp32', 'logits', 0.001],
    // Where this CPU's native int8 scores of the tiny model are wrong, the engine refuses them.
    ...(overflowsInt8 ? [] : [['q8', 'q8Native', 0.02] as const]),
  ] as const)('gives the original’s scores with %s', async (dtype, expected, tolerance) => {
    await using reranker = await openNodeReranker({ folder, dtype });
    expect(reranker.model).toMatchObject({ id: 'tiny-bert', dtype, device: 'wasm', threads: 1 });
    for (const pair of golden.pairs) {
      const { query, document } = pair;
      const { results } = await reranker.rerank({ query, documents: [document] });
      const difference = Math.abs(
        (results[0]?.logit ?? Number.NaN) - (pair[expected][0] ?? Number.NaN),
      );
      expect(difference, pair.name).toBeLessThan(tolerance);
    }
  });

  it('reads no more tokens than it is told', async () => {
    await using reranker = await openNodeReranker({ folder, maxTokens: 16 });
    const { results, usage } = await reranker.rerank({
      query: 'find slow queries',
      documents: ['Turn on the log to write every statement that runs longer than the given time.'],
    });
    expect(reranker.model.maxTokens).toBe(16);
    expect(usage).toMatchObject({ tokens: 16, truncatedDocuments: 1 });
    expect(results[0]?.truncated).toBe(true);
  });

  it.runIf(overflowsInt8)('refuses wrong scores, which int8 has on this CPU', async () => {
    await expect(openNodeReranker({ folder, dtype: 'q8' })).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringContaining('wrong scores') as string,
    });
  });

  it('names what the model offers where a dtype is not there', async () => {
    await expect(openNodeReranker({ folder, dtype: 'fp16' })).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('q8') as string,
    });
  });

  it('gives them with the package’s own WebAssembly too', async () => {
    const runtime = await loadNodeRuntime('onnxruntime-web');
    expect(runtime).toMatchObject({ name: 'onnxruntime-web' });
    await using reranker = await openNodeReranker({ folder, dtype: 'fp32', runtime });
    for (const { name, query, document, logits } of golden.pairs) {
      const { results } = await reranker.rerank({ query, documents: [document] });
      const difference = (results[0]?.logit ?? Number.NaN) - (logits[0] ?? Number.NaN);
      expect(Math.abs(difference), name).toBeLessThan(0.001);
    }
  });

  it('names a file that is not there', async () => {
    await expect(openNodeReranker({ folder: path('../models/none') })).rejects.toMatchObject({
      code: 'model-load',
      message: expect.stringContaining('manifest.json') as string,
    });
  });
});

describe('loadNodeRuntime', () => {
  it('takes the native one where it is installed', async () => {
    const { name, version, fallbackReason } = await loadNodeRuntime();
    expect(name).toBe('onnxruntime-node');
    expect(version).toMatch(/^\d+\.\d+/);
    expect(fallbackReason).toBeUndefined();
  });
});

describe('importOptionalPackage', () => {
  it('says that a package is not there', async () => {
    expect(await importOptionalPackage('no-such-package')).toEqual({
      found: false,
      reason: 'no-such-package is not installed',
    });
  });
});
