/** A piece of text, and whether it is one of the query's words. */
export interface ExcerptPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** Characters of a result's text that are shown. */
const EXCERPT_LENGTH = 240;

/** Characters shown before the first match. */
const LEAD = 60;

/** Splits `text` at the words of `query`, whatever their case. */
export function markMatches(text: string, query: string): ExcerptPart[] {
  const words = new Set(query.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? []);
  const parts: ExcerptPart[] = [];
  for (const piece of text.split(/([\p{L}\p{N}_]+)/u)) {
    const isMatch = words.has(piece.toLowerCase());
    const last = parts.at(-1);
    if (last && last.isMatch === isMatch) {
      parts[parts.length - 1] = { text: last.text + piece, isMatch };
    } else if (piece !== '') {
      parts.push({ text: piece, isMatch });
    }
  }
  return parts;
}

/** About 240 characters of `text` around the first of the query's words, cut between words. */
export function makeExcerpt(text: string, query: string): ExcerptPart[] {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= EXCERPT_LENGTH) return markMatches(line, query);
  const firstMatch = markMatches(line.slice(0, 10_000), query).reduce(
    ({ at, found }, part) =>
      found || part.isMatch ? { at, found: true } : { at: at + part.text.length, found },
    { at: 0, found: false },
  );
  const wanted = firstMatch.found ? Math.max(0, firstMatch.at - LEAD) : 0;
  const start = wanted === 0 ? 0 : line.indexOf(' ', wanted) + 1;
  const limit = line.lastIndexOf(' ', start + EXCERPT_LENGTH);
  const end =
    start + EXCERPT_LENGTH >= line.length
      ? line.length
      : limit > start
        ? limit
        : start + EXCERPT_LENGTH;
  const cut = `${start > 0 ? '… ' : ''}${line.slice(start, end)}${end < line.length ? ' …' : ''}`;
  return markMatches(cut, query);
}
