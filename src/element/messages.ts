/** The element's words. */
export const messages = {
  searching: 'Searching …',
  noResults: (query: string) => `No results for “${query}”.`,
  firstStage: (shown: number, count: number) => `${countResults(shown, count)}.`,
  reranking: (shown: number, count: number) => `${countResults(shown, count)}. Finding the best …`,
  reranked: (shown: number, count: number) =>
    shown < count
      ? `The best ${countResults(shown, count)}.`
      : `${countResults(shown, count)}, best first.`,
  held: 'A better order is ready.',
  showHeld: 'Show the better order',
  showAll: (count: number) => `Show all ${count} results`,
  searchFailed: 'The search did not work.',
  retry: 'Try again',
  movedUp: (places: number) => `up ${places}`,
  movedDown: (places: number) => `down ${places}`,
  score: (score: number) => `Relevance ${score.toFixed(2)}`,
} as const;

function countResults(shown: number, count: number): string {
  const results = count === 1 ? '1 result' : `${count} results`;
  return shown < count ? `${shown} of ${results}` : results;
}
