import { readFileSync } from 'node:fs';

/** An entry point of the package that has types. */
export interface Subpath {
  /** As it is imported: `rerank-results/sources`. */
  readonly specifier: string;
  /** Its declarations: `dist/types/sources/index.d.ts`. */
  readonly types: string;
  /** What it is for, as Markdown; links are relative to `docs/api/`. */
  readonly purpose: string;
}

/** What each subpath is for, in the order of `exports` in package.json. */
const PURPOSES: Readonly<Record<string, string>> = {
  '.': 'A reranker without an element, and what is done with its results. [The start page](../../README.md#without-the-element) and [After reranking](../after-reranking.md) show it at work.',
  './element':
    'Registers [`<rerank-results>`](../element/rerank-results.md). On a server it registers nothing.',
  './search':
    'Registers [`<rerank-search>`](../element/rerank-search.md). [The guide](../search-element.md) tells how readers use it.',
  './log':
    'Registers [`<rerank-log>`](../element/rerank-log.md). [Make judgments](../judge.md) tells what for.',
  './locales':
    'The elements’ words in every language that comes with the package. [The guide](../translations.md) lists the modules that have one language each, such as `rerank-results/locales/de`.',
  './metrics':
    'Numbers of what readers get: how fast, how often, how much moved, what they choose. [The guide](../metrics.md) explains them.',
  './sources':
    'Functions that find candidates, for the property `search` of the elements: [search APIs](../sources.md) and [engines in the page](../sources-in-the-page.md).',
  './rerankers':
    'Other kinds of rerankers behind the same interface. [The guide](../rerankers.md) compares them.',
  './search-client':
    'Reranking behind the search interface that a site has. [The guide](../search-clients.md) names the interfaces.',
  './ai-sdk': 'A reranker as a model of the AI SDK. [The guide](../adapters.md) has an example.',
  './langchain':
    'A reranker as a document compressor of LangChain. [The guide](../adapters.md) has an example.',
  './http':
    'A reranker behind the HTTP interfaces of hosted services. [The guide](../adapters.md).',
  './service-worker':
    'The same interfaces, answered by a service worker. [The guide](../adapters.md).',
  './vite': 'A plugin that serves the models. [The recipes](../recipes.md#the-vite-plugin) use it.',
  './worker':
    'The worker’s script. It is loaded by its URL, as the option [`worker`](rerank-results.md#RerankerOptions.worker) says, and exports nothing.',
  './standalone':
    'Everything that a page without a bundler uses, in one file. It registers the elements. [The recipes](../recipes.md#one-file-without-a-bundler) use it.',
  './evaluate':
    'Metrics and comparisons, without files or Node. [The guide](../evaluate.md) explains what they mean.',
  ...Object.fromEntries(
    ['react', 'preact', 'solid', 'svelte', 'vue'].map((framework) => [
      `./${framework}`,
      'Types of the elements for templates; no code. [The recipes](../recipes.md#types-for-templates) tell how each framework finds them.',
    ]),
  ),
};

/**
 * The package's entry points that have types, in the order of `exports`. Patterns of many are left out.
 *
 * @throws Error for one that nothing is said of here.
 */
export function listSubpaths(): Subpath[] {
  const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly name: string;
    readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  };
  return Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === 'string' || path.includes('*')) return [];
    const purpose = PURPOSES[path];
    if (purpose === undefined)
      throw new Error(`docs-site/api/subpaths.ts says nothing of ${path}.`);
    return [{ specifier: `${name}${path.slice(1)}`, types: target.types, purpose }];
  });
}
