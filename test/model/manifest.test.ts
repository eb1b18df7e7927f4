import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../src/worker/model/manifest.ts';

const url = 'https://example.org/models/m/manifest.json';
const good = (): Record<string, unknown> =>
  JSON.parse(readFileSync('test/models/tiny-bert/manifest.json', 'utf8')) as Record<
    string,
    unknown
  >;

describe('parseManifest', () => {
  it('takes the manifests of the shipped models', () => {
    for (const model of ['minilm-l6-split', 'gte-small-split']) {
      const text = readFileSync(`public/models/${model}/manifest.json`, 'utf8');
      expect(parseManifest(JSON.parse(text), url).id).toBe(model);
    }
  });

  it.each([
    ['it', []],
    ['formatVersion', { ...good(), formatVersion: 2 }],
    ['id', { ...good(), id: 3 }],
    ['maxTokens', { ...good(), maxTokens: -1 }],
    ['inputs', { ...good(), inputs: 'input_ids' }],
    ['head.labels', { ...good(), head: {} }],
    ['head.positiveLabel', { ...good(), head: { labels: ['a'], positiveLabel: 'b' } }],
    ['pair.end', { ...good(), pair: { start: [1], between: [2], padTokenId: 0 } }],
    ['files["x"]', { ...good(), files: { x: { bytes: 1, sha256: 'short' } } }],
    ['tokenizer', { ...good(), tokenizer: { file: 'not-listed.json', config: 'x' } }],
    ['variants[0]', { ...good(), variants: [{ graph: '../../secret.onnx' }] }],
    ['variants', { ...good(), variants: [] }],
    ['referencePairs', { ...good(), referencePairs: [] }],
  ])('refuses a manifest whose %s is wrong, and names it', (field, value) => {
    expect(() => parseManifest(value, url)).toThrow(
      expect.objectContaining({
        code: 'model-integrity',
        details: { url, field },
        message: expect.stringContaining(url) as string,
      }),
    );
  });
});
