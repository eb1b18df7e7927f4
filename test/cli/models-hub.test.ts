import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPreset } from '../../src/cli/models/presets.ts';
import { openNodeReranker } from '../../src/cli/node-engine.ts';
import { COMMIT, readRepository, startHub, type HubRepository } from './models-hub-server.ts';
import { openWorkplace, testModel } from './models-workplace.ts';

const ID = 'tiny/Tiny-BERT';
const CARD = { license: 'apache-2.0', language: 'en', base_model: 'someone/base' };

function tinyBert(): HubRepository {
  return { ...readRepository(testModel('tiny-bert')), cardData: CARD };
}

describe('models add, from a hub', () => {
  it('gives a model that opens and scores, pinned to the commit, with the hub’s SHA-256', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    using place = openWorkplace(hub.url);
    const added = await place.add(ID);
    expect(added).toMatchObject({ id: 'tiny-bert', licence: 'Apache-2.0', languages: ['en'] });
    expect(added?.origin[0]).toMatchObject({ source: `${hub.url}/${ID}/tree/${COMMIT}` });
    expect(hub.seen.filter(({ path }) => path.includes('/resolve/main/'))).toEqual([]);
    await using reranker = await openNodeReranker({ folder: join(place.folder, 'tiny-bert') });
    expect(reranker.model.dtype).toBe('q8');
    expect(readdirSync(place.folder)).toEqual(['tiny-bert']);
  });

  it('asks before it fetches weights, and fetches none where the answer is no', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    using place = openWorkplace(hub.url, false);
    expect(await place.add(ID)).toBeUndefined();
    expect(place.asked).toEqual([expect.stringContaining('tiny-bert?')]);
    expect(hub.weightRequests()).toEqual([]);
    expect(readdirSync(place.folder)).toEqual([]);
  });

  it('fetches no weights in a dry run, and shows licence, languages and sizes', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    using place = openWorkplace(hub.url);
    expect(await place.add(`${ID}@${COMMIT}`, { dryRun: true })).toBeUndefined();
    expect(hub.weightRequests()).toEqual([]);
    const said = place.said.join('\n');
    for (const fact of ['Apache-2.0 (by its card)', 'languages  en', 'q8 159 kB', COMMIT]) {
      expect(said).toContain(fact);
    }
    expect(readdirSync(place.folder)).toEqual([]);
  });

  it('goes on where a connection broke, and gets no byte twice', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    hub.faults.cutAfter = 100_000;
    using place = openWorkplace(hub.url);
    await place.add(ID, { dtypes: ['fp32'] });
    const requests = hub.seen.filter(
      ({ host, path }) => host === 'storage' && path.endsWith('/onnx/model.onnx'),
    );
    expect(requests.map(({ range }) => range)).toEqual([
      undefined,
      'bytes=100000-',
      'bytes=200000-',
      'bytes=300000-',
    ]);
    expect(requests.reduce((sum, { sentBytes }) => sum + sentBytes, 0)).toBe(
      tinyBert().files.get('onnx/model.onnx')?.length,
    );
  });

  it('goes on in a later call with what an earlier one left', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    hub.faults.cutAfter = 100_000;
    using place = openWorkplace(hub.url);
    const impatient = { delaysMs: [], idleTimeoutMs: 10_000 };
    await expect(place.add(ID, { dtypes: ['fp32'], patience: impatient })).rejects.toThrow(
      'broke off after 100000 of',
    );
    const part = join(place.folder, '.adding/tiny-bert/onnx/model.onnx.part');
    expect(readFileSync(part)).toHaveLength(100_000);
    expect(existsSync(join(place.folder, 'tiny-bert'))).toBe(false);

    delete hub.faults.cutAfter;
    hub.seen.length = 0;
    expect(await place.add(ID, { dtypes: ['fp32'] })).toBeDefined();
    expect(
      hub.seen.find(({ host, path }) => host === 'storage' && path.endsWith('model.onnx')),
    ).toMatchObject({
      range: 'bytes=100000-',
    });
  });

  it('begins again where the server ignores the range', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    hub.faults.cutAfter = 100_000;
    using place = openWorkplace(hub.url);
    const impatient = { delaysMs: [], idleTimeoutMs: 10_000 };
    await place.add(ID, { dtypes: ['fp32'], patience: impatient }).catch(() => undefined);
    Object.assign(hub.faults, { cutAfter: undefined, ignoreRange: true });
    const added = await place.add(ID, { dtypes: ['fp32'] });
    expect(added?.files['onnx/model.onnx']?.bytes).toBe(
      tinyBert().files.get('onnx/model.onnx')?.length,
    );
  });

  it('begins again where the file behind the URL is another one by now', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    Object.assign(hub.faults, { cutAfter: 100_000, etag: '"old"' });
    using place = openWorkplace(hub.url);
    const impatient = { delaysMs: [], idleTimeoutMs: 10_000 };
    await place.add(ID, { dtypes: ['fp32'], patience: impatient }).catch(() => undefined);
    Object.assign(hub.faults, { cutAfter: undefined, etag: '"new"' });
    hub.seen.length = 0;
    expect(await place.add(ID, { dtypes: ['fp32'] })).toBeDefined();
    const [request] = hub.seen.filter(
      ({ host, path }) => host === 'storage' && path.endsWith('model.onnx'),
    );
    // It asked for the rest, and the server sent the whole new file.
    expect(request).toMatchObject({
      range: 'bytes=100000-',
      sentBytes: tinyBert().files.get('onnx/model.onnx')?.length,
    });
  });

  it('tries again when the server is out of order, a few times', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    hub.faults.failTimes = 2;
    using place = openWorkplace(hub.url);
    expect(await place.add(ID, { dtypes: ['fp32'] })).toBeDefined();
    hub.faults.failTimes = 100;
    await expect(place.add(ID, { dtypes: ['fp32'], id: 'again' })).rejects.toThrow(
      'HTTP status 503',
    );
  });

  it('refuses a tokenizer whose bytes are not those that the hub names', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    hub.faults.corrupt = 'tokenizer.json';
    using place = openWorkplace(hub.url);
    await expect(place.add(ID)).rejects.toThrow(
      /tokenizer\.json is not the file that the hub names: its SHA-256 is/,
    );
    expect(hub.weightRequests()).toEqual([]);
  });

  it('refuses a small file that is not the blob that the hub names', async () => {
    const statedBlobs = { 'config.json': 'a'.repeat(40) };
    await using hub = await startHub({ [ID]: { ...tinyBert(), statedBlobs } });
    using place = openWorkplace(hub.url);
    await expect(place.add(ID)).rejects.toThrow(
      /config\.json is not the file that the hub names: its blob is/,
    );
    expect(hub.weightRequests()).toEqual([]);
  });

  it('leaves out what an earlier call fetched and this one does not want', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    hub.faults.cutAfter = 200_000;
    using place = openWorkplace(hub.url);
    const impatient = { delaysMs: [], idleTimeoutMs: 10_000 };
    await place.add(ID, { dtypes: ['q4', 'fp32'], patience: impatient }).catch(() => undefined);
    const fetched = '.adding/tiny-bert/onnx/model_q4.onnx';
    expect(existsSync(join(place.folder, fetched))).toBe(true);
    delete hub.faults.cutAfter;
    await place.add(ID, { dtypes: ['fp32'] });
    expect(readdirSync(join(place.folder, 'tiny-bert/onnx'))).toEqual(['model.onnx']);
  });

  it('refuses weights whose bytes are not those that the hub names, and keeps none of them', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    hub.faults.corrupt = '.onnx';
    using place = openWorkplace(hub.url);
    await expect(place.add(ID)).rejects.toThrow(
      /\.onnx is not the file that the hub names: its SHA-256 is .* It was deleted/,
    );
    const left = readdirSync(place.folder, { recursive: true, encoding: 'utf8' });
    expect(left.filter((path) => /\.onnx(\.part)?$/.test(path))).toEqual([]);
  });

  it('starts over once where what an earlier call left was damaged', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    hub.faults.cutAfter = 100_000;
    using place = openWorkplace(hub.url);
    const impatient = { delaysMs: [], idleTimeoutMs: 10_000 };
    await place.add(ID, { dtypes: ['fp32'], patience: impatient }).catch(() => undefined);
    writeFileSync(
      join(place.folder, '.adding/tiny-bert/onnx/model.onnx.part'),
      Buffer.alloc(100_000),
    );
    delete hub.faults.cutAfter;
    expect(await place.add(ID, { dtypes: ['fp32'] })).toBeDefined();
  });

  it('sends the token to the hub, and never to the host that the hub sends it to', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    using place = openWorkplace(hub.url);
    await place.add(ID, { token: 'hf_secret' });
    const withToken = hub.seen.filter(({ authorization }) => authorization !== undefined);
    expect(new Set(withToken.map(({ host }) => host))).toEqual(new Set(['hub']));
    expect(withToken[0]?.authorization).toBe('Bearer hf_secret');
    expect(hub.seen.some(({ host }) => host === 'storage')).toBe(true);
  });

  it('says what a missing repository and a missing revision may mean', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    using place = openWorkplace(hub.url);
    await expect(place.add('no/where')).rejects.toThrow('private or gated (HTTP 401)');
    await expect(place.add(`${ID}@v9`)).rejects.toThrow('no revision "v9"');
    await expect(place.add('no such thing')).rejects.toThrow('no folder, no preset and no hub id');
    await expect(place.add('./nowhere')).rejects.toThrow('There is no folder');
  });

  it.each(['../../evil.onnx', '/etc/passwd', 'onnx\\..\\x', 'a/./b', 'C:/x'])(
    'fetches nothing from a hub that lists the file %s',
    async (name) => {
      await using hub = await startHub({ [ID]: { ...tinyBert(), extraNames: [name] } });
      using place = openWorkplace(hub.url);
      await expect(place.add(ID)).rejects.toThrow('no path below its folder');
      expect(hub.seen).toHaveLength(1);
    },
  );

  it('takes a preset at its commit, and refuses a hub that states another file for it', async () => {
    const preset = findPreset('ms-marco-tinybert-l-2');
    const { hubId = '', revision = '', wasmSha256 = '' } = preset ?? {};
    await using hub = await startHub({ [hubId]: { ...tinyBert(), commit: revision } });
    using place = openWorkplace(hub.url);
    await expect(place.add('ms-marco-tinybert-l-2')).rejects.toThrow(`pinned to ${wasmSha256}`);
    expect(hub.seen).toHaveLength(1);
  });

  it('takes another commit of a preset’s repository where one is named', async () => {
    const hubId = 'Xenova/ms-marco-TinyBERT-L-2-v2';
    await using hub = await startHub({ [hubId]: { ...tinyBert(), cardData: {} } });
    using place = openWorkplace(hub.url);
    const added = await place.add('ms-marco-tinybert-l-2@main');
    expect(added).toMatchObject({ id: 'ms-marco-tinybert-l-2', licence: 'Apache-2.0' });
    expect(place.said.join('\n')).toContain('of the preset; the card names none');
  });
});
