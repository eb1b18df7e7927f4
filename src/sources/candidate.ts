import { RerankError } from '../shared/errors.ts';
import { URL_NAMES } from '../shared/page-address.ts';
import { describeNames, isRecord, listTexts, readPath } from './read-path.ts';

/** One result of the first stage, before reranking, in the shape that the element shows. */
export interface Candidate {
  /** Unique among the candidates of one search. */
  readonly id: string;
  readonly title: string;
  /** The text that the model reads and the reader sees an excerpt of. */
  readonly text: string;
  /** Where the result leads: relative, http, https or mailto. Others are dropped. */
  readonly url?: string;
  /** The search's own score, where it gave a number; greater is better. */
  readonly score?: number;
  /** What the model reads: the object as the search gave it, with `title` and `text` filled in. */
  readonly document: object;
}

/** What a search may return for one result: a text, or an object with some of the usual names. */
export type CandidateInput = string | object;

/** Names that search APIs use, the first that is there wins. */
const NAMES = {
  id: ['id', '_id', 'objectID', 'key'],
  title: ['title', 'name', 'heading', 'label'],
  text: ['text', 'content', 'body', 'excerpt', 'snippet', 'description', 'summary'],
  url: URL_NAMES,
  score: ['score', '_score', '_rankingScore', 'relevance'],
} as const;

/** Protocols that a result may lead to. `javascript:` and `data:` run code or show forged pages. */
const SAFE_PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);

/**
 * Reads results whose fields may have several names. Ids that are missing or repeated get a number;
 * results with nothing to show are left out.
 *
 * @throws RerankError `source-failed` when a search returned something else than a list, or no result of
 * its list has anything to show.
 */
export function toCandidates(inputs: readonly CandidateInput[]): Candidate[] {
  if (!Array.isArray(inputs)) {
    throw new RerankError('source-failed', 'The search must return a list of results.');
  }
  const seen = new Set<string>();
  const candidates = inputs
    .filter((input) => typeof input === 'string' || isRecord(input))
    .map((input, index) => {
      const record = typeof input === 'string' ? { text: input } : input;
      const url = toSafeUrl(readText(record, NAMES.url));
      let id = readText(record, NAMES.id) || url || String(index);
      while (seen.has(id)) id = `${id}#${index}`;
      seen.add(id);
      const title = readText(record, NAMES.title);
      const text = readText(record, NAMES.text);
      const score = readScore(record);
      return {
        id,
        title,
        text,
        document: { ...record, title, text },
        ...(url !== undefined && { url }),
        ...(score !== undefined && { score }),
      };
    })
    .filter(({ title, text, url }) => title !== '' || text !== '' || url !== undefined);
  if (candidates.length > 0 || inputs.length === 0) return candidates;
  const names = [...NAMES.title, ...NAMES.text, ...NAMES.url].join(', ');
  throw new RerankError(
    'source-failed',
    `None of the ${inputs.length} results has a text in one of these properties: ${names}. ` +
      `The first has: ${describeNames(inputs[0])}.`,
  );
}

/**
 * The id that the search itself gave a result; undefined where {@link Candidate.id} was made from its URL or its
 * place, which can be another result's for another query.
 */
export function readGivenId({ document }: Pick<Candidate, 'document'>): string | undefined {
  return readText({ ...document }, NAMES.id) || undefined;
}

/** The title and the text of an object with some of the usual names; empty where it has none. */
export function readTitleAndText(record: object): [title: string, text: string] {
  return [readText({ ...record }, NAMES.title), readText({ ...record }, NAMES.text)];
}

function readText(record: Record<string, unknown>, names: readonly string[]): string {
  for (const name of names) {
    const text = listTexts(readPath(record, name)).join(' ');
    if (text !== '') return text;
  }
  return '';
}

function readScore(record: Record<string, unknown>): number | undefined {
  const values = NAMES.score.map((name) => readPath(record, name));
  return values.find((value): value is number => Number.isFinite(value));
}

function toSafeUrl(value: string): string | undefined {
  if (value === '') return undefined;
  try {
    // A base lets relative links through; only the protocol is looked at.
    const { protocol } = new URL(value, 'https://relative.invalid/');
    return SAFE_PROTOCOLS.has(protocol) ? value : undefined;
  } catch {
    return undefined;
  }
}
