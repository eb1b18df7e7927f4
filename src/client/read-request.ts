import { priorsOfRanks, priorsOfScores } from '../shared/blend.ts';
import { DEFAULT_FIELDS, MAX_DOCUMENT_CHARACTERS } from '../shared/defaults.ts';
import { RerankError } from '../shared/errors.ts';
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

/** The text of each document as the model reads it, after the request was checked. */
export function readTexts<TDocument>(request: RerankRequest<TDocument>): string[] {
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
    if (typeof document === 'string') return document;
    if (typeof document === 'object' && document !== null) return joinFields(document, fields);
    throw invalid(`documents[${index}]`, document, 'a string or an object');
  });
  const hasObjects = documents.some((document: unknown) => typeof document === 'object');
  if (hasObjects && texts.every((text) => text === '')) {
    throw new RerankError(
      'invalid-input',
      `None of the documents has a text in ${fields.join(', ')}. Name their properties in "fields".`,
      { argument: 'fields' },
    );
  }
  return texts.map((text) => text.slice(0, MAX_DOCUMENT_CHARACTERS));
}

function joinFields(document: object, fields: readonly string[]): string {
  const record = document as Record<string, unknown>;
  return fields
    .map((field) => record[field])
    .map((value) => (typeof value === 'number' ? String(value) : value))
    .filter((value) => typeof value === 'string' && value !== '')
    .join('\n');
}

function invalid(name: string, value: unknown, expected: string): RerankError {
  const shown = typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value);
  return new RerankError('invalid-input', `${name} must be ${expected}, but is ${shown}.`, {
    argument: name,
  });
}
