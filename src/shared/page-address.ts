/** Names that search APIs use for a result's address, the first that is there wins. */
export const URL_NAMES = ['url', 'link', 'href', 'permalink'] as const;

/** What relative addresses stand in outside of a page. */
const NO_PAGE = 'https://relative.invalid/';

/** A hash, unless it is a route of a site that has one HTML page for all: `#/guide`, `#!guide`. */
const SECTION = /#(?![/!]).*/s;

/**
 * The one address of a page: without `index.html`, the slash at its end and a text fragment. A query string stays, and so does a hash
 * that is a route.
 *
 * @param url Relative to the page, or absolute.
 * @param options `keepsSection`: whether another hash stays too, because sections are results of their own.
 * @returns From its first slash where it is on the page's own site, else absolute; what is no URL only without the hash.
 */
export function normalizeAddress(
  url: string,
  { keepsSection }: { readonly keepsSection: boolean },
): string {
  const withoutSection = (text: string): string =>
    (keepsSection ? text : text.replace(SECTION, '')).replace(/#$/, '');
  try {
    const base = new URL(pageAddress() ?? NO_PAGE);
    const address = new URL(url, base);
    address.pathname = address.pathname.replace(/\/index\.html?$/, '/').replace(/(?<=.)\/$/, '');
    address.hash = address.hash.replace(/:~:.*$/, '');
    const { href } = address;
    const isOfSite = href.startsWith(`${base.origin}/`);
    return withoutSection(isOfSite ? href.slice(base.origin.length) : href);
  } catch {
    return withoutSection(url);
  }
}

/** Undefined outside of a page. */
function pageAddress(): string | undefined {
  const { document } = globalThis as { readonly document?: { readonly baseURI: string } };
  return document?.baseURI;
}
