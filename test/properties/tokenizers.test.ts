import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../src/worker/model/manifest.ts';
import {
  assemblePair,
  maxDocumentTokens,
  maxQueryTokens,
} from '../../src/worker/pipeline/assemble-pairs.ts';
import { createEncoder } from '../../src/worker/pipeline/tokenize.ts';
import { families } from '../golden-file.ts';
import { anyText } from './hostile-texts.ts';

interface TokenizerFile {
  readonly added_tokens: readonly { id: number; content: string; special: boolean }[];
}

describe.each(['tiny-bert', 'tiny-bert-3-labels', ...families])('any text, read by %s', (model) => {
  const readJson = (name: string): unknown =>
    JSON.parse(readFileSync(`test/models/${model}/${name}`, 'utf8'));
  const manifest = parseManifest(readJson('manifest.json'), model, model);
  const file = readJson('tokenizer.json') as TokenizerFile;
  const encoder = createEncoder(file, readJson('tokenizer_config.json') as object);
  const { start, between, end, padTokenId } = manifest.pair;
  const reserved = new Set([...start, ...between, ...end, padTokenId]);
  for (const { id, content } of file.added_tokens) if (/mask/i.test(content)) reserved.add(id);

  it('gives no special token, and at most as many tokens as are wanted', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 400 }), (text, limit) => {
        const { ids, complete } = encoder.encode(text, limit);
        expect(ids.length).toBeLessThanOrEqual(limit);
        expect([...ids].filter((id) => reserved.has(id))).toEqual([]);
        const longer = encoder.encode(text, limit + 1).ids;
        expect([...longer.subarray(0, limit)]).toEqual([...ids]);
        expect(complete).toBe(longer.length === ids.length);
      }),
      { numRuns: 60 },
    );
  });

  it('makes a pair with the whole query, the beginning of the document, and special tokens only around them', () => {
    fc.assert(
      fc.property(
        anyText,
        anyText,
        fc.integer({ min: 16, max: manifest.maxTokens }),
        fc.constantFrom(1, 16),
        (query, document, maxTokens, cutStep) => {
          const queryIds = encoder.encode(query, maxQueryTokens(maxTokens));
          const most = maxDocumentTokens(manifest.pair, maxTokens);
          const documentIds = encoder.encode(document, most);
          const { inputIds, documentStart, truncated } = assemblePair(
            queryIds,
            documentIds,
            manifest.pair,
            maxTokens,
            cutStep,
          );
          expect(inputIds.length).toBeLessThanOrEqual(maxTokens);
          const read = inputIds.length - documentStart - end.length;
          expect([...inputIds]).toEqual([
            ...start,
            ...queryIds.ids,
            ...between,
            ...documentIds.ids.subarray(0, read),
            ...end,
          ]);
          expect(truncated).toBe(!documentIds.complete || read < documentIds.ids.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});
