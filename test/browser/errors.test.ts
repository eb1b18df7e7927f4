import { describe, expect, it } from 'vitest';
import { RerankError, createReranker } from 'rerank-results';

const tiny = { model: 'tiny-split', modelBaseUrl: '/test/models/', device: 'wasm' } as const;
/** Only onnxruntime runs it. */
const tinyOnnx = { ...tiny, model: 'tiny-bert' } as const;

describe('invalid-input', () => {
  it.each<[string, object]>([
    ['device', { device: 'npu' }],
    ['dtype', { dtype: 'int8' }],
    ['engine', { engine: 'other' }],
    ['maxTokens', { maxTokens: 3 }],
    ['model', { model: '../secrets' }],
    ['model', { model: 'https://elsewhere.example/model' }],
    ['modelBaseUrl', { modelBaseUrl: 'http://' }],
    ['wasmPaths', { wasmPaths: 'https://:' }],
  ])('names the option %s that is wrong in %j', async (argument, options) => {
    await expect(createReranker({ ...tiny, ...options })).rejects.toMatchObject({
      code: 'invalid-input',
      details: { argument },
    });
  });

  it('names what the model has where it has nothing for the device and dtype', async () => {
    const opening = createReranker({ model: 'minilm-l6-split', device: 'wasm', dtype: 'q4' });
    await expect(opening).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(opening).rejects.toThrow(/wasm q8/);
  });

  it('names the argument of a request that is wrong', async () => {
    await using reranker = await createReranker(tiny);
    const rerank = (request: object): Promise<unknown> =>
      reranker.rerank({ query: 'q', documents: ['d'], ...request });
    for (const [request, argument] of [
      [{ query: 3 }, 'query'],
      [{ documents: 'text' }, 'documents'],
      [{ documents: ['fine', null] }, 'documents[1]'],
      [{ documents: [7] }, 'documents[0]'],
      [{ topN: 0 }, 'topN'],
      [{ topN: 1.5 }, 'topN'],
      [{ blend: 'rank' }, 'blend'],
      [{ blend: { prior: 'rank', weight: 1.5 } }, 'blend.weight'],
      [{ blend: { prior: 'rank' } }, 'blend.weight'],
      [{ blend: { prior: 'place', weight: 0.2 } }, 'blend.prior'],
      [{ blend: { prior: 'score', weight: 0.2 } }, 'priorScores'],
      [{ blend: { prior: 'score', weight: 0.2 }, priorScores: [1, 2] }, 'priorScores'],
      [{ blend: { prior: 'score', weight: 0.2 }, priorScores: [Number.NaN] }, 'priorScores'],
      [{ fields: [] }, 'fields'],
      [{ documents: [{ title: 'a' }, { title: 'b' }], fields: ['titel'] }, 'fields'],
    ] as const) {
      await expect(rerank(request)).rejects.toMatchObject({
        code: 'invalid-input',
        details: { argument },
      });
    }
  });
});

describe('model-load', () => {
  it('says which file is not there', async () => {
    const opening = createReranker({ ...tiny, modelBaseUrl: '/nowhere-at-all/' });
    await expect(opening).rejects.toBeInstanceOf(RerankError);
    await expect(opening).rejects.toMatchObject({ code: 'model-load' });
    await expect(opening).rejects.toThrow(/nowhere-at-all\/tiny-split\/manifest\.json/);
  });

  it('says where the runtime is missing', async () => {
    const opening = createReranker({ ...tinyOnnx, wasmPaths: '/test/no-runtime-here/' });
    await expect(opening).rejects.toMatchObject({ code: 'model-load' });
    await expect(opening).rejects.toThrow(/no-runtime-here/);
  });
});

describe('model-integrity', () => {
  it.each([
    ['wrong-hash', /SHA-256/],
    ['wrong-size', /bytes/],
    ['newer-format', /formatVersion must be 1 or 2/],
    // Compressed files; of the first, 8 kB become 8 MB.
    ['stored-too-long', /decompresses to more than 53 bytes/],
    ['stored-too-short', /decompresses to 53 bytes, not 58/],
    ['stored-no-deflate', /file\.json\.deflate.* is not the file/],
    ['stored-trailing-bytes', /file\.json\.deflate.* is not the file/],
    ['stored-wrong-hash', /SHA-256 is/],
  ])('catches a model with a file that is %s', async (model, message) => {
    const opening = createReranker({
      ...tiny,
      modelBaseUrl: '/test/fixtures/bad-models/',
      model,
    });
    await expect(opening).rejects.toMatchObject({ code: 'model-integrity' });
    await expect(opening).rejects.toThrow(message);
  });
});

describe('backend-unavailable', () => {
  it('says by how much a GPU’s scores were wrong', async () => {
    const opening = createReranker({
      ...tinyOnnx,
      device: 'webgpu',
      dtype: 'fp32',
      worker: '/test/workers/wrong-scores.js',
    });
    await expect(opening).rejects.toMatchObject({ code: 'backend-unavailable' });
    await expect(opening).rejects.toThrow(/webgpu fp32: wrong scores: .* instead of .* ±/);
  });
});

describe('aborted', () => {
  it('ends the loading', async () => {
    const opening = createReranker({ ...tiny, signal: AbortSignal.timeout(1) });
    await expect(opening).rejects.toMatchObject({ code: 'aborted', name: 'AbortError' });
  });
});

describe('disposed', () => {
  it('rejects runs in progress and later ones', async () => {
    const reranker = await createReranker(tiny);
    const running = reranker.rerank({ query: 'q', documents: Array<string>(500).fill('text') });
    const rejection = expect(running).rejects.toMatchObject({ code: 'disposed' });
    await reranker.dispose();
    await rejection;
    await expect(reranker.rerank({ query: 'q', documents: ['d'] })).rejects.toMatchObject({
      code: 'disposed',
    });
    await reranker.dispose();
  });

  it.each([0, 1, 2, 3, 4, 8])('rejects a run that began %i microtasks before', async (count) => {
    const reranker = await createReranker(tiny);
    const running = reranker.rerank({ query: 'q', documents: ['text'] });
    const rejection = expect(running).rejects.toMatchObject({ code: 'disposed' });
    for (let index = 0; index < count; index += 1) await Promise.resolve();
    await reranker.dispose();
    await rejection;
  });
});

describe('worker-failed', () => {
  it('says that the worker’s script cannot run', async () => {
    const opening = createReranker({ ...tiny, worker: '/test/no-such-worker.js' });
    await expect(opening).rejects.toMatchObject({ code: 'worker-failed' });
  });

  it('says that the browser starts no worker', async () => {
    const worker = (): Worker => {
      throw new DOMException('not this origin', 'SecurityError');
    };
    await expect(createReranker({ ...tiny, worker })).rejects.toMatchObject({
      code: 'worker-failed',
      message: expect.stringContaining('not this origin') as string,
    });
  });
});
