import {
  cat,
  ces,
  dan,
  deu,
  eng,
  fin,
  fra,
  hrv,
  hun,
  ind,
  ita,
  nld,
  nob,
  pol,
  por,
  ron,
  spa,
  swe,
  tur,
  vie,
} from 'stopword';

/** Function words by language, of languages that are written in Latin letters. */
const FUNCTION_WORDS: Readonly<Record<string, readonly string[]>> = {
  ca: cat,
  cs: ces,
  da: dan,
  de: deu,
  en: eng,
  es: spa,
  fi: fin,
  fr: fra,
  hr: hrv,
  hu: hun,
  id: ind,
  it: ita,
  nb: nob,
  nl: nld,
  pl: pol,
  pt: por,
  ro: ron,
  sv: swe,
  tr: tur,
  vi: vie,
};

/** What \p{Script=…} calls the scripts that languages are written in, where the names differ. */
const WRITTEN_IN: Readonly<Record<string, readonly string[]>> = {
  Hans: ['Hani'],
  Hant: ['Hani'],
  Jpan: ['Hani', 'Hira', 'Kana'],
  Kore: ['Hang', 'Hani'],
};

/** The text that is looked at. More would make no decision surer. */
const LOOKED_AT_CHARACTERS = 1000;

/** Fewer function words than this prove no language: a command or a name may hold some by chance. */
const LEAST_FUNCTION_WORDS = 4;

/** How many times as many function words of another language as of a known one there must be. */
const LEAD = 2;

/** Fewer letters than this prove no script. */
const LEAST_LETTERS = 8;

/** Whether a text is surely in a language that a model does not read. */
export type ForeignTextTest = (text: string) => boolean;

/**
 * Makes a test for texts in other languages than `languages`. It says so only with proof, because code, names
 * and short texts look like no language: most letters of another script, or at least 4 function words of
 * another language and twice as many as of any known one. Words prove nothing to a model that reads a language in
 * Latin letters which is not among those whose words are known here.
 *
 * @param languages BCP 47 tags. None, or one such as `mul` or `multilingual`: the model reads every language.
 */
export function createForeignTextTest(languages: readonly string[]): ForeignTextTest {
  const read = languages.flatMap((tag) => parseLanguage(tag) ?? []);
  if (languages.length === 0 || read.length < languages.length) return () => false;

  const known = new RegExp(read.map(({ letters }) => letters).join('|'), 'gu');
  const names = new Set(read.map(({ name }) => name));
  const isKnown = Object.keys(FUNCTION_WORDS).map((language) => names.has(language));
  // A language in Latin letters whose words are not listed looks like its neighbours.
  const canTellByWords = read.every(
    ({ name, letters }) => name in FUNCTION_WORDS || !letters.includes('Latn'),
  );
  const languagesOf = indexWords();

  return (text) => {
    const start = text.slice(0, LOOKED_AT_CHARACTERS).toLowerCase();
    const letters = start.match(/\p{Letter}/gu)?.length ?? 0;
    const ownLetters = start.match(known)?.length ?? 0;
    if (letters >= LEAST_LETTERS && ownLetters < letters / 2) return true;
    if (!canTellByWords) return false;

    const counts = isKnown.map(() => 0);
    for (const [word] of start.matchAll(/\p{Letter}+/gu)) {
      for (const language of languagesOf.get(word) ?? [])
        counts[language] = (counts[language] ?? 0) + 1;
    }
    const most = (side: boolean): number =>
      Math.max(0, ...counts.filter((_count, language) => isKnown[language] === side));
    return most(false) >= LEAST_FUNCTION_WORDS && most(false) >= LEAD * most(true);
  };
}

/** A language's name in `FUNCTION_WORDS`, and a pattern of its letters; undefined for `mul` and what is no tag. */
function parseLanguage(tag: string): { name: string; letters: string } | undefined {
  try {
    const { language, script = 'Latn' } = new Intl.Locale(tag).maximize();
    if (language === 'mul') return undefined;
    const letters = (WRITTEN_IN[script] ?? [script]).map((each) => `\\p{Script=${each}}`).join('|');
    // Throws where no such script is known.
    new RegExp(letters, 'u');
    return { name: ['no', 'nn'].includes(language) ? 'nb' : language, letters };
  } catch {
    return undefined;
  }
}

/** Word → which of `FUNCTION_WORDS` have it, by position. */
function indexWords(): Map<string, number[]> {
  const languagesOf = new Map<string, number[]>();
  for (const [language, words] of Object.values(FUNCTION_WORDS).entries()) {
    for (const word of new Set(words)) {
      languagesOf.set(word, [...(languagesOf.get(word) ?? []), language]);
    }
  }
  return languagesOf;
}
