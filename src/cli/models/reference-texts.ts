/** A query with a document that answers it and one that has nothing to do with it. */
export interface Couple {
  readonly query: string;
  readonly relevant: string;
  readonly unrelated: string;
}

/**
 * The texts of known answers. They are in English, which every reranker that is known here reads; short,
 * because a page scores them each time it opens the model.
 */
export const COUPLES: readonly Couple[] = [
  {
    query: 'undo last commit but keep my changes',
    relevant: 'git reset --soft HEAD~1 removes the newest commit and leaves its changes staged.',
    unrelated: 'The harbour closes to sailing boats in November.',
  },
  {
    query: 'how long should bread dough rise',
    relevant:
      'Let the bread dough rise for one to two hours at room temperature, until it has doubled in size.',
    unrelated: 'Parliament passed the budget after a debate of eleven hours.',
  },
];

/** One pair of more than a hundred tokens, so that a fault that grows with the length shows. */
export const LONG_PAIR = {
  query: 'which index speeds up full text search',
  document:
    'A database can find a row by reading the whole table, which takes longer the more rows there are. An index keeps ' +
    'a copy of some columns in an order that makes finding cheap. A B-tree index serves equality and ranges: numbers, ' +
    'dates, the beginning of a string. It does not help where a word may stand anywhere in a text. For full text ' +
    'search an inverted index is made: each word is listed once, with the rows that contain it. Looking up two words ' +
    'means reading two short lists and keeping what is in both. The price is paid when a row is written, because every ' +
    'word of it must be entered; many systems therefore collect new entries and sort them in later. Ranking the rows ' +
    'that were found needs the places of the words as well, which makes the lists longer.',
};

/** Query and document of each known answer. */
export const REFERENCE_TEXTS: readonly { readonly query: string; readonly document: string }[] = [
  ...COUPLES.flatMap(({ query, relevant, unrelated }) => [
    { query, document: relevant },
    { query, document: unrelated },
  ]),
  LONG_PAIR,
];
