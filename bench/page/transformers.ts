import { AutoModelForSequenceClassification, AutoTokenizer, env } from '@huggingface/transformers';
import type { OpenSubject } from './main.ts';
import type { RunRecord, SubjectOptions, Workload } from './page-api.ts';

interface TokenizerOutput {
  readonly attention_mask: { readonly data: ArrayLike<bigint> };
}

/**
 * transformers.js as its documentation shows it: the tokenizer with `text_pair`, and all candidates in one padded batch.
 */
export async function openTransformers(options: SubjectOptions): Promise<OpenSubject> {
  const { model: id, threads, maxTokens, device } = options;
  env.allowLocalModels = true;
  env.allowRemoteModels = false;
  env.localModelPath = '/models/';
  const { wasm } = env.backends.onnx;
  if (!wasm) throw new Error('transformers.js has no WASM backend.');
  wasm.wasmPaths = {
    mjs: new URL('/dist/runtime/ort.asyncify.glue.js', location.href).href,
    wasm: new URL('/dist/runtime/ort.asyncify.wasm', location.href).href,
  };
  // Its own default is half of the cores; the same number of threads makes the comparison fair.
  wasm.numThreads = threads;
  const tokenizer = await AutoTokenizer.from_pretrained(id);
  const model = await AutoModelForSequenceClassification.from_pretrained(id, {
    dtype: 'q8',
    device,
  });

  return {
    async run({ query, documents }: Workload): Promise<RunRecord> {
      const startMs = performance.now();
      const inputs = tokenizer(Array<string>(documents.length).fill(query), {
        text_pair: [...documents],
        padding: true,
        truncation: true,
        max_length: maxTokens,
      }) as TokenizerOutput;
      await model(inputs);
      const runMs = performance.now() - startMs;
      const { data } = inputs.attention_mask;
      const tokens = Array.from(data).filter((mask) => mask === 1n).length;
      return {
        runMs,
        // A batch has its scores all at once.
        firstTenMs: runMs,
        pairs: documents.length,
        cachedPairs: 0,
        tokens,
        paddedTokens: data.length,
      };
    },
    async close() {
      await model.dispose();
    },
  };
}
