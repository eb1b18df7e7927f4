import type { Candidate } from 'rerank-results/element';
import type { Endpoint } from './read-endpoint.ts';

/** What the reader configured. */
export interface SiteSetup {
  /** Results of the list as the element read them, or the search that gives them. */
  readonly source: { readonly candidates: readonly Candidate[] } | { readonly endpoint: Endpoint };
  readonly query: string;
  /** The model's name; undefined for the default one. */
  readonly model: string | undefined;
  /** Whether modules are imported by their names; else one script has all. */
  readonly hasBundler: boolean;
}

const SCRIPT_URL = '/rerank/rerank-results.js';

/** Candidates that the element reads where it is not told otherwise. */
const DEFAULT_CANDIDATES = 50;

/** HTML that does on a site what the page shows: all texts are escaped, so that it holds no markup but ours. */
export function writeSnippet(setup: SiteSetup): string {
  const { source } = setup;
  return 'endpoint' in source
    ? writeSearch(source.endpoint, setup)
    : writeList(source.candidates, setup);
}

/** The copied script brings no runtime for GPUs, which would be looked for in vain. */
const ONLY_DEVICE = 'wasm';

/** What has to be done once, beside the HTML. */
export function writeSteps({ model, hasBundler }: SiteSetup): string {
  const copy = `npx rerank-results copy public${model === undefined ? '' : ` ${model}`}`;
  return hasBundler
    ? `Once: “npm install rerank-results” and “${copy}”, which puts the model where your site serves it.`
    : `Once: “npm install rerank-results” and “${copy} --standalone”, which puts the script and the model where your site serves them.`;
}

/** The site's own list, which is there without JavaScript as well. */
function writeList(
  candidates: readonly Candidate[],
  { query, model, hasBundler }: SiteSetup,
): string {
  const items = candidates.map(({ title, text, url }) => {
    const name = escapeHtml(title || url || '');
    const head = url === undefined ? name : `<a href="${escapeHtml(url)}">${name}</a>`;
    return `    <li>${[head, escapeHtml(text)].filter((part) => part !== '').join(' ')}</li>`;
  });
  const attributes = {
    query,
    model,
    device: hasBundler ? undefined : ONLY_DEVICE,
    candidates: candidates.length > DEFAULT_CANDIDATES ? String(candidates.length) : undefined,
  };
  return [
    `<rerank-results${writeAttributes(attributes)}>`,
    '  <ol>',
    ...items,
    '  </ol>',
    '</rerank-results>',
    ...writeImport(hasBundler),
  ].join('\n');
}

/** A field, and the results of the site's search for what is typed into it. */
function writeSearch(endpoint: Endpoint, { model, hasBundler }: SiteSetup): string {
  const { url, list, fields } = endpoint;
  const isPlain = list === undefined && fields === undefined;
  const attributes = {
    id: isPlain ? undefined : 'results',
    for: 'search',
    endpoint: isPlain ? url : undefined,
    model,
    device: hasBundler ? undefined : ONLY_DEVICE,
  };
  return [
    '<label for="search">Search</label>',
    '<input id="search" type="search" />',
    `<rerank-results${writeAttributes(attributes)}></rerank-results>`,
    ...(isPlain ? writeImport(hasBundler) : writeSearchScript(endpoint, hasBundler)),
  ].join('\n');
}

function writeImport(hasBundler: boolean): string[] {
  if (!hasBundler) return [`<script type="module" src="${SCRIPT_URL}"></script>`];
  return ['<script type="module">', "  import 'rerank-results/element';", '</script>'];
}

function writeSearchScript(endpoint: Endpoint, hasBundler: boolean): string[] {
  // Nothing in it may end the script.
  const options = JSON.stringify(endpoint, null, 2).replaceAll('<', '\\u003c');
  return [
    '<script type="module">',
    ...(hasBundler
      ? [
          "  import 'rerank-results/element';",
          "  import { searchEndpoint } from 'rerank-results/sources';",
        ]
      : [`  import { searchEndpoint } from '${SCRIPT_URL}';`]),
    '',
    `  document.querySelector('#results').search = searchEndpoint(${options.replaceAll('\n', '\n  ')});`,
    '</script>',
  ];
}

function writeAttributes(attributes: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeHtml(value)}"`))
    .join('');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
