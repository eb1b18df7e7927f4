import { expect, it } from 'vitest';
import { parseLayout } from '../../../src/worker/backend/kernels/layout.ts';
import { GpuSplitModel } from '../../../src/worker/backend/gpu-kernels/gpu-split-model.ts';

it('gives the logits of the Python original', async () => {
  const folder = '/models/minilm-l6-split/';
  const layoutJson = await (await fetch(`${folder}kernels.json`)).json();
  const body = (await fetch(`${folder}onnx/model_quantized.onnx_data.deflate`)).body;
  const file = new Uint8Array(
    await new Response(body?.pipeThrough(new DecompressionStream('deflate-raw'))).arrayBuffer(),
  );
  const layout = parseLayout(layoutJson, file.length);
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('no adapter');
  const device = await adapter.requestDevice();
  device.addEventListener('uncapturederror', (e) => console.log('GPU', e.error.message));
  let t = performance.now();
  const lap = (what: string) => { console.log(what, (performance.now() - t).toFixed(0)); t = performance.now(); };
  const model = await GpuSplitModel.open(device, layout, file);
  await device.queue.onSubmittedWorkDone();
  lap('open');
  const golden = await (await fetch('/test/golden/minilm-l6-split.json')).json();
  const pairs = golden.pairs.filter((p: any) => p.inputIds.length < 80).slice(0, 12);
  const inputs = pairs.map((p: any) => {
    const ids = Int32Array.from(p.inputIds);
    const at = ids.indexOf(ids[0] ?? 0, 1);
    return { query: ids.slice(0, at), document: ids.slice(at) };
  });
  const logits = await model.score(inputs);
  lap('first ' + inputs.reduce((n: number, i: any) => n + i.query.length + i.document.length, 0));
  const again = await model.score(inputs);
  lap('again');
  console.log(JSON.stringify([...logits].map((l, i) => [l.toFixed(3), pairs[i].logits[0].toFixed(3)])));
  expect([...again]).toEqual([...logits]);
  for (const [i, l] of logits.entries()) expect(Math.abs(l - pairs[i].logits[0])).toBeLessThan(0.4);
}, 300_000);
