import type { Formats } from './formats.ts';

/**
 * The elements' words. Each is plain text, never markup. `shown` results are on the page of `count` that were found; both are whole
 * numbers, and `shown` is the smaller one or the same.
 */
export interface Messages {
  /** What the search field is called, and what stands in it while it is empty. */
  readonly search: string;
  /** The button that empties the search field. Only heard: it shows a cross. */
  readonly clear: string;
  /** The reader is at a result while those of a newer query are ready. */
  readonly newResults: string;
  /** The button beside `newResults`. */
  readonly showNewResults: string;
  /** The search runs, and nothing is there to show. */
  readonly searching: string;
  /**
   * The search found nothing.
   *
   * @param query What was looked for, as the reader wrote it.
   */
  readonly noResults: (query: string) => string;
  /** Results in the search's own order, and no other is on its way. */
  readonly firstStage: (shown: number, count: number) => string;
  /** Results in the search's own order while the better one is made. */
  readonly reranking: (shown: number, count: number) => string;
  /**
   * The model comes over the network.
   *
   * @param loadedBytes What of it is here.
   * @param totalBytes All of it.
   */
  readonly loading: (loadedBytes: number, totalBytes: number) => string;
  /** Results in the better order. */
  readonly reranked: (shown: number, count: number) => string;
  /**
   * Time was up before all were read.
   *
   * @param scored Results that were read.
   * @param count Results that were found.
   */
  readonly rerankedInTime: (scored: number, count: number) => string;
  /** Results in the search's own order, beside the button `loadModel`. */
  readonly mayImprove: (shown: number, count: number) => string;
  /** Results in the search's own order, because the browser ended this page when it loaded the model before; beside the button `loadAnyway`. */
  readonly crashed: (shown: number, count: number) => string;
  /** Results in the search's own order, because the better one failed. */
  readonly rerankFailed: (shown: number, count: number) => string;
  /** The same, because there is no network to load the model from. When there is, it is tried again without being asked. */
  readonly rerankOffline: (shown: number, count: number) => string;
  /** Results in the search's own order, because the reader wants that. */
  readonly original: (shown: number, count: number) => string;
  /** The button that shows the search's own order; `showHeld` is the way back. */
  readonly showOriginal: string;
  /** A better order waits, because the reader is at a result. */
  readonly held: string;
  /** The button beside `held`, and the one that leads back from the search's own order. */
  readonly showHeld: string;
  /**
   * The button that downloads the model.
   *
   * @param downloadBytes What is missing; undefined where that is not known.
   */
  readonly loadModel: (downloadBytes: number | undefined) => string;
  /** The button beside `crashed`. */
  readonly loadAnyway: string;
  /**
   * The button that lists the results that are not shown.
   *
   * @param count All of them.
   */
  readonly showAll: (count: number) => string;
  /**
   * What `<rerank-log>` says of itself.
   *
   * @param count Choices of results that are kept; 0 for none.
   */
  readonly choiceLog: (count: number) => string;
  /** The button that saves these choices as a file. */
  readonly downloadLog: string;
  /** The button that deletes these choices. */
  readonly clearLog: string;
  /** Said after that. Only heard. */
  readonly logCleared: string;
  /** The search failed. */
  readonly searchFailed: string;
  /** The same, and there is no network. When there is, it is tried again without being asked. */
  readonly searchOffline: string;
  /** The button beside `searchFailed` and `searchOffline`. */
  readonly retry: string;
  /**
   * A result stands higher than in the search's own order.
   *
   * @param places How much, 1 or more.
   */
  readonly movedUp: (places: number) => string;
  /** The same, lower. */
  readonly movedDown: (places: number) => string;
  /**
   * A result's relevance score.
   *
   * @param score From 0 to 1.
   */
  readonly score: (score: number) => string;
  /** The button that opens and closes the explanation of a result. */
  readonly why: string;
  /** Stands in the explanation while it is made. */
  readonly explaining: string;
  /**
   * The words of the query that raised the result's score most.
   *
   * @param words One to three of them, as the reader wrote them.
   */
  readonly raisedBy: (words: readonly string[]) => string;
  /** The same of those that lowered it. */
  readonly loweredBy: (words: readonly string[]) => string;
  /** Stands before the sentence of the result that raised its score most. */
  readonly bestSentence: string;
  /** None of these was found: much of the query and the result counted a little. */
  readonly noReason: string;
  /** The explanation failed. */
  readonly explainFailed: string;
}

/** The built-in words. */
export function makeEnglish({ number, score, megabytes, list, plural }: Formats): Messages {
  const countResults = (shown: number, count: number): string => {
    const results = plural(count, { one: '# result', other: '# results' });
    return shown < count ? `${number(shown)} of ${results}` : results;
  };
  const quote = (words: readonly string[]): string => list(words.map((word) => `“${word}”`));
  return {
    search: 'Search',
    clear: 'Clear the search',
    newResults: 'Newer results are ready.',
    showNewResults: 'Show the newer results',
    searching: 'Searching …',
    noResults: (query) => `No results for “${query}”.`,
    firstStage: (shown, count) => `${countResults(shown, count)}.`,
    reranking: (shown, count) => `${countResults(shown, count)}. Finding the best …`,
    loading: (loadedBytes, totalBytes) =>
      `Loading the model: ${megabytes(loadedBytes)} of ${megabytes(totalBytes)}`,
    reranked: (shown, count) => `${countResults(shown, count)}, best first.`,
    rerankedInTime: (scored, count) =>
      plural(scored, {
        one: `# of ${countResults(count, count)} was reranked in the time allowed.`,
        other: `# of ${countResults(count, count)} were reranked in the time allowed.`,
      }),
    mayImprove: (shown, count) => `${countResults(shown, count)}. A better order can be loaded.`,
    crashed: (shown, count) =>
      `${countResults(shown, count)}, in the search’s order: this page crashed before, while the better order was loaded.`,
    rerankFailed: (shown, count) =>
      `${countResults(shown, count)}, in the search’s order: the better one could not be made.`,
    rerankOffline: (shown, count) =>
      `${countResults(shown, count)}, in the search’s order: the better one cannot be loaded while you are offline.`,
    original: (shown, count) => `${countResults(shown, count)}, in the search’s order.`,
    showOriginal: 'Show the search’s order',
    held: 'A better order is ready.',
    showHeld: 'Show the better order',
    loadModel: (downloadBytes) =>
      downloadBytes === undefined
        ? 'Improve the order: loads a model once'
        : `Improve the order: loads ${megabytes(downloadBytes)} once`,
    loadAnyway: 'Load the better order anyway',
    showAll: (count) => plural(count, { one: 'Show # result', other: 'Show all # results' }),
    choiceLog: (count) =>
      count === 0
        ? 'This browser keeps the choices that you make in the search. There are none yet.'
        : plural(count, {
            one: 'This browser keeps # choice that you made in the search.',
            other: 'This browser keeps # choices that you made in the search.',
          }),
    downloadLog: 'Save the choices as a file',
    clearLog: 'Clear the choices',
    logCleared: 'The choices were deleted.',
    searchFailed: 'The search did not work.',
    searchOffline: 'You are offline. The search goes on when you are connected again.',
    retry: 'Try again',
    movedUp: (places) => `up ${number(places)}`,
    movedDown: (places) => `down ${number(places)}`,
    score: (value) => `Relevance ${score(value)}`,
    why: 'Why this result?',
    explaining: 'Finding the reason …',
    raisedBy: (words) => `${quote(words)} raised the relevance most.`,
    loweredBy: (words) => `${quote(words)} lowered the relevance.`,
    bestSentence: 'This sentence raised the relevance most:',
    noReason: 'No single word or sentence made the difference.',
    explainFailed: 'The reason could not be found.',
  };
}
