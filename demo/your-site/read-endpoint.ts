import type { EndpointOptions } from 'rerank-results/sources';
import type { Checked } from './checked.ts';

/** What the reader typed about a search, as typed. */
export interface EndpointForm {
  readonly url: string;
  /** Paths into its answer; empty where the usual names serve. */
  readonly list: string;
  readonly title: string;
  readonly text: string;
  readonly link: string;
}

/** A search's address and, where its answer has other names than the usual ones, their paths. */
export type Endpoint = Pick<EndpointOptions, 'url' | 'list' | 'fields'>;

/**
 * Checks a search's address, as far as that goes without asking it.
 *
 * @param pageUrl The page that asks: relative addresses stand in it.
 */
export function readEndpoint(form: EndpointForm, pageUrl: string): Checked<Endpoint> {
  const address = form.url.trim();
  if (address === '') return { problem: 'Name the address of your search.' };
  if (!address.includes('{query}')) {
    return {
      problem:
        'The address must say where the query goes: write {query} in its place, such as ?q={query}.',
    };
  }
  const url = parseTemplate(address, pageUrl);
  if (!url) return { problem: 'This is no address. One begins with https://.' };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { problem: `A search is asked by https: or http:, and not by ${url.protocol}` };
  }
  const fields = Object.fromEntries(
    Object.entries({ title: form.title, text: form.text, url: form.link })
      .map(([name, path]) => [name, path.trim()] as const)
      .filter(([, path]) => path !== ''),
  );
  const list = form.list.trim();
  return {
    value: {
      url: address,
      ...(list !== '' && { list }),
      ...(Object.keys(fields).length > 0 && { fields }),
    },
  };
}

/**
 * Why a search gave no results, and what to do. Browsers don't tell a page whether another site refused it or was not
 * there, so both are said.
 *
 * @param error What the search threw: it has a `status` where there was an answer.
 */
export function explainSearchFailure(
  error: { readonly message: string; readonly details: { readonly status?: unknown } },
  { url }: Endpoint,
  pageUrl: string,
): string {
  const page = new URL(pageUrl);
  const target = parseTemplate(url, pageUrl);
  const isAnswered = error.details.status !== undefined;
  if (isAnswered || !target || target.origin === page.origin) return error.message;
  if (page.protocol === 'https:' && target.protocol === 'http:') {
    return `${target.host} is asked by http:, which browsers don’t do from a page on https:. Use its https: address, or paste a list.`;
  }
  return (
    `Your browser got no answer from ${target.host} that this page may read. If the address works in a tab of its own, the search ` +
    `must allow other sites: with the header “Access-Control-Allow-Origin: ${page.origin}”. On your own site, where page and ` +
    'search share an origin, none is needed. Until then, paste its answer as a list.'
  );
}

/** The address with its braces left out, which an address cannot have in its host. */
function parseTemplate(template: string, pageUrl: string): URL | undefined {
  const address = template.replaceAll(/[{}]/g, '');
  return URL.canParse(address, pageUrl) ? new URL(address, pageUrl) : undefined;
}
