/** Scripts that are written from right to left, of languages that are written today. */
const RTL_SCRIPTS = [
  'Adlm',
  'Arab',
  'Aran',
  'Hebr',
  'Mand',
  'Mend',
  'Nkoo',
  'Rohg',
  'Syrc',
  'Thaa',
];

/** The tag as the standard writes it, as in `pt-BR` for `pt-br`; undefined for what is no language tag. */
export function readLanguageTag(tag: unknown): string | undefined {
  if (typeof tag !== 'string') return undefined;
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/**
 * The languages whose words serve a reader of this one, the best first: `pt-BR`, `pt`. Where a region writes another script than the
 * language is mostly written in, that comes before the language: `zh-TW`, `zh-Hant`, `zh`.
 *
 * @param tag As {@link readLanguageTag} returns it.
 */
export function listFallbacks(tag: string): readonly string[] {
  const { baseName, language, script } = new Intl.Locale(tag);
  const parts = baseName.split('-');
  const fallbacks = parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
  const likelyScript = findScript(baseName);
  if (script === undefined && likelyScript !== undefined && likelyScript !== findScript(language)) {
    fallbacks.splice(-1, 0, `${language}-${likelyScript}`);
  }
  return fallbacks;
}

/** How the language is written, for the `dir` attribute. */
export function findDirection(tag: string): 'ltr' | 'rtl' {
  return RTL_SCRIPTS.includes(findScript(tag) ?? '') ? 'rtl' : 'ltr';
}

/** The script that the language is mostly written in; undefined for a language that the browser does not know. */
function findScript(tag: string): string | undefined {
  return new Intl.Locale(tag).maximize().script;
}
