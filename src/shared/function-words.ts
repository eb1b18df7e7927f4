import { eng } from 'stopword';

/** Those that the package's English list lacks. */
const MISSING_WORDS = 'does may no not its onto so until when why within without did'.split(' ');

/** English words in lower case that say nothing of a text's subject, such as "how" and "the". */
export const FUNCTION_WORDS: ReadonlySet<string> = new Set([...eng, ...MISSING_WORDS]);
