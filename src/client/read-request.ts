import { priorsOfRanks, priorsOfScores } from '../shared/blend.ts';
import {
  DEFAULT_FIELDS,
  DEFAULT_MAX_PASSAGES,
  DEFAULT_PASSAGE_TOKENS,
  MAX_DOCUMENT_CHARACTERS,
  MAX_LONG_DOCUMENT_CHARACTERS,
} from '../shared/defaults.ts';
import { RerankError } from '../shared/errors.ts';
import type { ScoreOptions } from '../shared/protocol.ts';
import type { Scores } from '../shared/rank.ts';
import type { RerankRequest } from '../shared/types.ts';

/** The request's blend with a prior for each document, after it was checked; undefined where there is none. */
export function readBlend({
  blend,
  documents,
  priorScores,
}: Pick<RerankRequest<unknown>, 'blend' | 'documents' | 'priorScores'>): Scores['blend'] {
  if (blend === undefined) return undefined;
  // Callers without types may pass anything.
  const given: unknown = blend;
  if (typeof given !== 'object' || given === null) {
    throw invalid('blend', blend, 'an object with prior and weight');
  }
  const { prior, weight } = blend;
  if (!(weight >= 0 && weight <= 1)) throw invalid('blend.weight', weight, 'a number from 0 to 1');
  if (!['rank', 'score'].includes(prior)) throw invalid('blend.prior', prior, '"rank" or "score"');
  if (prior === 'rank') return { weight, priors: priorsOfRanks(documents.length) };
  if (priorScores?.length !== documents.length || !priorScores.every(Number.isFinite)) {
    throw invalid('priorScores', priorScores, 'a finite number for each document');
  }
  return { weight, priors: priorsOfScores(priorScores) };
}

/** The request's budget, after it was checked; undefined where there is none. */
export function readBudgetMs({
  budgetMs,
}: Pick<RerankRequest<unknown>, 'budgetMs'>): number | undefined {
  if (budgetMs === undefined || (Number.isFinite(budgetMs) && budgetMs > 0)) return budgetMs;
  throw invalid('budgetMs', budgetMs, 'a positive number of milliseconds');
}

/** What the model reads of a document. */
export interface DocumentText {
  /** The fields' texts, a line break between them; cut where it is longer than anyone reads. */
  readonly text: string;
  /** The last field with a text, where a document is an object. */
  readonly field?: string;
  /** Characters before that field's text. */
  readonly headLength: number;
}

/** The text of each document as the model reads it, after the request was checked. */
export function readTexts<TDocument>(request: RerankRequest<TDocument>): DocumentText[] {
  const inPassages = request.longDocuments === 'best-passage';
  const limit = inPassages ? MAX_LONG_DOCUMENT_CHARACTERS : MAX_DOCUMENT_CHARACTERS;
  const { query, documents, topN, fields = DEFAULT_FIELDS } = request;
  if (typeof query !== 'string') throw invalid('query', query, 'a string');
  if (!Array.isArray(documents)) throw invalid('documents', documents, 'an array');
  if (topN !== undefined && !(Number.isInteger(topN) && topN >= 1)) {
    throw invalid('topN', topN, 'a whole number of 1 or more');
  }
  if (!Array.isArray(fields) || fields.length === 0) {
    throw invalid('fields', fields, 'a list of property names');
  }
  const texts = documents.map((document: unknown, index) => {
    if (typeof document === 'string') return { text: document, headLength: 0 };
    if (typeof document === 'object' && document !== null) return joinFields(document, fields);
    throw invalid(`documents[${index}]`, document, 'a string or an object');
  });
  const hasObjects = documents.some((document: unknown) => typeof document === 'object');
  if (hasObjects && texts.every(({ text }) => text === '')) {
    throw new RerankError(
      'invalid-input',
      `None of the documents has a text in ${fields.join(', ')}. Name their properties in "fields".`,
      { argument: 'fields' },
    );
  }
  const long = texts.findIndex(({ text }) => text.length > limit);
  if (request.longDocuments === 'error' && long >= 0) {
    throw new RerankError(
      'invalid-input',
      `documents[${long}] is longer than any model reads. Shorten it, or choose another longDocuments than "error".`,
      { argument: 'documents' },
    );
  }
  return texts.map(({ text, ...rest }) => ({
    ...rest,
    text: text.slice(0, limit),
  }));
}

function joinFields(document: object, fields: readonly string[]): DocumentText {
  const record = document as Record<string, unknown>;
  const parts = fields.flatMap((field) => {
    const value = record[field];
    const text = typeof value === 'number' ? String(value) : value;
    return typeof text === 'string' && text !== '' ? [{ field, text }] : [];
  });
  const last = parts.at(-1);
  const text = parts.map((part) => part.text).join('\n');
  if (!last) return { text, headLength: 0 };
  return { text, field: last.field, headLength: text.length - last.text.length };
}

/** How long documents are read, as a scorer's options, after the request was checked. */
export function readLongDocuments(
  {
    longDocuments = 'truncate',
    maxPassages = DEFAULT_MAX_PASSAGES,
    passageTokens = DEFAULT_PASSAGE_TOKENS,
  }: Pick<RerankRequest<unknown>, 'longDocuments' | 'maxPassages' | 'passageTokens'>,
  texts: readonly DocumentText[],
): Pick<ScoreOptions, 'passages' | 'refusesLong'> {
  if (!['truncate', 'best-passage', 'error'].includes(longDocuments)) {
    throw invalid('longDocuments', longDocuments, '"truncate", "best-passage" or "error"');
  }
  if (!(Number.isInteger(maxPassages) && maxPassages >= 1)) {
    throw invalid('maxPassages', maxPassages, 'a whole number of 1 or more');
  }
  if (!(Number.isInteger(passageTokens) && passageTokens >= 32)) {
    throw invalid('passageTokens', passageTokens, 'a whole number of 32 or more');
  }
  if (longDocuments === 'truncate') return {};
  if (longDocuments === 'error') return { refusesLong: true };
  const headLengths = texts.map(({ headLength }) => headLength);
  return { passages: { tokens: passageTokens, most: maxPassages, headLengths } };
}

/** The request's least score, after it was checked; undefined where there is none. */
export function readMinScore({
  minScore,
}: Pick<RerankRequest<unknown>, 'minScore'>): number | undefined {
  if (minScore === undefined || (minScore >= 0 && minScore <= 1)) return minScore;
  throw invalid('minScore', minScore, 'a number from 0 to 1');
}

function invalid(name: string, value: unknown, expected: string): RerankError {
  const shown = typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value);
  return new RerankError('invalid-input', `${name} must be ${expected}, but is ${shown}.`, {
    argument: name,
  });
}
