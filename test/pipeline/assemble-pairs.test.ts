import { describe, expect, it } from 'vitest';
import {
  assemblePair,
  maxDocumentTokens,
  maxQueryTokens,
} from '../../src/worker/pipeline/assemble-pairs.ts';

const bert = { start: [101], between: [102], end: [102], padTokenId: 0 };
const roberta = { start: [0], between: [2, 2], end: [2], padTokenId: 1 };
const text = (...ids: number[]) => ({ ids: Int32Array.from(ids), complete: true });

describe('assemblePair', () => {
  it('puts the special tokens around query and document', () => {
    const pair = assemblePair(text(1, 2), text(3, 4, 5), bert, 16);
    expect([...pair.inputIds]).toEqual([101, 1, 2, 102, 3, 4, 5, 102]);
    expect(pair.documentStart).toBe(4);
    expect(pair.truncated).toBe(false);
  });

  it('follows a template with a double separator', () => {
    const pair = assemblePair(text(7), text(8), roberta, 16);
    expect([...pair.inputIds]).toEqual([0, 7, 2, 2, 8, 2]);
    expect(pair.documentStart).toBe(4);
  });

  it('cuts the document only, and keeps the last separator', () => {
    const pair = assemblePair(text(1, 2), text(3, 4, 5, 6), bert, 7);
    expect([...pair.inputIds]).toEqual([101, 1, 2, 102, 3, 4, 102]);
    expect(pair.truncated).toBe(true);
  });

  it('calls a document truncated that was cut before it came', () => {
    const cut = { ids: Int32Array.of(3), complete: false };
    expect(assemblePair(text(1), cut, bert, 16).truncated).toBe(true);
  });

  it('makes a pair of nothing from empty texts', () => {
    expect([...assemblePair(text(), text(), bert, 16).inputIds]).toEqual([101, 102, 102]);
  });

  it('leaves room for a document beside the longest query', () => {
    const query = text(...Array.from({ length: maxQueryTokens(16) }, () => 1));
    const document = text(...Array.from({ length: maxDocumentTokens(bert, 16) }, () => 2));
    const pair = assemblePair(query, document, bert, 16);
    expect(pair.inputIds).toHaveLength(16);
    expect(pair.inputIds.filter((id) => id === 2).length).toBeGreaterThan(0);
  });

  it('cuts a document alike for queries of like length, where that is asked for', () => {
    const document = text(...Array.from({ length: 100 }, (_, index) => index));
    const readLength = (queryLength: number): number => {
      const query = text(...Array.from({ length: queryLength }, () => 1));
      const { inputIds, documentStart } = assemblePair(query, document, bert, 64, 16);
      return inputIds.length - documentStart - 1;
    };
    expect([3, 4, 5, 12].map(readLength)).toEqual([48, 48, 48, 48]);
    expect(readLength(20)).toBe(32);
    // A document that fits is not cut.
    expect(assemblePair(text(1), text(2, 3, 4), bert, 64, 16).truncated).toBe(false);
  });
});
