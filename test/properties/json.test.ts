import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseCalibration } from '../../src/worker/model/calibration.ts';
import { parseManifest } from '../../src/worker/model/manifest.ts';

const manifest = readFileSync('test/models/tiny-bert/manifest.json', 'utf8');
const calibration = '{"formatVersion":1,"method":"platt","slope":1,"intercept":0}';
const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it.each(['__proto__', 'constructor', 'prototype'])(
  'a manifest or a calibration under the name %s is none, and changes nothing',
  (name) => {
    const wrapped = (json: string): string => `{"${name}":${json}}`;
    expect(() => parseManifest(JSON.parse(wrapped(manifest)), 'url', 'tiny-bert')).toThrow(
      /formatVersion/,
    );
    expect(() => parseCalibration(toBytes(wrapped(calibration)), 'url')).toThrow(/formatVersion/);
    expect('formatVersion' in {}).toBe(false);
  },
);

it.each(['__proto__', 'constructor', 'toString'])(
  'a manifest whose files are named %s has only those that it lists itself',
  (name) => {
    const parsed = JSON.parse(manifest) as { tokenizer: object };
    const other = { ...parsed, tokenizer: { ...parsed.tokenizer, file: name } };
    expect(() => parseManifest(other, 'url', 'tiny-bert')).toThrow(/tokenizer/);
  },
);
