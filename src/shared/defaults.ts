/** The model that runs when none is named. `docs/decisions/0002-default-model.md` has the measurement. */
export const DEFAULT_MODEL = 'minilm-l6-split';

/** The folder that holds model folders, relative to the page. */
export const DEFAULT_MODEL_BASE_URL = '/models/';

/** Object properties that the model reads, in this order. */
export const DEFAULT_FIELDS: readonly string[] = ['title', 'text'];

/** How many candidates the element asks for and reranks. */
export const DEFAULT_CANDIDATES = 50;

/** The most candidates that the element takes. More would take minutes to read, and hold up the page that lists them. */
export const MAX_CANDIDATES = 1000;

/** Milliseconds without typing before the element searches. */
export const DEFAULT_DEBOUNCE_MS = 150;

/** Choices that a `<rerank-log>` keeps: some 200 kB. */
export const DEFAULT_LOGGED_CHOICES = 500;

/** How many results the element shows. */
export const DEFAULT_TOP_N = 10;

/**
 * Characters of a document that are sent to the worker: several times what the longest model reads. The
 * rest of a page of megabytes would only cost memory.
 */
export const MAX_DOCUMENT_CHARACTERS = 65_536;

/** Characters of a query that are read: far more than any model does. Longer ones would only take memory. */
export const MAX_QUERY_CHARACTERS = 10_000;

/** The same as `MAX_DOCUMENT_CHARACTERS` where long documents are read in passages: a long page of a manual, about 80 pages of print. */
export const MAX_LONG_DOCUMENT_CHARACTERS = 262_144;

/**
 * How much the search's own order counts in the element's, 0 to 1. `docs/quality.md` has the measurement that
 * it was chosen by.
 */
export const DEFAULT_PRIOR_WEIGHT = 0.2;

/** How many passages of a long document are read. `docs/long-documents.md` has the measurement. */
export const DEFAULT_MAX_PASSAGES = 2;

/** About how many tokens a passage has. `docs/long-documents.md` has the measurement. */
export const DEFAULT_PASSAGE_TOKENS = 192;
