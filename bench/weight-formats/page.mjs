/** Runs one model file on one device and reports errors, batch dependence and speed. Driven by run.mjs. */

const TOKENS = 80;

/** One batch, padded to its longest pair or to `length`. */
function batchFeeds(ort, pairs, length = 0) {
  const columns = Math.max(length, ...pairs.map((ids) => ids.length));
  const shape = [pairs.length, columns];
  const make = () => new BigInt64Array(pairs.length * columns);
  const [inputIds, mask, types] = [make(), make(), make()];
  pairs.forEach((ids, row) => {
    const separator = ids.indexOf(102);
    ids.forEach((id, column) => {
      inputIds[row * columns + column] = BigInt(id);
      mask[row * columns + column] = 1n;
      types[row * columns + column] = column > separator ? 1n : 0n;
    });
  });
  return {
    input_ids: new ort.Tensor('int64', inputIds, shape),
    attention_mask: new ort.Tensor('int64', mask, shape),
    token_type_ids: new ort.Tensor('int64', types, shape),
  };
}

/** A pair of exactly `tokens` tokens made from an existing longer one. */
const cutTo = (ids, tokens) => [...ids.slice(0, tokens - 1), 102];

const greatest = (values) => values.reduce((a, b) => Math.max(a, b), 0);

async function bytes(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function openSession(ort, format, device) {
  ort.env.wasm.wasmPaths = '/ort/';
  ort.env.wasm.numThreads = 1; // so that numbers compare between machines and no cross-origin isolation is needed
  ort.env.logLevel = 'error';
  const options = { executionProviders: [device] };
  if (format.weights)
    options.externalData = [
      { path: format.weights, data: await bytes(`/variants/${format.weights}`) },
    ];
  // Without this the optimizer leaves DequantizeLinear alone, so the weights are made fp32 again at every run.
  if (format.fold) options.extra = { session: { disable_quant_qdq: '1' } };
  const graph = await bytes(`/variants/${format.graph}`);
  const start = performance.now();
  const session = await ort.InferenceSession.create(graph, options);
  return { session, loadMs: performance.now() - start };
}

/** Greatest change of a logit against running alone: in batches of 8 with padding, and alone with padding. */
async function batchDependence(run, ort, pairs) {
  const alone = [];
  for (const ids of pairs) alone.push((await run(batchFeeds(ort, [ids])))[0]);
  const inBatch = await run(batchFeeds(ort, pairs));
  const padded = [];
  for (const ids of pairs) padded.push((await run(batchFeeds(ort, [ids], ids.length + 37)))[0]);
  const change = (logits) => greatest(alone.map((logit, i) => Math.abs(logit - logits[i])));
  return { inBatchOf8: change(inBatch), padded: change(padded) };
}

async function pairsPerSecond(run, ort, pair, batch, budgetMs) {
  const feeds = batchFeeds(ort, Array(batch).fill(pair));
  await run(feeds);
  // The fastest run, not the median: on a machine with other work, everything else only measures that work.
  let fastestMs = Infinity;
  const end = performance.now() + budgetMs;
  do {
    const start = performance.now();
    await run(feeds);
    fastestMs = Math.min(fastestMs, performance.now() - start);
  } while (performance.now() < end);
  return (1000 * batch) / fastestMs;
}

/**
 * @param {{format: object, device: 'wasm' | 'webgpu', pairs: {inputIds: number[], logits: number[]}[], batch: number[][],
 *   throughput: boolean}} task
 */
globalThis.measure = async ({ format, device, pairs, batch, throughput }) => {
  const ort = await import(
    device === 'webgpu' ? '/ort/ort.webgpu.bundle.min.mjs' : '/ort/ort.wasm.bundle.min.mjs'
  );
  const { session, loadMs } = await openSession(ort, format, device);
  const run = async (feeds) => [...(await session.run(feeds)).logits.data];
  const errors = [];
  for (const { inputIds, logits } of pairs)
    errors.push(Math.abs((await run(batchFeeds(ort, [inputIds])))[0] - logits[0]));
  const long = cutTo(
    pairs.find((pair) => pair.inputIds.length >= TOKENS)?.inputIds ?? Array(TOKENS).fill(2000),
    TOKENS,
  );
  const result = {
    loadMs: Math.round(loadMs),
    maxError: greatest(errors),
    meanError: errors.reduce((a, b) => a + b, 0) / errors.length,
    pairs: errors.length,
  };
  if (batch) result.batchDependence = await batchDependence(run, ort, batch);
  if (throughput) {
    result.pairsPerSecond1 = await pairsPerSecond(run, ort, long, 1, 6000);
    if (device === 'wasm') result.pairsPerSecond8 = await pairsPerSecond(run, ort, long, 8, 6000);
  }
  return result;
};
document.title = 'ready';
