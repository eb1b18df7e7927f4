import { FUNCTION_WORDS } from '../shared/function-words.ts';

/**
 * A query's words in lower case, each once, without English function words; all of them where nothing else is left. They say
 * nothing about the subject, and a search by single words finds nearly every page by them.
 */
export function readQueryWords(query: string): readonly string[] {
  const words = [...new Set(query.toLowerCase().match(/[\p{L}\p{N}_]+/gu))];
  const subject = words.filter((word) => !FUNCTION_WORDS.has(word));
  return subject.length > 0 ? subject : words;
}
