import { RerankError } from '../shared/errors.ts';
import { MAX_QUERY_CHARACTERS } from '../shared/defaults.ts';
import { splitSentences, type TextRange } from '../shared/split-sentences.ts';
import type { Passage, Reranker, RerankRequest, RerankResult } from '../shared/types.ts';
import { chooseSentences, chooseWords, splitWords, trimRange } from './choose-explained.ts';
import { invalidOption } from './invalid-option.ts';
import { readLongDocuments, readTexts } from './read-request.ts';

/** Which result to explain. All that is also in a `RerankRequest` means the same as there. */
export interface ExplainRequest<TDocument extends string | object> extends Pick<
  RerankRequest<TDocument>,
  'query' | 'fields' | 'longDocuments' | 'maxPassages' | 'passageTokens' | 'signal'
> {
  /** The result's document, as it was reranked. */
  readonly document: TDocument;
  /**
   * How many pairs are scored at most, the whole one included: a whole number of 1 or more. Half of the others are for words, half for sentences, and
   * what one of the two does not need is for the other. Of more words the longest are explained, function words such as “the” last; of
   * more sentences those with most of the query's words, and of these the longest. Default 24.
   */
  readonly maxPairs?: number | undefined;
}

/** A part of a text, and what it did for the score. */
export interface ExplainedPart extends TextRange {
  readonly text: string;
  /** The logit of the whole pair, less the logit without this part: above 0 where the part raised the score. */
  readonly effect: number;
}

/** What explains a score. */
export interface ScoreExplanation {
  /** See `RerankResult`. */
  readonly relevanceScore: number;
  readonly logit: number;
  /** Words of the query in its order, by their places in it. */
  readonly words: readonly ExplainedPart[];
  /** What the sentences are of: with `best-passage` the passage that counted, else the whole text, or its last field. */
  readonly passage: Passage;
  /** Sentences of the passage in their order. Their places count as the passage's do: in the text that it is a part of. */
  readonly sentences: readonly ExplainedPart[];
  /** How many pairs were scored, the whole one included; with `best-passage` without those that found the passage. */
  readonly pairs: number;
}

const DEFAULT_MAX_PAIRS = 24;

/**
 * Says what a score comes from: each word of the query and each sentence of the document is left out in turn, and the rest is scored
 * anew. A part that carried the score leaves a lower one behind. Everything happens where the reranker runs: in the reader's browser, unless
 * it is a hosted one.
 *
 * An effect is that of one part while all others are there. Effects do not add up to the score: two sentences that say the same have
 * little effect each, and a word means something by its neighbours. With one word in the query, or one sentence in the document, nothing
 * is left, and the model reads an empty text; such an effect says how much the score is more than that of nothing. Of a text that the model cuts at
 * its end (`truncated`), a sentence behind the cut has no effect, and one before it lets in what stood behind: `longDocuments: 'best-passage'`
 * avoids both.
 *
 * Source: occlusion, Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014; of words, Li, Monroe and
 * Jurafsky, "Understanding Neural Networks through Representation Erasure", 2016, arXiv:1612.08220.
 *
 * @throws RerankError as `rerank`; `invalid-input` also for a query or a document without a text, and for a reranker over a language model, whose scores
 * are places in a list.
 */
export async function explainScore<TDocument extends string | object>(
  reranker: Reranker,
  request: ExplainRequest<TDocument>,
): Promise<ScoreExplanation> {
  const { maxPairs = DEFAULT_MAX_PAIRS, signal } = request;
  if (!(Number.isInteger(maxPairs) && maxPairs >= 1)) {
    throw invalidOption('maxPairs', maxPairs, 'a whole number of 1 or more');
  }
  const { head, passage } = await findPassage(reranker, request);
  const query = request.query.slice(0, MAX_QUERY_CHARACTERS);
  const whole = head + passage.text;
  const longDocuments = request.longDocuments === 'error' ? 'error' : 'truncate';

  let pairs = 0;
  const score = async (
    asked: string,
    documents: readonly string[],
  ): Promise<RerankResult<string>[]> => {
    pairs += documents.length;
    const { results } = await reranker.rerank({ query: asked, documents, longDocuments, signal });
    return results.toSorted((a, b) => a.index - b.index);
  };
  const scoreEach = async (documents: readonly string[]): Promise<RerankResult<string>[]> => {
    // Of many texts, a tier keeps the best only, and scores of two tiers do not compare.
    if (!reranker.model.tiers) return score(query, documents);
    const results: RerankResult<string>[] = [];
    for (const document of documents) results.push(...(await score(query, [document])));
    return results;
  };

  const allWords = splitWords(query);
  const allSentences = listSentences(passage.text);
  const room = maxPairs - 1;
  const wordCount = Math.max(Math.floor(room / 2), room - allSentences.length);
  const words = chooseWords(query, allWords, wordCount);
  const sentences = chooseSentences(passage.text, allSentences, query, room - words.length);
  const [all, ...withoutSentence] = await scoreEach([
    whole,
    ...sentences.map((sentence) => (head + leaveOut(passage.text, sentence)).trim()),
  ]);
  if (!all) throw new RerankError('service-failed', 'The reranker gave no score to explain.');
  const withoutWord: RerankResult<string>[] = [];
  // One after the other, so that a reader's next search need not wait for all of them.
  for (const word of words)
    withoutWord.push(...(await score(leaveOut(query, word).trim(), [whole])));

  return {
    relevanceScore: all.relevanceScore,
    logit: all.logit,
    words: compare(query, words, all, withoutWord, 0),
    passage,
    sentences: compare(passage.text, sentences, all, withoutSentence, passage.start),
    pairs,
  };
}

/** The text whose sentences count, and what is read before it. */
async function findPassage<TDocument extends string | object>(
  reranker: Reranker,
  request: ExplainRequest<TDocument>,
): Promise<{ readonly head: string; readonly passage: Passage }> {
  const { maxPairs: _own, document, ...reading } = request;
  const read = { ...reading, documents: [document] };
  const [text] = readTexts(read);
  if (request.query.trim() === '') throw invalidOption('query', request.query, 'a text');
  if (!text || text.text.trim() === '') {
    throw new RerankError('invalid-input', 'The document has no text that could be explained.', {
      argument: 'document',
    });
  }
  readLongDocuments(read, [text]);
  if (reranker.model.engine === 'language-model') {
    throw new RerankError(
      'invalid-input',
      'A score of the language model is a place in a list, of which one document tells nothing. Explain scores of createReranker.',
      { argument: 'reranker' },
    );
  }
  const head = text.text.slice(0, text.headLength);
  const body = text.text.slice(text.headLength);
  if (request.longDocuments === 'best-passage') {
    const { results } = await reranker.rerank(read);
    const passage = results[0]?.passage;
    if (passage) return { head, passage };
  }
  const field = text.field === undefined ? {} : { field: text.field };
  return { head, passage: { ...field, start: 0, end: body.length, text: body } };
}

/** Sentences without the white space around them; none is blank. */
function listSentences(text: string): TextRange[] {
  return splitSentences(text)
    .map((sentence) => trimRange(text, sentence))
    .filter(({ start, end }) => start < end);
}

/** The text without a part of it and the white space after that. */
function leaveOut(text: string, { start, end }: TextRange): string {
  return text.slice(0, start) + text.slice(end).trimStart();
}

/** @param shift What is added to the parts' places. */
function compare(
  text: string,
  parts: readonly TextRange[],
  all: RerankResult<string>,
  without: readonly RerankResult<string>[],
  shift: number,
): ExplainedPart[] {
  return parts.flatMap(({ start, end }, position) => {
    const rest = without[position];
    // What is left may be in a language that a tier's model does not read, and then no higher tier reads it.
    if (!rest || rest.tier !== all.tier) return [];
    return {
      text: text.slice(start, end),
      start: shift + start,
      end: shift + end,
      effect: all.logit - rest.logit,
    };
  });
}
