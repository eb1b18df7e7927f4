/** The forms of a text by the language's plural categories. `#` stands for the number; a category without a form reads as `other`. */
export type PluralForms = { readonly [Category in Intl.LDMLPluralRule]?: string } & {
  readonly other: string;
};

/** Writes numbers as a language does, by the browser's own `Intl`. */
export interface Formats {
  /** A whole number, as in `1,000`. */
  readonly number: (value: number) => string;
  /** A relevance score from 0 to 1, with two decimals, as in `0.93`. */
  readonly score: (value: number) => string;
  /** A size in whole megabytes, 1 at least, as in `11 MB`. */
  readonly megabytes: (bytes: number) => string;
  /** Several words as one text, as in `“disk” and “full”`. */
  readonly list: (words: readonly string[]) => string;
  /** The form for a whole number: `plural(2, { one: '# result', other: '# results' })` is `2 results`. */
  readonly plural: (count: number, forms: PluralForms) => string;
}

/** @param language A language tag that `Intl` takes. */
export function createFormats(language: string): Formats {
  const rules = new Intl.PluralRules(language);
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const decimals = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const score = new Intl.NumberFormat(language, decimals);
  const size = { style: 'unit', unit: 'megabyte', maximumFractionDigits: 0 } as const;
  const list = new Intl.ListFormat(language);
  const megabytes = new Intl.NumberFormat(language, size);
  return {
    number: (value) => whole.format(value),
    score: (value) => score.format(value),
    megabytes: (bytes) => megabytes.format(Math.max(1, bytes / 1e6)),
    list: (words) => list.format(words),
    plural: (count, forms) =>
      (forms[rules.select(count)] ?? forms.other).replace('#', () => whole.format(count)),
  };
}
