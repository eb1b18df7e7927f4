/** Words that a link names at each end of a long sentence. */
const NAMED_WORDS = 5;

/**
 * A link that scrolls to a sentence on its page and marks it, in browsers that can; where they cannot, the link as it is, since they would
 * take the text for an anchor's name. Source: https://wicg.github.io/scroll-to-text-fragment/
 *
 * @param url Relative, http or https. Others are left alone.
 */
export function linkToSentence(url: string, sentence: string): string {
  const words = sentence.split(/\s+/).filter((word) => word !== '');
  const isPlain = words.length > 0 && !/\p{Cs}/u.test(sentence);
  if (!isPlain || !('fragmentDirective' in document) || !isPage(url)) return url;
  const ends =
    words.length <= 2 * NAMED_WORDS
      ? [words]
      : [words.slice(0, NAMED_WORDS), words.slice(-NAMED_WORDS)];
  const text = ends.map((end) => encodeText(end.join(' '))).join(',');
  return `${url}${url.includes('#') ? '' : '#'}:~:text=${text}`;
}

function isPage(url: string): boolean {
  try {
    const { protocol } = new URL(url, document.baseURI);
    return protocol === 'https:' || protocol === 'http:';
  } catch {
    // `https:` alone is an address below some pages and none below others.
    return false;
  }
}

/** A dash, a comma and an ampersand mean something in a text fragment; only the dash is left by the browser's function. */
function encodeText(text: string): string {
  return encodeURIComponent(text).replaceAll('-', '%2D');
}
