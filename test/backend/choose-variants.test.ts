import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EngineOptions } from '../../src/shared/protocol.ts';
import { chooseVariants } from '../../src/worker/open-engine.ts';
import type { Manifest } from '../../src/worker/model/manifest.ts';

const manifest = JSON.parse(
  readFileSync('public/models/minilm-l6-split/manifest.json', 'utf8'),
) as Manifest;

const choose = (device: EngineOptions['device'], engine: EngineOptions['engine']): string[] =>
  chooseVariants(manifest, { device, engine, dtype: 'auto' }).map(
    (variant) => `${variant.device} ${variant.engine ?? 'any'}`,
  );

describe('the variants of a shipped model', () => {
  it.each([
    ['auto', 'auto', ['webgpu any', 'wasm kernels', 'wasm any']],
    ['wasm', 'auto', ['wasm kernels', 'wasm any']],
    ['webgpu', 'auto', ['webgpu any']],
    ['auto', 'kernels', ['wasm kernels']],
    ['wasm', 'kernels', ['wasm kernels']],
    ['webgpu', 'kernels', ['webgpu kernels']],
    ['auto', 'onnxruntime', ['webgpu any', 'wasm any']],
  ] as const)('for the device %s and the engine %s are %j', (device, engine, expected) => {
    expect(choose(device, engine)).toEqual(expected);
  });
});
