import { rankDocuments } from '../../src/shared/rank.ts';
import type { RankedResult, RerankResult, UnscoredResult } from '../../src/shared/types.ts';

/** Documents in this order, each a little less relevant than the one before. */
export function rank<TDocument>(...documents: readonly TDocument[]): RerankResult<TDocument>[] {
  return rankDocuments(documents, {
    logits: Float64Array.from(documents, (_, index) => 3 - index),
    truncated: new Uint8Array(documents.length),
    unknownLanguage: new Uint8Array(documents.length),
  });
}

/** The same results, those from place `read` on as a run leaves them that was ended early. */
export function stopAfter<TDocument>(
  read: number,
  results: readonly RerankResult<TDocument>[],
): RankedResult<TDocument>[] {
  return results.map((result, place) => (place < read ? result : unread(result)));
}

function unread<TDocument>(result: RerankResult<TDocument>): UnscoredResult<TDocument> {
  const { index, rank: place, originalRank, document } = result;
  return { index, rank: place, originalRank, document, scored: false };
}

/** Documents as searches without care give them. */
export const hostileDocuments: readonly unknown[] = [
  { title: null, text: null },
  { title: 'Twice', text: 'One sentence. Another sentence.', url: '/a#one' },
  undefined,
  null,
  {},
  { title: 'Twice', text: 'One sentence. Another sentence!', url: '/a#two' },
  { title: 7, text: ['a'], url: null },
  { title: 'Long', text: 'word '.repeat(200_000), url: 'javascript:void(0)#x' },
  { text: '!'.repeat(1_000_000), url: '#' },
  { text: '\u{D800}'.repeat(3), url: '' },
  'a plain text',
  '',
  42,
  { text: '数据库的磁盘已满时会发生什么。', url: 'https://[bad' },
  Object.create(null),
];

/** Numbers from 0 to 1 that are the same every time. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** `count` documents of a few words and pages, so that many are alike. */
export function randomDocuments(count: number, seed: number): object[] {
  const random = seededRandom(seed);
  const pick = (most: number): number => Math.floor(random() * most);
  return Array.from({ length: count }, () => {
    const start = pick(4);
    const words = Array.from({ length: pick(30) }, (_, at) => `word${start + at}`);
    return { text: words.join(' '), ...(random() < 0.8 && { url: `/page${pick(5)}#${pick(9)}` }) };
  });
}
