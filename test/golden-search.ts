export const query = 'find slow queries in postgres';

const index = {
  title: 'Index',
  url: '#index',
  text: 'A B-tree index lets the planner fetch a few rows without reading the whole table.',
};
const bread = {
  title: 'Bread',
  url: '#bread',
  text: 'Bread dough rises faster in a warm kitchen.',
};
const log = {
  title: 'Log',
  url: '#log',
  text: 'Turn on log_min_duration_statement to write every statement that runs longer than the given time to the server log.',
};

/** What the search returns, in its order. */
export const found = [index, bread, log];
export const searchOrder = ['Index', 'Bread', 'Log'];

/**
 * The order of the tiny models' originals in Python for `query`: logits 1.17, 0.99 and 0.85 in
 * `test/golden/tiny-split.json`, and −1.13, −1.82 and −2.71 in `tiny-bert.json`. The models are random; only their
 * numbers have a meaning.
 */
export const rerankedOrder = ['Log', 'Bread', 'Index'];
