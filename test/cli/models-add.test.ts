import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkModel } from '../../src/cli/models/check-model.ts';
import { listModels } from '../../src/cli/models/list-models.ts';
import { openNodeReranker } from '../../src/cli/node-engine.ts';
import type { Manifest } from '../../src/worker/model/manifest.ts';
import { parseManifest } from '../../src/worker/model/manifest.ts';
import { openWorkplace, testModel } from './models-workplace.ts';

/** All but the one of our own architecture, whose manifest says more than its files. */
const FAMILIES = readdirSync(testModel('')).filter(
  (name) => name.startsWith('tiny-') && name !== 'tiny-split',
);

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
}

describe('models add, of a folder', () => {
  it.each(FAMILIES)('reads from %s’s own files what its committed manifest says', async (name) => {
    using place = openWorkplace();
    const committed = readManifest(testModel(name));
    const added = await place.add(testModel(name));
    expect(added).toMatchObject({
      pair: committed.pair,
      inputs: committed.inputs,
      maxTokens: committed.maxTokens,
      architecture: committed.architecture,
      head: committed.head,
    });
  });

  it('makes a model that opens and scores as the committed one does', async () => {
    using place = openWorkplace();
    await place.add(testModel('tiny-bert'), { dtypes: ['fp32'] });
    const folder = join(place.folder, 'tiny-bert');
    parseManifest(readManifest(folder), folder, 'tiny-bert');
    await using added = await openNodeReranker({ folder, dtype: 'fp32' });
    await using committed = await openNodeReranker({
      folder: testModel('tiny-bert'),
      dtype: 'fp32',
    });
    const request = { query: 'find slow queries', documents: ['Log slow statements.', 'Bread.'] };
    const scores = (await added.rerank(request)).results.map(({ logit }) => logit);
    expect(scores).toEqual((await committed.rerank(request)).results.map(({ logit }) => logit));
  });

  it('takes int8 for WASM, its floats for WebGPU, and known answers from fp32, which is not kept', async () => {
    using place = openWorkplace();
    const added = await place.add(testModel('tiny-bert'));
    expect(added?.variants.map(({ device, graph }) => [device, graph])).toEqual([
      ['wasm', 'onnx/model_quantized.onnx'],
      ['webgpu', 'onnx/model_dequantized.onnx'],
    ]);
    expect(added?.referenceSource).toMatchObject({ graph: 'onnx/model.onnx', dtype: 'fp32' });
    expect(Object.keys(added?.files ?? {})).not.toContain('onnx/model.onnx');
    const left = readdirSync(place.folder, { recursive: true, encoding: 'utf8' });
    expect(left.filter((path) => /model\.onnx|adding|fp32|part/.test(path))).toEqual([]);
  });

  it('lets the site choose dtypes, and gives WebGPU no graph that computes in int8', async () => {
    using place = openWorkplace();
    const folder = join(place.folder, 'plain');
    await cp(testModel('tiny-bert'), folder, { recursive: true });
    await rm(join(folder, 'onnx/model_dequantized.onnx'));
    const added = await place.add(folder, { dtypes: ['q4', 'q8', 'fp16'], id: 'chosen' });
    expect(added?.variants.map(({ device, dtype }) => `${device} ${dtype}`)).toEqual([
      'wasm q4',
      'wasm q8',
      'webgpu q4',
      'webgpu fp16',
    ]);
  });

  it('notices an int8 graph whose scores depend on their batch', async () => {
    using place = openWorkplace();
    const folder = join(place.folder, 'dynamic');
    await cp(testModel('tiny-bert'), folder, { recursive: true });
    await rm(join(folder, 'onnx/model_dequantized.onnx'));
    // tiny-bert's fp32 graph through onnxruntime.quantization.quantize_dynamic, QInt8.
    await cp(
      fileURLToPath(new URL('../fixtures/dynamic-int8/model_quantized.onnx', import.meta.url)),
      join(folder, 'onnx/model_quantized.onnx'),
    );
    const added = await place.add(folder, { id: 'added' });
    const byDevice = new Map(added?.variants.map((variant) => [variant.device, variant]));
    expect(byDevice.get('wasm')).toMatchObject({ dtype: 'q8', batchInvariant: false });
    expect(byDevice.get('webgpu')).toMatchObject({ dtype: 'fp16', batchInvariant: true });
    expect(place.said.join('\n')).toMatch(/model_quantized\.onnx: .*moves by .* with its batch/);
  });

  it('measures whether scores depend on the batch, and says how far each graph may stray', async () => {
    using place = openWorkplace();
    const added = await place.add(testModel('tiny-bert'), { dtypes: ['fp32', 'q8'] });
    for (const variant of added?.variants ?? []) {
      expect(variant.batchInvariant, variant.graph).toBe(true);
      expect(variant.tolerance).toBeGreaterThanOrEqual(variant.dtype === 'fp32' ? 0.01 : 0.1);
    }
  });

  it('believes the graph where config.json says nothing of labels', async () => {
    using place = openWorkplace();
    const folder = join(place.folder, 'silent');
    await cp(testModel('tiny-electra'), folder, { recursive: true });
    const path = join(folder, 'config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    for (const field of ['id2label', 'label2id', 'num_labels']) config[field] = undefined;
    writeFileSync(path, JSON.stringify(config));
    const added = await place.add(folder, { id: 'added' });
    expect(added?.head).toEqual({ labels: ['LABEL_0'], positiveLabel: 'LABEL_0' });
  });

  it('carries licence texts along', async () => {
    using place = openWorkplace();
    const folder = join(place.folder, 'licensed');
    await cp(testModel('tiny-electra'), folder, { recursive: true });
    await rm(join(folder, 'manifest.json'));
    writeFileSync(join(folder, 'LICENSE'), 'Do as you like.\n');
    writeFileSync(
      join(folder, 'README.md'),
      '---\nlicense: cc-by-nc-4.0\nlanguage:\n  - en\n  - de\nbase_model: some/base\n---\n# A model\n',
    );
    const added = await place.add(folder, { id: 'with-licence' });
    expect(added).toMatchObject({ licence: 'CC-BY-NC-4.0', languages: ['en', 'de'] });
    expect(added?.files).toHaveProperty('LICENSE');
    expect(added?.origin.map(({ name }) => name)).toEqual([folder, 'some/base']);
    expect(place.said.join('\n')).toContain('forbids commercial use');
  });

  it('leaves a model of the same name alone, unless it is to take its place', async () => {
    using place = openWorkplace();
    await place.add(testModel('tiny-electra'), { id: 'one' });
    const before = readFileSync(join(place.folder, 'one/manifest.json'), 'utf8');
    await expect(place.add(testModel('tiny-bert'), { id: 'one' })).rejects.toThrow('--replace');
    expect(readFileSync(join(place.folder, 'one/manifest.json'), 'utf8')).toBe(before);
    await place.add(testModel('tiny-bert'), { id: 'one', replace: true });
    expect(readManifest(join(place.folder, 'one')).architecture).toBe('bert');
    expect(readdirSync(place.folder)).toEqual(['one']);
  });

  it('refuses one of two labels for a two-label model, since one of both is the wrong one', async () => {
    using place = openWorkplace();
    const { labels } = readManifest(testModel('tiny-roberta')).head;
    const outcomes = await Promise.allSettled(
      labels.map((positiveLabel, index) =>
        place.add(testModel('tiny-roberta'), { force: false, positiveLabel, id: `label-${index}` }),
      ),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(String(refused[0]?.status === 'rejected' && refused[0].reason)).toMatch(
      /does not tell an answer from an unrelated text/,
    );
  });

  it('says at which length the graph fails where its files promise too much', async () => {
    using place = openWorkplace();
    const folder = join(place.folder, 'long');
    await cp(testModel('tiny-roberta'), folder, { recursive: true });
    for (const file of ['config.json', 'tokenizer_config.json']) {
      const path = join(folder, file);
      const content = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
      if (file === 'config.json') content.max_position_embeddings = 402;
      else delete content.model_max_length;
      writeFileSync(path, JSON.stringify(content));
    }
    await expect(place.add(folder, { id: 'too-long' })).rejects.toThrow(
      'fails with 400 tokens, which its files allow',
    );
    expect(readdirSync(place.folder)).not.toContain('too-long');
  });
});

describe('models check and list', () => {
  it('finds a model right, and then what was changed', async () => {
    using place = openWorkplace();
    await place.add(testModel('tiny-electra'));
    const folder = join(place.folder, 'tiny-electra');
    expect((await checkModel(folder)).faults).toEqual([]);

    const config = readFileSync(join(folder, 'config.json'), 'utf8');
    writeFileSync(join(folder, 'config.json'), config.replace(/\s*$/, ' '.repeat(9)));
    expect((await checkModel(folder)).faults.join()).toMatch(/config\.json has \d+ bytes, not \d+/);
    writeFileSync(join(folder, 'config.json'), config.replace('"', "'"));
    expect((await checkModel(folder)).faults.join()).toContain('another SHA-256');
  });

  it('notices known answers that do not come out', async () => {
    using place = openWorkplace();
    await place.add(testModel('tiny-electra'));
    const folder = join(place.folder, 'tiny-electra');
    const manifest = readManifest(folder);
    const referencePairs = manifest.referencePairs.map((pair) => ({
      ...pair,
      logit: pair.logit + 3,
    }));
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, referencePairs }));
    const { faults } = await checkModel(folder);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('wrong scores');
  });

  it('lists what is there, a broken one with its fault', async () => {
    using place = openWorkplace();
    await place.add(testModel('tiny-electra'));
    await mkdir(join(place.folder, 'broken'));
    writeFileSync(join(place.folder, 'broken/manifest.json'), '{}');
    const [, broken = '', good = ''] = await listModels(place.folder);
    expect(broken).toMatch(/^broken .*formatVersion/);
    expect(good).toMatch(/^tiny-electra .*WASM fp32/);
    expect(await listModels(join(place.folder, 'nowhere'))).toEqual([]);
  });
});
