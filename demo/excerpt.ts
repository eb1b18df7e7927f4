/** Most characters of an excerpt, so that the element shows it as it is. */
const LENGTH = 230;
/** Characters before the first match. */
const LEAD = 50;
/** Shorter words are mostly “how”, “do” and “the”. */
const LEAST_LETTERS = 4;

/** About 230 characters of `text` around the query's first longer word, cut between words. */
export function makeExcerpt(text: string, query: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= LENGTH) return line;
  const words = query.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  const lower = line.toLowerCase();
  const places = words
    .filter((word) => word.length >= LEAST_LETTERS)
    .map((word) => lower.indexOf(word))
    .filter((place) => place >= 0);
  const match = Math.min(...places, line.length);
  const isAtStart = match === line.length || match <= LENGTH - LEAD;
  const wanted = Math.min(match - LEAD, line.length - LENGTH);
  const start = isAtStart ? 0 : line.indexOf(' ', wanted) + 1;
  const end = start + LENGTH >= line.length ? line.length : line.lastIndexOf(' ', start + LENGTH);
  return `${start > 0 ? '… ' : ''}${line.slice(start, end)}${end < line.length ? ' …' : ''}`;
}
