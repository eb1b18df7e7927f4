/** What is used of a page's data as Pagefind 1 gives it. */
export interface PagefindPage {
  readonly url: string;
  /** The whole text, without markup. */
  readonly content: string;
  /** The same, with `<` and `>` as entities; in some scripts with zero-width spaces between words. */
  readonly raw_content?: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly anchors?: readonly PagefindAnchor[];
}

interface PagefindAnchor {
  /** Name of the element, such as `h2`. */
  readonly element: string;
  readonly id: string;
  readonly text?: string;
  /** Place in the text, counted in words. */
  readonly location: number;
}

/** A page or a section of it, as a search returns it. */
interface PageResult {
  readonly title: string;
  readonly text: string;
  readonly url: string;
  readonly score: number;
}

const ZERO_WIDTH_SPACE = '\u200B';
/** Else one long page takes all places. */
const MOST_SECTIONS = 3;

/** The page as one result. */
export function readPage({ url, content, meta }: PagefindPage, score: number): PageResult[] {
  // A site may name another address than the one that was indexed.
  return [{ title: meta.title ?? '', text: content, url: meta.url ?? url, score }];
}

/**
 * The page's sections that have a found word, those with the most first. What stands before the first heading is the
 * page itself.
 *
 * @param words Places of the found words in the text, counted in words.
 */
export function readSubResults(
  page: PagefindPage,
  score: number,
  words: readonly number[],
): PageResult[] {
  const headings = (page.anchors ?? [])
    .filter(({ element, text }) => /^h\d$/i.test(element) && text?.trim())
    .toSorted((a, b) => a.location - b.location);
  const text = splitText(page);
  const [whole] = readPage(page, score) as [PageResult];
  const sections = [undefined, ...headings].map((heading, index) => {
    const start = heading?.location ?? 0;
    const end = headings[index]?.location ?? Infinity;
    const count = words.filter((place) => place >= start && place < end).length;
    const section = { ...whole, text: text.join(start, end) };
    return { count, section: heading ? underHeading(section, heading) : section };
  });
  const found = sections
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)
    .slice(0, MOST_SECTIONS)
    .map(({ section }) => section);
  // A word may stand in the title only.
  return found.length > 0 ? found : [whole];
}

function underHeading(section: PageResult, { id, text: heading = '' }: PagefindAnchor): PageResult {
  const { title, text, url } = section;
  return {
    ...section,
    title: title === '' || title === heading ? heading : `${title}: ${heading}`,
    // The heading is the text's beginning, and it is in the title now.
    text: text.startsWith(heading) ? text.slice(heading.length).replace(/^[\s.]+/, '') : text,
    url: `${url.replace(/#.*/s, '')}#${id}`,
  };
}

/** The text's words as Pagefind counts them. */
function splitText({ content, raw_content: raw = '' }: PagefindPage): {
  join(start: number, end: number): string;
} {
  const isDelimited = raw.includes(ZERO_WIDTH_SPACE);
  const words = isDelimited
    ? raw.replaceAll('&lt;', '<').replaceAll('&gt;', '>').split(ZERO_WIDTH_SPACE)
    : content.split(/\s+/);
  return {
    join: (start, end) =>
      words
        .slice(start, end)
        .join(isDelimited ? '' : ' ')
        .trim(),
  };
}
