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
 * another language and twice as many as of any known one.
 *
 * @param languages BCP 47 tags. None, or one such as `mul` or `multilingual`: the model reads every language.
 */
export function createForeignTextTest(languages: readonly string[]): ForeignTextTest {
  const tags = languages.flatMap((tag) => parseTag(tag) ?? []);
  if (languages.length === 0 || tags.length < languages.length) return () => false;

  const scripts = new Set(tags.flatMap(({ script = 'Latn' }) => WRITTEN_IN[script] ?? [script]));
  const known = new RegExp([...scripts].map((script) => `\\p{Script=${script}}`).join('|'), 'gu');
  const reads = new Set(tags.map(({ language }) => language));
  const isKnown = Object.keys(FUNCTION_WORDS).map((language) => reads.has(language));
  const languagesOf = indexWords();

  return (text) => {
    const start = text.slice(0, LOOKED_AT_CHARACTERS).toLowerCase();
    const letters = start.match(/\p{Letter}/gu)?.length ?? 0;
    const ownLetters = start.match(known)?.length ?? 0;
    if (letters >= LEAST_LETTERS && ownLetters < letters / 2) return true;

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

/** A language with its script; undefined for `mul` and what is no tag. */
function parseTag(tag: string): Intl.Locale | undefined {
  try {
    const locale = new Intl.Locale(tag).maximize();
    return locale.language === 'mul' ? undefined : locale;
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
