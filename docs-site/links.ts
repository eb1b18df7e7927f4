import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import type { PageSource } from './site-map.ts';

/** What links are resolved by. */
export interface LinkContext {
  readonly sources: readonly PageSource[];
  /** Where the repository's files can be read, such as `https://host/owner/name/blob/main`. Default: links to them become text. */
  readonly repository?: string | undefined;
  /** Told of each image's path in the repository. */
  readonly useImage: (path: string) => void;
}

/** A file of the repository that a page shows. */
const IMAGE = /\.(?:png|svg|jpe?g|webp)$/;

/**
 * Where a link in `source` leads on the site, relative to its page.
 *
 * @returns Undefined for a file of the repository that is no page, where the site has no place to link to.
 * @throws Error where the repository has no such file.
 */
export function resolveLink(
  href: string,
  source: PageSource,
  { sources, repository, useImage }: LinkContext,
): string | undefined {
  if (/^(?:[a-z]+:|#)/i.test(href)) return href;
  const [, hash] = href.split('#');
  const origin = toOrigin(href, source);
  const anchor = hash === undefined ? '' : `#${decodeURI(hash)}`;
  const target = sources.find((page) => page.origin === origin);
  if (target) return toRelative(source.path, target.path) + anchor;
  if (!existsSync(origin))
    throw new Error(`${source.origin} links to ${href}, which is not there.`);
  if (IMAGE.test(origin)) {
    useImage(origin);
    return toRelative(source.path, toImagePath(origin));
  }
  return repository === undefined ? undefined : `${repository}/${origin}${anchor}`;
}

/** The repository's path of what `source` links to. */
export function toOrigin(href: string, source: PageSource): string {
  const [path = ''] = decodeURI(href).split('#');
  return posix.join(posix.dirname(source.origin), path).replace(/\/$/, '');
}

/** Docstrings of a reference page, with the guides that they name as links. They name them by their path: editors show it. */
export function linkGuides(text: string): string {
  return text.replace(
    /`?\bdocs\/([\w-]+)\.md\b`?/g,
    (_, name: string) => `[${name.replaceAll('-', ' ')}](../${name}.md)`,
  );
}

/** Where an image of the repository stands in the site. */
export function toImagePath(origin: string): string {
  return `images/${posix.basename(origin)}`;
}

/** A link from one path of the site to another, so that the site works in any folder. */
export function toRelative(from: string, to: string): string {
  return posix.relative(posix.dirname(from), to);
}

/** A page as the check of links sees it. */
export interface LinkedPage {
  readonly path: string;
  readonly html: string;
}

/**
 * Links and images that lead nowhere.
 *
 * @param files Paths of the site that are no pages.
 * @returns A line for each, with its page; empty where all is well.
 */
export function findBrokenLinks(
  pages: readonly LinkedPage[],
  files: ReadonlySet<string>,
): readonly string[] {
  const anchors = new Map(pages.map(({ path, html }) => [path, readAll(html, /\sid="([^"]+)"/g)]));
  return pages.flatMap(({ path, html }) =>
    [...readAll(html, /\s(?:href|src|srcset)="([^"]+)"/g)].flatMap((href) => {
      if (/^[a-z]+:/i.test(href)) return [];
      const [file = '', hash] = decodeURI(href).split('#');
      const target = file === '' ? path : posix.join(posix.dirname(path), file);
      const ids = anchors.get(target);
      if (!ids) return files.has(target) ? [] : [`${path}: ${href} is not there`];
      return hash === undefined || ids.has(hash) ? [] : [`${path}: ${href} has no such anchor`];
    }),
  );
}

function readAll(html: string, attribute: RegExp): ReadonlySet<string> {
  return new Set(
    [...html.matchAll(attribute)].map(([, value = '']) => value.replaceAll('&amp;', '&')),
  );
}
