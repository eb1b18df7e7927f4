import { isJudged } from '../shared/rank.ts';
import { cutAtSentence } from './cut-at-sentence.ts';
import {
  checkFunction,
  checkResults,
  checkTextOptions,
  invalidInput,
  readResultText,
  type AnyResult,
  type ResultTextOptions,
} from './read-results.ts';

/** How the chosen texts stand in the prompt. */
export type ContextOrder = 'best-first' | 'original' | 'edges';

const ORDERS: readonly ContextOrder[] = ['best-first', 'original', 'edges'];

/** Options of {@link selectContext}. */
export interface SelectContextOptions<TResult> extends ResultTextOptions<TResult> {
  /** The most tokens that the texts have together, as `countTokens` counts them: a positive number. */
  readonly tokenBudget: number;
  /**
   * The least `relevanceScore` of a text, 0 to 1. Results without a score of the whole model (`scored: false`, `similarityOnly`,
   * `unknownLanguage`) never pass. A score is no probability unless the model is calibrated (`model.calibrated`); without,
   * a number that suits one query or model does not suit another. Default: every result passes.
   */
  readonly minScore?: number | undefined;
  /**
   * `best-first`; `original`: as the search had them; `edges`: the best at the beginning and the end, because language models
   * read the middle of a long prompt least well (Liu et al., "Lost in the Middle", 2023). Default `best-first`.
   */
  readonly order?: ContextOrder | undefined;
  /**
   * What happens to a text that does not fit into what is left of the budget. `skip`: it is left out, a shorter one after it may
   * fit. `cut`: the first such text is cut at the end of a sentence, later ones are skipped. Default `skip`.
   */
  readonly tooLong?: 'skip' | 'cut' | undefined;
  /**
   * How many tokens a text has: a number of 0 or more, not a promise. Pass your language model's tokenizer. Default: an
   * estimate, a token for 4 characters, rounded up; too low by far for Chinese or Japanese, and for code.
   */
  readonly countTokens?: ((text: string) => number) | undefined;
}

/** One text of a context. */
export interface ContextItem<TResult> {
  readonly result: TResult;
  readonly text: string;
  /** Tokens of `text`, as `countTokens` counts them. */
  readonly tokens: number;
  /** Whether `text` is only the beginning. */
  readonly cut: boolean;
}

/** What {@link selectContext} chose. */
export interface SelectedContext<TResult> {
  /** In the chosen `order`. */
  readonly items: readonly ContextItem<TResult>[];
  /** Tokens of all items together; what your prompt puts between them comes on top. */
  readonly tokens: number;
  /** Results that are not in `items`, in the order that they had: too long, below `minScore`, or without a text. */
  readonly leftOut: readonly TResult[];
}

/**
 * Chooses texts for a language model's prompt: goes from the best result down, and takes what fits into the budget. A result's
 * text is its `passage` where it has one, else its document's.
 *
 * @throws RerankError `invalid-input` for a list or option of a wrong type or range, and for a `countTokens` that returns no count.
 */
export function selectContext<TResult extends AnyResult>(
  results: readonly TResult[],
  options: SelectContextOptions<TResult>,
): SelectedContext<TResult> {
  checkResults(results);
  checkOptions(options);
  const { tokenBudget, minScore, order = 'best-first', countTokens = estimateTokens } = options;
  const count = (text: string): number => checkCount(countTokens(text));
  const items: ContextItem<TResult>[] = [];
  const leftOut: TResult[] = [];
  let tokens = 0;
  let mayCut = options.tooLong === 'cut';
  for (const result of results) {
    const item = passes(result, minScore) ? takeText(result, tokenBudget - tokens) : undefined;
    if (item === undefined) {
      leftOut.push(result);
      continue;
    }
    items.push(item);
    tokens += item.tokens;
  }
  return { items: arrange(items, order), tokens, leftOut };

  function takeText(result: TResult, room: number): ContextItem<TResult> | undefined {
    const text = readContextText(result, options);
    if (text === '') return undefined;
    const whole = count(text);
    if (whole <= room) return { result, text, tokens: whole, cut: false };
    if (!mayCut) return undefined;
    mayCut = false;
    const beginning = cutAtSentence(text, (part) => count(part) <= room);
    if (beginning === undefined) return undefined;
    return { result, text: beginning, tokens: count(beginning), cut: true };
  }
}

function checkOptions<TResult>(options: SelectContextOptions<TResult>): void {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null) {
    throw invalidInput('options', 'an object with a tokenBudget', given);
  }
  const { tokenBudget, minScore, order = 'best-first', tooLong = 'skip', countTokens } = options;
  checkTextOptions(options);
  checkFunction('countTokens', countTokens);
  if (!(Number.isFinite(tokenBudget) && tokenBudget > 0)) {
    throw invalidInput('tokenBudget', 'a positive number of tokens', tokenBudget);
  }
  if (minScore !== undefined && !(minScore >= 0 && minScore <= 1)) {
    throw invalidInput('minScore', 'a number from 0 to 1', minScore);
  }
  if (!ORDERS.includes(order)) throw invalidInput('order', `one of ${ORDERS.join(', ')}`, order);
  if (!['skip', 'cut'].includes(tooLong)) throw invalidInput('tooLong', 'skip or cut', tooLong);
}

function passes(result: AnyResult, minScore: number | undefined): boolean {
  return minScore === undefined || (isJudged(result) && result.relevanceScore >= minScore);
}

function readContextText<TResult extends AnyResult>(
  result: TResult,
  options: ResultTextOptions<TResult>,
): string {
  const passage = result.scored ? result.passage?.text : undefined;
  if (passage && options.toText === undefined) return passage.trim();
  return readResultText(result, options).trim();
}

function estimateTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function checkCount(tokens: number): number {
  const given: unknown = tokens;
  if (typeof given === 'number' && given >= 0) return given;
  throw invalidInput('countTokens', 'a function that returns a number of 0 or more', given);
}

/** Sorts stay stable, so that equals keep the order that they had. */
function arrange<TItem extends { readonly result: AnyResult }>(
  items: readonly TItem[],
  order: ContextOrder,
): readonly TItem[] {
  if (order === 'best-first') return items;
  if (order === 'original') {
    return items.toSorted((a, b) => a.result.originalRank - b.result.originalRank);
  }
  const front = items.filter((_, place) => place % 2 === 0);
  const back = items.filter((_, place) => place % 2 === 1);
  return [...front, ...back.toReversed()];
}
