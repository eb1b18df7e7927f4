import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findPreset } from '../../src/cli/models/presets.ts';
import { COMMIT, readRepository, startHub, type HubRepository } from './models-hub-server.ts';
import { openWorkplace, testModel } from './models-workplace.ts';
import { runCommand } from './run-command.ts';

const ID = 'tiny/Tiny-BERT';
const CARD = { license: 'apache-2.0', language: 'en', base_model: 'someone/base' };

function tinyBert(): HubRepository {
  return { ...readRepository(testModel('tiny-bert')), cardData: CARD };
}

describe('models add, from a hub that is broken or means harm', () => {
  it('gives up a server that ignores the range and never gets further', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    Object.assign(hub.faults, { cutAfter: 100_000, ignoreRange: true });
    using place = openWorkplace(hub.url);
    await expect(place.add(ID, { dtypes: ['fp32'] })).rejects.toThrow('broke off after 100000 of');
    expect(hub.weightRequests().length).toBeLessThan(10);
  });

  it('waits for a small file that comes slowly, as long as something comes', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    hub.faults.pieceMs = 500;
    using place = openWorkplace(hub.url);
    const patience = { delaysMs: [], idleTimeoutMs: 1500 };
    await place.add(ID, { dryRun: true, patience });
    expect(place.said.join('\n')).toContain('q8 159 kB');
  });

  it('stops a small file that is longer than the hub states', async () => {
    await using hub = await startHub({ [ID]: tinyBert() });
    hub.faults.endless = '/config.json';
    using place = openWorkplace(hub.url);
    await expect(place.add(ID)).rejects.toThrow(/sends more than \d+ bytes for .*config\.json/);
  });

  it('compares weights with the blob that the hub names where it states no SHA-256', async () => {
    const withoutSha256 = ['onnx/model.onnx'];
    await using hub = await startHub({ [ID]: { ...tinyBert(), withoutSha256 } });
    using place = openWorkplace(hub.url);
    hub.faults.corrupt = 'model.onnx';
    await expect(place.add(ID, { dtypes: ['fp32'] })).rejects.toThrow(
      /model\.onnx is not the file that the hub names: its blob is .* It was deleted/,
    );
    delete hub.faults.corrupt;
    expect(await place.add(ID, { dtypes: ['fp32'] })).toBeDefined();
  });

  it('fetches no weights that nobody could check', async () => {
    const repository = tinyBert();
    repository.files.delete('onnx/model.onnx');
    await using hub = await startHub({ [ID]: { ...repository, extraNames: ['onnx/model.onnx'] } });
    using place = openWorkplace(hub.url);
    await expect(place.add(ID, { dtypes: ['fp32'] })).rejects.toThrow('states neither SHA-256');
    expect(hub.weightRequests()).toEqual([]);
  });

  it('lets no control character of a hub reach the terminal', async () => {
    const card = { ...CARD, language: 'en\u001b[2J\u009b1A' };
    const labels = Buffer.from(JSON.stringify({ architectures: ['Evil\u001b[2J\n'] }));
    const unfit = tinyBert();
    unfit.files.set('config.json', labels);
    await using hub = await startHub({ [ID]: { ...tinyBert(), cardData: card }, 'un/fit': unfit });
    using place = openWorkplace(hub.url);
    const add = ['models', 'add', '--dry-run', '--hub', hub.url, '--to', place.folder];
    const shown = await runCommand(...add, ID);
    expect(shown.stdout).toContain('en [2J 1A');
    const refused = await runCommand(...add, 'un/fit');
    expect(refused.stderr).toContain('cannot be used:\n  - ');
    for (const text of [shown.stdout, refused.stderr]) {
      expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    }
  });

  it('refuses a hub that answers with another commit than the one asked for', async () => {
    const { hubId = '', revision = '' } = findPreset('ms-marco-tinybert-l-2') ?? {};
    const other = { ...tinyBert(), commit: revision, statedCommit: COMMIT };
    await using hub = await startHub({ [hubId]: other, [ID]: other });
    using place = openWorkplace(hub.url);
    for (const named of ['ms-marco-tinybert-l-2', `${ID}@${revision}`]) {
      await expect(place.add(named)).rejects.toThrow(`answers with the commit ${COMMIT}`);
    }
    expect(hub.seen).toHaveLength(2);
  });

  it('refuses a hub that has not the file that a preset is pinned to', async () => {
    const { hubId = '', revision = '' } = findPreset('ms-marco-tinybert-l-2') ?? {};
    const repository = { ...tinyBert(), commit: revision };
    repository.files.delete('onnx/model_quantized.onnx');
    await using hub = await startHub({ [hubId]: repository });
    using place = openWorkplace(hub.url);
    await expect(place.add('ms-marco-tinybert-l-2')).rejects.toThrow('has no onnx/model_quantized');
    expect(hub.seen).toHaveLength(1);
  });

  it('compares what came with a preset’s pin where the hub states no SHA-256', async () => {
    const {
      hubId = '',
      revision = '',
      wasmSha256 = '',
    } = findPreset('ms-marco-tinybert-l-2') ?? {};
    const withoutSha256 = ['onnx/model_quantized.onnx'];
    await using hub = await startHub({
      [hubId]: { ...tinyBert(), commit: revision, withoutSha256 },
    });
    using place = openWorkplace(hub.url);
    await expect(place.add('ms-marco-tinybert-l-2')).rejects.toThrow(`pinned to ${wasmSha256}`);
    expect(readdirSync(place.folder)).toEqual(['.adding']);
  });
});
