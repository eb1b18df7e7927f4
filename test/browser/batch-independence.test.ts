import { describe, expect, it } from 'vitest';
import { createReranker, type RerankerOptions } from 'rerank-results';
import { isThorough, skippedUnlessThorough } from '../thorough.ts';

const query = 'why is my table so large after deletes';
const allDocuments = [
  'VACUUM reclaims storage occupied by dead tuples.',
  'A dead tuple is a row version that no transaction can see any more; it stays in the table until a vacuum removes it, so a table from which many rows were deleted does not get smaller by itself.',
  'TRUNCATE.',
  'The harbour closes in November.',
  'CREATE TABLE makes a new, initially empty table in the current database. The table will be owned by the user issuing the command.',
  '',
  'pg_total_relation_size gives the disk space that a table uses, with its indexes.',
  'Bloat is the space between rows.',
];

/** WebGPU runs on the CPU here: a pair takes half a second and more, and a new reranker several. */
const SOFTWARE_GPU_DOCUMENTS = 3;

const cases: readonly {
  options: RerankerOptions;
  tolerance: number;
  /** Left out unless the run is thorough. */
  isSlow?: boolean;
}[] = [
  { options: { model: 'minilm-l6-split', device: 'wasm' }, tolerance: 0 },
  { options: { model: 'gte-small-split', device: 'wasm' }, tolerance: 0, isSlow: true },
  {
    options: { model: 'tiny-bert', modelBaseUrl: '/test/models/', device: 'wasm', dtype: 'q8' },
    tolerance: 0,
  },
  {
    options: { model: 'minilm-l6-split', device: 'webgpu', engine: 'kernels' },
    tolerance: 0,
    isSlow: true,
  },
  {
    // Sums are taken in another order where the batch has another shape.
    options: { model: 'tiny-bert', modelBaseUrl: '/test/models/', device: 'webgpu', dtype: 'fp32' },
    tolerance: 1e-4,
    isSlow: true,
  },
  {
    options: { model: 'tiny-bert', modelBaseUrl: '/test/models/', device: 'webgpu', dtype: 'q8' },
    tolerance: 1e-4,
    isSlow: true,
  },
];

describe.each(cases)(
  'a score on $options.device with $options.model',
  ({ options, tolerance, isSlow = false }) => {
    it('depends neither on its batch mates nor on the order', async ({ skip }) => {
      skip(isSlow && !isThorough, skippedUnlessThorough);
      const isOnGpu = options.device === 'webgpu';
      const documents = allDocuments.slice(0, isOnGpu ? SOFTWARE_GPU_DOCUMENTS : undefined);
      const together = await scoreAll([documents]);
      const others = [await scoreAll(documents.map((document) => [document]))];
      if (!isOnGpu || isThorough) {
        others.push(await scoreAll([[...documents].reverse()]));
        others.push(await scoreAll([documents.slice(0, 2), documents.slice(2)]));
      }
      for (const document of documents) {
        const expected = together.get(document) ?? Number.NaN;
        for (const other of others) {
          const difference = Math.abs((other.get(document) ?? Number.NaN) - expected);
          expect(difference, document).toBeLessThanOrEqual(tolerance);
        }
      }
    });

    /** Logits by document; a new reranker each time, because a score that is cached proves nothing. */
    async function scoreAll(
      requests: readonly (readonly string[])[],
    ): Promise<Map<string, number>> {
      await using reranker = await createReranker(options);
      const logits = new Map<string, number>();
      for (const request of requests) {
        const { results, usage } = await reranker.rerank({ query, documents: request });
        expect(usage.cachedPairs).toBe(0);
        for (const { document, logit } of results) logits.set(document, logit);
      }
      return logits;
    }
  },
);
