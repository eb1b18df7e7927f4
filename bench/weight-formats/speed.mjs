/**
 * Speed of every weight format on the WASM build, one thread, 80 tokens, and its errors on the four pairs that run.mjs
 * gives to WebGPU. The formats take turns in one process, so that other work on the machine hits them alike.
 *
 *   node bench/weight-formats/speed.mjs OUT
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';

const TOKENS = 80;
const ROUNDS = { 1: 12, 8: 3 };
const variants = process.argv[2] ?? '.';
const root = new URL('../../', import.meta.url);
const golden = JSON.parse(
  await readFile(new URL('test/golden/minilm-l6-split.json', root), 'utf8'),
);
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

function batchFeeds(ids, batch) {
  const separator = ids.indexOf(102);
  const tensor = (value) => {
    const row = ids.map((id, column) => BigInt(value(id, column)));
    return new ort.Tensor('int64', BigInt64Array.from(Array(batch).fill(row).flat()), [
      batch,
      ids.length,
    ]);
  };
  return {
    input_ids: tensor((id) => id),
    attention_mask: tensor(() => 1),
    token_type_ids: tensor((_, column) => (column > separator ? 1 : 0)),
  };
}

async function open({ graph, weights, fold }) {
  const options = { executionProviders: ['wasm'] };
  if (weights)
    options.externalData = [{ path: weights, data: await readFile(join(variants, weights)) }];
  if (fold) options.extra = { session: { disable_quant_qdq: '1' } };
  return ort.InferenceSession.create(await readFile(join(variants, graph)), options);
}

const topics = golden.pairs
  .filter(({ name }) => /^(undo-commit|worker|vacuum)\//.test(name))
  .slice(0, 4);
const long = golden.pairs.find(({ inputIds }) => inputIds.length >= TOKENS).inputIds;
const pair = [...long.slice(0, TOKENS - 1), 102];
const rows = [];
for (const format of JSON.parse(await readFile(join(variants, 'formats.json'), 'utf8'))) {
  const row = {
    name: format.name,
    session: await open(format),
    fastestMs: { 1: Infinity, 8: Infinity },
  };
  row.errors = [];
  for (const { inputIds, logits } of topics)
    row.errors.push(
      Math.abs((await row.session.run(batchFeeds(inputIds, 1))).logits.data[0] - logits[0]),
    );
  rows.push(row);
}
for (const batch of [1, 8]) {
  const feeds = batchFeeds(pair, batch);
  for (let round = 0; round <= ROUNDS[batch]; round++)
    for (const row of rows) {
      const start = performance.now();
      await row.session.run(feeds);
      if (round > 0)
        row.fastestMs[batch] = Math.min(row.fastestMs[batch], performance.now() - start); // 0 warms up
    }
}
for (const { name, errors, fastestMs } of rows) {
  const [one, eight] = [1, 8].map((batch) => ((1000 * batch) / fastestMs[batch]).toFixed(1));
  const mean = errors.reduce((a, b) => a + b, 0) / errors.length;
  console.log(
    `| ${name} | ${Math.max(...errors).toFixed(4)} | ${mean.toFixed(4)} | ${one} | ${eight} |`,
  );
}
