import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../src/worker/model/manifest.ts';

const url = 'https://example.org/models/m/manifest.json';
const good = (): Record<string, unknown> =>
  JSON.parse(readFileSync('test/models/tiny-bert/manifest.json', 'utf8')) as Record<
    string,
    unknown
  >;

const sha256 = '0'.repeat(64);
const stored = { path: 'x.deflate', encoding: 'deflate-raw', bytes: 1, sha256 };
const [variant] = good().variants as [object];

describe('parseManifest', () => {
  it('takes the manifests of the shipped models', () => {
    for (const model of ['minilm-l6-split', 'gte-small-split']) {
      const text = readFileSync(`public/models/${model}/manifest.json`, 'utf8');
      expect(parseManifest(JSON.parse(text), url, model).id).toBe(model);
    }
  });

  it.each([
    ['it', []],
    ['formatVersion', { ...good(), formatVersion: 3 }],
    ['id', { ...good(), id: 3 }],
    ['id', { ...good(), id: 'another-model' }],
    ['revision', { ...good(), revision: undefined }],
    ['maxTokens', { ...good(), maxTokens: 8 }],
    ['inputs', { ...good(), inputs: 'input_ids' }],
    ['languages', { ...good(), languages: 'en' }],
    ['head.labels', { ...good(), head: {} }],
    ['head.positiveLabel', { ...good(), head: { labels: ['a'], positiveLabel: 'b' } }],
    ['pair.end', { ...good(), pair: { start: [1], between: [2], padTokenId: 0 } }],
    ['files["x"]', { ...good(), files: { x: { bytes: 1, sha256: 'short' } } }],
    ['files["x"]', { ...good(), files: { x: { bytes: 9e15, sha256 } } }],
    ...[
      {},
      { ...stored, path: '../x' },
      { ...stored, path: undefined },
      { ...stored, encoding: 'gzip' },
      { ...stored, sha256: 'short' },
    ].map((wrong): [string, object] => [
      'files["x"]',
      { ...good(), files: { x: { bytes: 1, sha256, stored: wrong } } },
    ]),
    ['files["../x"]', { ...good(), files: { '../x': { bytes: 1, sha256 } } }],
    ['files["a/../../x"]', { ...good(), files: { 'a/../../x': { bytes: 1, sha256 } } }],
    [
      'files["https://a.example/x"]',
      { ...good(), files: { 'https://a.example/x': { bytes: 1, sha256 } } },
    ],
    ['files["//a.example/x"]', { ...good(), files: { '//a.example/x': { bytes: 1, sha256 } } }],
    ['tokenizer', { ...good(), tokenizer: { file: 'not-listed.json', config: 'x' } }],
    ['variants[0]', { ...good(), variants: [{ graph: '../../secret.onnx' }] }],
    ['calibration', { ...good(), calibration: 'not-listed.json' }],
    ['variants', { ...good(), variants: [] }],
    ['variants[0]', { ...good(), variants: [{ ...variant, device: 'toaster' }] }],
    ['variants[0]', { ...good(), variants: [{ ...variant, weights: {} }] }],
    ['variants[0]', { ...good(), variants: [{ ...variant, tolerance: null }] }],
    ['referencePairs', { ...good(), referencePairs: [] }],
    ['referencePairs[0]', { ...good(), referencePairs: [null] }],
  ])('refuses a manifest whose %s is wrong, and names it', (field, value) => {
    expect(() => parseManifest(value, url, 'tiny-bert')).toThrow(
      expect.objectContaining({
        code: 'model-integrity',
        details: { url, field },
        message: expect.stringContaining(url) as string,
      }),
    );
  });
});
