/**
 * Function words that carry no subject. They stay in the index and are left out of a query only
 * where other words remain, so that `WITH` or `NOT IN` alone still finds its pages.
 */
const FUNCTION_WORDS = new Set(
  (
    'a about am an and any are as at be been but by can could did do does for from get had has have ' +
    'how i if in into is it its just me my of on or our see should so some than that the their them ' +
    'then there these they this to too was we were what when where which who why will with would you ' +
    'your'
  ).split(' '),
);

/**
 * Splits text into words at white space and punctuation. A compound identifier gives its parts and
 * itself: `pg_stat_activity` → `pg`, `stat`, `activity`, `pg_stat_activity`.
 */
export function splitTerms(text: string): string[] {
  return (text.match(/[\p{L}\p{N}_]+/gu) ?? []).flatMap((word) => {
    const parts = word.split('_').filter((part) => part !== '');
    return parts.length > 1 ? [...parts, word] : parts;
  });
}

/**
 * Lower-cases a word and takes off an English plural ending, by the three rules of the S stemmer
 * (D. Harman, "How effective is suffixing?", JASIS 42(1), 1991): `queries` → `query`,
 * `tables` → `table`, and `status` stays.
 */
export function normalizeTerm(word: string): string {
  const term = word.toLowerCase();
  if (term.length < 4) return term;
  if (/(?<![ae])ies$/u.test(term)) return `${term.slice(0, -3)}y`;
  if (/(?<![aeo])es$/u.test(term)) return term.slice(0, -1);
  if (/(?<![us])s$/u.test(term)) return term.slice(0, -1);
  return term;
}

/** The query's words without function words, or all of them where nothing else is left. */
export function querySubject(query: string): string {
  const words = splitTerms(query);
  const subject = words.filter((word) => !FUNCTION_WORDS.has(word.toLowerCase()));
  // Parts of an identifier are found again when the words are split for the search.
  const whole = (subject.length > 0 ? subject : words).filter(
    (word) => !words.some((other) => other !== word && other.split('_').includes(word)),
  );
  return whole.join(' ');
}
