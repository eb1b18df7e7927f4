const wholeNumber = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const ordinalRule = new Intl.PluralRules('en', { type: 'ordinal' });
const suffixes: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };

/** `840 ms`, `3.2 s`; tenths of a millisecond below 10. */
export function formatMs(milliseconds: number): string {
  if (milliseconds < 9.95) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 999.5) return `${milliseconds.toFixed(0)} ms`;
  return `${(milliseconds / 1000).toFixed(milliseconds < 9950 ? 1 : 0)} s`;
}

/** Megabytes of 10⁶ bytes: `23.4 MB`. */
export function formatBytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `9,812`. */
export function formatCount(count: number): string {
  return wholeNumber.format(count);
}

/** `1st`, `22nd`, `13th`. */
export function formatOrdinal(place: number): string {
  return `${place}${suffixes[ordinalRule.select(place)] ?? 'th'}`;
}
