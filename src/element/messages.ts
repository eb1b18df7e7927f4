/** The element's words. */
export const messages = {
  searching: 'Searching …',
  noResults: (query: string) => `No results for “${query}”.`,
  firstStage: (count: number) => `${countResults(count)}.`,
  reranking: (count: number) => `${countResults(count)}. Finding the best …`,
  reranked: (count: number) => `${countResults(count)}, best first.`,
  held: 'A better order is ready.',
  showHeld: 'Show it',
  searchFailed: 'The search did not work. Please try again.',
  movedUp: (places: number) => `up ${places}`,
  movedDown: (places: number) => `down ${places}`,
  score: (score: number) => `Relevance ${score.toFixed(2)}`,
} as const;

function countResults(count: number): string {
  return count === 1 ? '1 result' : `${count} results`;
}
