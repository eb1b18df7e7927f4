/** The elements' words. */
export const messages = {
  search: 'Search',
  clear: 'Clear the search',
  newResults: 'Newer results are ready.',
  showNewResults: 'Show the newer results',
  searching: 'Searching …',
  noResults: (query: string) => `No results for “${query}”.`,
  firstStage: (shown: number, count: number) => `${countResults(shown, count)}.`,
  reranking: (shown: number, count: number) => `${countResults(shown, count)}. Finding the best …`,
  reranked: (shown: number, count: number) => `${countResults(shown, count)}, best first.`,
  rerankedInTime: (scored: number, count: number) =>
    `${scored} of ${count} results reranked in the time allowed.`,
  mayImprove: (shown: number, count: number) =>
    `${countResults(shown, count)}. A better order can be loaded.`,
  crashed: (shown: number, count: number) =>
    `${countResults(shown, count)}, in the search’s order: loading the better one made this page crash before.`,
  rerankFailed: (shown: number, count: number) =>
    `${countResults(shown, count)}, in the search’s order: the better one could not be made.`,
  original: (shown: number, count: number) =>
    `${countResults(shown, count)}, in the search’s order.`,
  showOriginal: 'Show the search’s order',
  held: 'A better order is ready.',
  showHeld: 'Show the better order',
  loadModel: (downloadBytes: number | undefined) =>
    downloadBytes === undefined
      ? 'Improve the order: loads a model once'
      : `Improve the order: loads ${formatMegabytes(downloadBytes)} once`,
  loadAnyway: 'Load the better order anyway',
  showAll: (count: number) => `Show all ${count} results`,
  choiceLog: (count: number) =>
    count === 0
      ? 'Your choices in the search are kept in this browser. There are none yet.'
      : `Your choices in the search are kept in this browser: ${count}.`,
  downloadLog: 'Save the choices as a file',
  clearLog: 'Clear the choices',
  logCleared: 'The choices are no longer kept.',
  searchFailed: 'The search did not work.',
  retry: 'Try again',
  movedUp: (places: number) => `up ${places}`,
  movedDown: (places: number) => `down ${places}`,
  score: (score: number) => `Relevance ${score.toFixed(2)}`,
} as const;

function formatMegabytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}

function countResults(shown: number, count: number): string {
  const results = count === 1 ? '1 result' : `${count} results`;
  return shown < count ? `${shown} of ${results}` : results;
}
