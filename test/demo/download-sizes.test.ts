import { readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  GPU_RUNTIME_MEGABYTES,
  LIST_MEGABYTES,
  MODEL_MEGABYTES,
  RUNTIME_MEGABYTES,
} from '../../demo/download-sizes.ts';
import { parseCorpus } from '../../demo/corpus/corpus-record.ts';
import { writeList } from '../../demo/server/page-indexes.ts';
import { sumHostedBytes, type Manifest } from '../../src/worker/model/manifest.ts';

const toMegabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;

const sizeOfRuntime = (...names: string[]): number =>
  toMegabytes(names.reduce((sum, name) => sum + statSync(`dist/runtime/${name}`).size, 0));

it.each(Object.keys(MODEL_MEGABYTES))('the race says what %s has to download', (id) => {
  const manifest = JSON.parse(
    readFileSync(`public/models/${id}/manifest.json`, 'utf8'),
  ) as Manifest;
  const { tokenizer, variants, files } = manifest;
  const needed = variants
    .filter(({ device }) => device === 'wasm')
    .flatMap(({ graph, weights = [] }) => [graph, ...weights]);
  const paths = [...new Set([tokenizer.file, tokenizer.config, ...needed])];
  expect(MODEL_MEGABYTES[id]).toBe(toMegabytes(sumHostedBytes(files, paths)));
});

it('the race says what the other engines’ runtimes have to download', () => {
  const build = (name: string): string[] => ['glue.js', 'wasm'].map((end) => `ort.${name}.${end}`);
  expect(RUNTIME_MEGABYTES).toEqual({
    onnxruntime: sizeOfRuntime('ort.wasm.js', ...build('wasm')),
    transformers: sizeOfRuntime('transformers.js', ...build('asyncify')),
  });
  expect(GPU_RUNTIME_MEGABYTES).toEqual(
    ['jspi', 'asyncify'].map((name) => sizeOfRuntime(`ort.${name}.js`, ...build(name))),
  );
});

it('the demo says how large the list is that a search in the page loads', () => {
  const corpus = readFileSync('demo/corpus/postgresql-15.jsonl', 'utf8');
  expect(LIST_MEGABYTES).toBe(toMegabytes(Buffer.byteLength(writeList(parseCorpus(corpus)))));
});
