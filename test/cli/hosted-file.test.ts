import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readModelFile, storeModelFile } from '../../src/cli/hosted-file.ts';
import { checkModel } from '../../src/cli/models/check-model.ts';
import { listModels } from '../../src/cli/models/list-models.ts';
import { loadNodeRuntime, openNodeReranker } from '../../src/cli/node-engine.ts';
import { formatBytes } from '../../src/cli/models/presets.ts';
import { sumHostedBytes, type FileFacts, type Manifest } from '../../src/worker/model/manifest.ts';
import { openWorkplace, testModel } from './models-workplace.ts';
import { overflowsInt8 } from '../native-int8.ts';

const WEIGHTS = 'onnx/model_quantized.onnx_data';
const shipped = fileURLToPath(new URL('../../public/models/minilm-l6-split', import.meta.url));

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The tiny model in `folder`, with compressed weights. */
async function compressTiny(parent: string): Promise<{ folder: string; facts: FileFacts }> {
  const folder = join(parent, 'tiny-bert');
  cpSync(testModel('tiny-bert'), folder, { recursive: true });
  const stored = await storeModelFile(folder, WEIGHTS);
  const manifest = readManifest(folder);
  const facts = { ...manifest.files[WEIGHTS], stored } as FileFacts;
  const files = { ...manifest.files, [WEIGHTS]: facts };
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify({ ...manifest, formatVersion: 2, files }),
  );
  return { folder, facts };
}

describe('a compressed file of a model folder', () => {
  it('takes the place of the file, and becomes it again', async () => {
    using place = openWorkplace();
    const original = readFileSync(join(testModel('tiny-bert'), WEIGHTS));
    const { folder, facts } = await compressTiny(place.folder);
    const path = `${WEIGHTS}.deflate`;
    expect(existsSync(join(folder, WEIGHTS))).toBe(false);
    const bytes = readFileSync(join(folder, path));
    expect(facts.stored).toEqual({
      path,
      encoding: 'deflate-raw',
      bytes: bytes.length,
      sha256: digest(bytes),
    });
    expect(bytes.length).toBeLessThan(0.95 * original.length);
    expect(original.equals(await readModelFile(folder, WEIGHTS, facts))).toBe(true);
  });

  it('is not made where it would save next to nothing', async () => {
    using place = openWorkplace();
    const random = Buffer.from(
      Array.from({ length: 500 }, (_, index) => digest(Buffer.from([index, index >> 8]))).join(''),
      'hex',
    );
    writeFileSync(join(place.folder, 'random'), random);
    expect(await storeModelFile(place.folder, 'random')).toBeUndefined();
    expect(readdirSync(place.folder)).toEqual(['random']);
  });

  it.each([
    // Where this CPU's native int8 scores of the tiny model are wrong, the engine refuses them.
    ...(overflowsInt8 ? [] : ['onnxruntime-node' as const]),
    'onnxruntime-web' as const,
  ])('is opened by %s with the scores of the file', async (name) => {
    using place = openWorkplace();
    const { folder } = await compressTiny(place.folder);
    const runtime = await loadNodeRuntime(name);
    const request = { query: 'find slow queries', documents: ['Log slow statements.', 'Bread.'] };
    const [expected, actual] = await Promise.all(
      [testModel('tiny-bert'), folder].map(async (from) => {
        await using reranker = await openNodeReranker({ folder: from, dtype: 'q8', runtime });
        return (await reranker.rerank(request)).results.map(({ logit }) => logit);
      }),
    );
    expect(actual).toEqual(expected);
  });

  it.skipIf(overflowsInt8)('is checked: what it is, and what it becomes', async () => {
    using place = openWorkplace();
    const { folder, facts } = await compressTiny(place.folder);
    expect((await checkModel(folder)).faults).toEqual([]);

    const changeFacts = (changed: object): void => {
      const manifest = readManifest(folder);
      const files = { ...manifest.files, [WEIGHTS]: { ...facts, ...changed } };
      writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, files }));
    };
    changeFacts({ sha256: '0'.repeat(64) });
    expect((await checkModel(folder)).faults.join()).toMatch(/decompresses to another SHA-256/);
    changeFacts({ bytes: facts.bytes - 1 });
    expect((await checkModel(folder)).faults.join()).toMatch(/does not decompress to the 85823/);
    changeFacts({ stored: { ...facts.stored, bytes: 7 } });
    expect((await checkModel(folder)).faults.join()).toMatch(/\.deflate has \d+ bytes, not 7/);
    changeFacts({ stored: { ...facts.stored, path: 'gone' } });
    expect((await checkModel(folder)).faults.join()).toContain('gone is missing');
  });
});

describe('the shipped model', () => {
  it('can be added from its folder, and is compressed to the same bytes as the committed one', async () => {
    using place = openWorkplace();
    const committed = readManifest(shipped);
    const added = await place.add(shipped, { id: 'again' });
    const facts = committed.files[WEIGHTS];
    expect(added?.files[WEIGHTS]).toEqual(facts);
    const weights = readdirSync(join(place.folder, 'again/onnx')).filter((name) =>
      name.includes('_data'),
    );
    expect(weights).toEqual(['model_quantized.onnx_data.deflate']);
    const [, row] = await listModels(place.folder);
    const downloaded = sumHostedBytes(committed.files, ['onnx/model_quantized.onnx', WEIGHTS]);
    expect(row).toContain(`WASM q8 ${formatBytes(downloaded)}`);
    const hosted = join(shipped, facts?.stored?.path ?? '');
    expect(statSync(hosted).size).toBe(facts?.stored?.bytes);
  });
});
