import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';

/** A page before it is rendered. */
export interface PageSource {
  /** The Markdown file in the repository; for a page that is made, the path that links to it would name. */
  readonly origin: string;
  /** Where the page stands in the site: `privacy.html`, `api/sources.html`. */
  readonly path: string;
  /** What the sidebar calls it. Default: its title. */
  readonly label?: string;
  /** The sidebar's heading above it. */
  readonly group: string;
  readonly markdown: string;
}

/** Guides in the order of the sidebar, by the name of their file in `docs/`. */
const GUIDES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Start: {
    'drop-in': 'Drop it in',
    recipes: 'For each kind of site',
    'search-element': 'A field with results',
    'private-search': 'Private search',
    looks: 'Looks',
    translations: 'Words and languages',
  },
  'Where results come from': {
    sources: 'Search APIs',
    'sources-in-the-page': 'In the page',
    'search-clients': 'InstantSearch, DocSearch',
  },
  'How they are ranked': {
    models: 'Choose a model',
    budgets: 'Budgets',
    'long-documents': 'Long documents',
    rerankers: 'Other rerankers',
    families: 'Model families',
    'after-reranking': 'After reranking',
    explain: 'Why this result',
    adapters: 'Adapters',
  },
  Measure: {
    evaluate: 'Measure your search',
    judge: 'Make judgments',
    metrics: 'Metrics from readers',
    calibrate: 'Calibrate scores',
    quality: 'Quality',
    performance: 'Performance',
    kernels: 'How the kernels work',
  },
  Operate: {
    privacy: 'Privacy',
    troubleshooting: 'Troubleshooting',
    reliability: 'Reliability',
  },
};

/** Files elsewhere, below the guides. */
const PROJECT: Readonly<Record<string, string>> = {
  'CHANGELOG.md': 'Changelog',
  'SECURITY.md': 'Security',
  'ARCHITECTURE.md': 'Architecture',
  'CONTRIBUTING.md': 'Contributing',
  'models/README.md': 'How the models are made',
};

/** The group of the references, and its pages that are made of the element's manifest in place of the file. */
export const REFERENCE = 'Reference';
export const ELEMENTS_ORIGIN = 'docs/element.md';

/** Groups in the order of the sidebar. */
export const GROUPS: readonly string[] = [
  ...Object.keys(GUIDES),
  REFERENCE,
  'API',
  'Decisions',
  'Project',
];

/**
 * All pages that are files of the repository.
 *
 * @throws Error for a guide that has no place in the sidebar.
 */
export function listFilePages(): PageSource[] {
  const read = (origin: string): string => readFileSync(origin, 'utf8');
  const sorted = Object.entries(GUIDES).flatMap(([group, pages]) =>
    Object.entries(pages).map(([name, label]) => ({ origin: `docs/${name}.md`, label, group })),
  );
  const known = new Set([ELEMENTS_ORIGIN, ...sorted.map(({ origin }) => origin)]);
  const unsorted = listMarkdown('docs').filter((origin) => !known.has(origin));
  if (unsorted.length > 0) {
    throw new Error(`docs-site/site-map.ts has no place for ${unsorted.join(', ')}.`);
  }
  const decisions = listMarkdown('docs/decisions').map((origin) => ({
    origin,
    group: 'Decisions',
  }));
  const project = Object.entries(PROJECT).map(([origin, label]) => ({
    origin,
    label,
    group: 'Project',
  }));
  return [
    {
      origin: 'README.md',
      path: 'index.html',
      label: 'Overview',
      group: 'Start',
      markdown: read('README.md'),
    },
    ...[...sorted, ...decisions, ...project].map((page) => ({
      ...page,
      path: toPath(page.origin),
      markdown: read(page.origin),
    })),
  ];
}

function listMarkdown(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

function toPath(origin: string): string {
  if (origin.startsWith('models/')) return 'how-models-are-made.html';
  const isProject = !origin.includes('/');
  const path = isProject ? basename(origin).toLowerCase() : origin.replace(/^docs\//, '');
  return path.replace(/\.md$/, '.html');
}
