import type { CorpusRecord } from '../corpus/corpus-record.ts';

/** A page of the manual as a static site would have it. */
export interface ManualPage {
  /** Address on the public site. */
  readonly url: string;
  readonly html: string;
}

/** Puts the records back together: a page for each address, with a heading and an anchor for each section. */
export function makeManualPages(records: readonly CorpusRecord[]): ManualPage[] {
  const pages = groupBy(records, ({ url }) => url.replace(/#.*$/, ''));
  return [...pages].map(([url, sections]) => ({ url, html: makeHtml(sections) }));
}

function makeHtml(records: readonly CorpusRecord[]): string {
  const title = readPageTitle(records);
  // The parts of a long section have its address.
  const sections = [...groupBy(records, ({ url }) => url)].map(([url, parts]) => {
    const heading = (parts[0]?.title ?? '').replace(`${title}: `, '');
    const anchor = url.replace(/^[^#]*#?/, '');
    const paragraphs = parts
      .flatMap(({ text }) => text.split('\n\n'))
      .map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`);
    const level = heading === title ? 'h1' : 'h2';
    const id = escapeHtml(anchor);
    return `<${level} id="${id}">${escapeHtml(heading)}</${level}>\n${paragraphs.join('\n')}`;
  });
  return (
    `<!doctype html><html lang="en"><head><title>${escapeHtml(title)}</title></head>` +
    `<body><main>${sections.join('\n')}</main></body></html>`
  );
}

function groupBy<TValue>(
  values: readonly TValue[],
  keyOf: (value: TValue) => string,
): Map<string, TValue[]> {
  const groups = new Map<string, TValue[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}

/** A reference page's name stands before the title of each of its sections. */
function readPageTitle([first]: readonly CorpusRecord[]): string {
  const name = first?.path.at(-1) ?? '';
  return first?.title.startsWith(`${name}: `) === true ? name : (first?.title ?? '');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
