/** The text with U+FFFD in place of each half of a character, such as the end of a cut emoji: no URL and no UTF-8 can hold one. */
export function repairText(text: string): string {
  return text.replace(/\p{Cs}/gu, '\uFFFD');
}

/** An address without slashes at its end. */
export function trimSlashes(url: string): string {
  return url.replace(/(?<!\/)\/+$/, '');
}

/** `encodeURIComponent` that takes any text. */
export function encodeText(text: string): string {
  return encodeURIComponent(repairText(text));
}

/**
 * A value as part of a URL's path, encoded but its slashes. It stays below what stands before it: `.`, `..` and empty names are left
 * out, and so is its first slash where `before` ends with one, since `//` begins the name of another site.
 *
 * @param before What the URL has in front of the value.
 * @returns Empty where no name is left.
 */
export function encodePath(value: string, before: string): string {
  const names = value.split('/').filter((name) => !['', '.', '..'].includes(name));
  if (names.length === 0) return '';
  const start = value.startsWith('/') && !before.endsWith('/') ? '/' : '';
  return `${start}${names.map(encodeText).join('/')}${value.endsWith('/') ? '/' : ''}`;
}
