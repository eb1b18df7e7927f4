import { readFileSync } from 'node:fs';
import { AutoTokenizer } from '@huggingface/transformers';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../src/worker/model/manifest.ts';
import {
  assemblePair,
  maxDocumentTokens,
  maxQueryTokens,
} from '../../src/worker/pipeline/assemble-pairs.ts';
import { createEncoder } from '../../src/worker/pipeline/tokenize.ts';
import { families, type GoldenFile } from '../golden-file.ts';

const berts = {
  'minilm-l6-split': 'public/models',
  'gte-small-split': 'public/models',
  'tiny-split': 'test/models',
  'tiny-bert': 'test/models',
  'tiny-bert-3-labels': 'test/models',
};

const models = {
  ...berts,
  ...Object.fromEntries(families.map((model) => [model, 'test/models'])),
};

describe.each(Object.entries(models))('the pairs of %s', (model, base) => {
  const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
  const folder = `${base}/${model}`;
  const manifest = parseManifest(readJson(`${folder}/manifest.json`), folder, model);
  const tokenizerJson = readJson(`${folder}/tokenizer.json`) as object;
  const tokenizerConfig = readJson(`${folder}/tokenizer_config.json`) as object;
  const encoder = createEncoder(tokenizerJson, tokenizerConfig);
  const golden = readJson(`test/golden/${model}.json`) as GoldenFile;
  const { maxTokens, pair: template } = manifest;

  it('were made for the model as it is committed', () => {
    expect(golden.revision).toBe(manifest.revision);
    expect(golden.pairs.length).toBeGreaterThanOrEqual(60);
  });

  it('have the token ids of the Python original', () => {
    for (const { name, query, document, inputIds, documentTokens } of golden.pairs) {
      const pair = assemblePair(
        encoder.encode(query, maxQueryTokens(maxTokens)),
        encoder.encode(document, maxDocumentTokens(template, maxTokens)),
        template,
        maxTokens,
      );
      expect([...pair.inputIds], name).toEqual(inputIds);
      const documentTokensRead = inputIds.length - pair.documentStart - template.end.length;
      expect(pair.truncated, name).toBe(documentTokens > documentTokensRead);
    }
  });

  it('are never longer than the model can read, and keep their end', () => {
    const lengths = golden.pairs.map(({ inputIds }) => inputIds.length);
    expect(Math.max(...lengths)).toBe(maxTokens);
    for (const { name, inputIds } of golden.pairs) {
      expect(inputIds.slice(-template.end.length), name).toEqual([...template.end]);
    }
  });

  // Of the other families its tokenizers differ from Python's: see src/worker/pipeline/tokenizer-workarounds.ts.
  it.runIf(model in berts)(
    'have the token ids of transformers.js, where no text looks like a special token',
    async () => {
      const tokenizer = await AutoTokenizer.from_pretrained(`${process.cwd()}/${folder}`, {
        local_files_only: true,
      });
      const plain = golden.pairs.filter(
        ({ query, document, truncated }) => !truncated && !/\[[A-Z]+\]/.test(query + document),
      );
      expect(plain.length).toBeGreaterThan(40);
      for (const { name, query, document, inputIds } of plain) {
        // transformers.js takes an empty second text for none, and leaves its separator out.
        if (document === '') continue;
        const { input_ids: ids } = tokenizer(query, {
          text_pair: document,
          return_tensor: false,
        }) as { input_ids: number[] };
        if (ids.length <= maxTokens) expect(ids, name).toEqual(inputIds);
      }
    },
  );
});
