/** Markdown as pages need it: anchors, links by the site's own map, code in colours, and sections for the search. */
import MarkdownIt, { type Token } from 'markdown-it';
import { escapeHtml } from './escape-html.ts';
import { highlight } from './highlight.ts';
import type { ImageSize } from './image-size.ts';
import { readSections, readText, type Section } from './read-sections.ts';
import { createSlugger } from './slugs.ts';

/** A heading that can be linked to. */
export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  readonly id: string;
  /** Without markup. */
  readonly text: string;
}

type ResolveLink = (href: string) => string | undefined;
type MeasureImage = (href: string) => ImageSize | undefined;

/** What a page needs to know of the others. */
export interface MarkdownOptions {
  /** Where a link or an image leads on the site; undefined leaves its text without a link. Default: as it is written. */
  readonly resolveLink?: ResolveLink;
  /** The size of an image, by its address as it is written. Default: unknown. */
  readonly measureImage?: MeasureImage;
  /** Names that are links in TypeScript code. Default: none. */
  readonly names?: ReadonlyMap<string, string>;
}

export interface RenderedMarkdown {
  readonly html: string;
  /** In the order of the page, the title included. */
  readonly headings: readonly Heading[];
  readonly sections: readonly Section[];
}

/** A heading may end in its own anchor: `## createReranker {#createReranker}`. */
const OWN_ANCHOR = /\s*\{#([\w.$-]+)\}$/;

const parser = new MarkdownIt({ html: true });

/** Of tokens whose content is HTML already. */
const READY = 'ready';

parser.renderer.rules[READY] = (tokens, index) => tokens[index]?.content ?? '';
parser.renderer.rules.table_open = () => '<div class="table"><table>\n';
parser.renderer.rules.table_close = () => '</table></div>\n';
// Comments are for whoever writes the page. Other HTML is text: these are pages about HTML.
parser.renderer.rules.html_block = parser.renderer.rules.html_inline = (tokens, index) => {
  const { content = '' } = tokens[index] ?? {};
  return content.trim().startsWith('<!--') ? '' : escapeHtml(content);
};
parser.renderer.rules.heading_close = (tokens, index) => {
  const { tag = '' } = tokens[index] ?? {};
  const id = tokens[index - 2]?.attrGet('id') ?? '';
  // For pointers. The list "On this page" has the same links for everybody.
  const anchor = `<a class="anchor" href="#${id}" aria-hidden="true" tabindex="-1">#</a>`;
  return `${tag === 'h1' ? '' : anchor}</${tag}>\n`;
};

/** One page's Markdown as HTML. Raw HTML in it is shown as text, and its comments are left out. */
export function renderMarkdown(text: string, options: MarkdownOptions = {}): RenderedMarkdown {
  const {
    resolveLink = (href: string) => href,
    measureImage = () => undefined,
    names = new Map<string, string>(),
  } = options;
  const tokens = parser.parse(text, {});
  const headings = markHeadings(tokens);
  for (const token of tokens) {
    switch (token.type) {
      case 'inline':
        resolveLinks(token.children ?? [], resolveLink, measureImage);
        break;
      case 'th_open':
      case 'td_open':
        alignByClass(token);
        break;
      case 'fence':
      case 'code_block':
        setHtml(token, renderCode(token, names));
        break;
      case 'html_block':
        if (token.content.startsWith('<picture>')) {
          setHtml(token, renderPicture(token.content, resolveLink, measureImage));
        }
    }
  }
  return {
    html: parser.renderer.render(tokens, parser.options, {}),
    headings,
    sections: readSections(tokens),
  };
}

function setHtml(token: Token, html: string): void {
  token.type = READY;
  token.content = html;
}

function renderCode({ content, info }: Token, names: ReadonlyMap<string, string>): string {
  const [language = ''] = info.split(/\s/);
  return `<div class="code"><pre><code>${highlight(content, language, names)}</code></pre></div>\n`;
}

/** The one HTML that pages may have: an image with another one of the same size for dark pages. */
function renderPicture(html: string, resolveLink: ResolveLink, measureImage: MeasureImage): string {
  const source = /<img\s[^>]*src="([^"]*)"/.exec(html)?.[1] ?? '';
  const size = measureImage(source);
  return html
    .replace(
      /(?<=\s)(src|srcset)="([^"]*)"/g,
      (_, name: string, path: string) => `${name}="${escapeHtml(resolveLink(path) ?? '')}"`,
    )
    .replace('<img ', size ? `<img width="${size.width}" height="${size.height}" ` : '<img ');
}

/** Gives each heading its anchor: its own, else the one that GitHub makes, because links in the files are written for that. */
function markHeadings(tokens: readonly Token[]): Heading[] {
  const makeSlug = createSlugger();
  return tokens.flatMap((token, index) => {
    const inline = tokens[index + 1];
    if (token.type !== 'heading_open' || !inline) return [];
    const last = inline.children?.at(-1);
    const own = OWN_ANCHOR.exec(last?.content ?? '');
    if (own && last) last.content = last.content.slice(0, own.index);
    const text = readText(inline);
    const id = own?.[1] ?? makeSlug(text);
    token.attrSet('id', id);
    return [{ level: Number(token.tag.slice(1)), id, text }];
  });
}

function resolveLinks(
  children: readonly Token[],
  resolveLink: ResolveLink,
  measureImage: MeasureImage,
): void {
  let isText = false;
  for (const token of children) {
    if (token.type === 'link_open') {
      const target = resolveLink(readAttribute(token, 'href'));
      isText = target === undefined;
      if (target !== undefined) token.attrSet('href', target);
    } else if (token.type === 'image') {
      const source = readAttribute(token, 'src');
      const { width, height } = measureImage(source) ?? {};
      token.attrSet('src', resolveLink(source) ?? '');
      if (width !== undefined) token.attrSet('width', width);
      if (height !== undefined) token.attrSet('height', height);
      token.attrSet('loading', 'lazy');
    }
    if (token.type.startsWith('link_')) token.hidden = isText;
  }
}

/** A policy without inline styles refuses the attribute that the parser makes. */
function alignByClass(token: Token): void {
  const style = readAttribute(token, 'style');
  token.attrs = (token.attrs ?? []).filter(([name]) => name !== 'style');
  if (style.includes('right')) token.attrSet('class', 'number');
}

/** Empty where the token has no such attribute. */
function readAttribute(token: Token, name: string): string {
  return String(token.attrGet(name) ?? '');
}
