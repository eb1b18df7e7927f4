import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What each folder (or top file) of src may import, besides itself. ARCHITECTURE.md draws it. */
const arrows: Record<string, readonly string[]> = {
  'index.ts': ['client', 'results', 'shared'],
  'define.ts': ['element', 'sources'],
  'define-search.ts': ['element', 'sources'],
  'define-log.ts': ['element'],
  'standalone.ts': [
    'locales',
    'define.ts',
    'define-search.ts',
    'define-log.ts',
    'index.ts',
    'integrations',
    'metrics',
    'sources',
  ],
  element: ['client', 'results', 'sources', 'shared'],
  locales: ['element'],
  client: ['shared'],
  sources: ['shared'],
  results: ['shared'],
  metrics: ['client', 'element', 'shared'],
  rerankers: ['client', 'shared'],
  integrations: ['client', 'rerankers', 'sources', 'shared'],
  templates: ['element'],
  vite: ['cli', 'shared'],
  evaluate: ['shared'],
  cli: [
    'evaluate',
    'client',
    'rerankers',
    'sources',
    'worker',
    'worker/pipeline',
    'worker/model',
    'worker/backend',
    'shared',
  ],
  worker: ['worker/pipeline', 'worker/model', 'worker/backend', 'shared'],
  'worker/pipeline': ['shared'],
  'worker/model': ['shared'],
  'worker/backend': ['shared'],
  shared: [],
};

/** Packages and globals that one place owns. */
const owners: readonly { readonly pattern: RegExp; readonly places: RegExp }[] = [
  { pattern: /from '(lit|@lit\/)/, places: /^(element|templates)\// },
  {
    pattern: /from 'comlink'/,
    places:
      /^(client\/(worker-handle|lane-workers)|worker\/entry|worker\/backend\/kernels\/worker-lane)\.ts$/,
  },
  { pattern: /from 'onnxruntime-/, places: /^worker\/backend\/ort\.ts$/ },
  { pattern: /from '@huggingface\/transformers'/, places: /^worker\/backend\/transformers\.ts$/ },
  { pattern: /from '@huggingface\/tokenizers'/, places: /^worker\/pipeline\/tokenize\.ts$/ },
  { pattern: /from 'minisearch'/, places: /^sources\/lexical-index\.ts$/ },
  {
    pattern: /\bfetch\(/,
    places:
      /^(sources\/|rerankers\/|worker\/model\/downloads\.ts|worker\/backend\/(transformers|runtime-fault)\.ts|cli\/models\/hub-request\.ts)/,
  },
  { pattern: /\bcaches\./, places: /^worker\/model\/kept-files\.ts$/ },
  { pattern: /navigator\.gpu/, places: /^worker\/backend\/backend\.ts$/ },
  { pattern: /customElements\.define/, places: /^define(-search|-log)?\.ts$/ },
  { pattern: /\bconsole\./, places: /^$/ },
];

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'));
const textOf = (file: string): string => readFileSync(join('src', file), 'utf8');

function layerOf(file: string): string {
  const layers = Object.keys(arrows).filter(
    (layer) => file === layer || file.startsWith(`${layer}/`),
  );
  return layers.toSorted((a, b) => b.length - a.length)[0] ?? file;
}

describe('the source', () => {
  it.each(files)('%s imports only what its layer may', (file) => {
    const layer = layerOf(file);
    const allowed = [layer, ...(arrows[layer] ?? [])];
    const imports = [...textOf(file).matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) =>
      layerOf(join(dirname(file), path).replaceAll('\\', '/')),
    );
    expect(imports.filter((target) => !allowed.includes(target))).toEqual([]);
  });

  it.each(owners)('has $pattern in its one place', ({ pattern, places }) => {
    const found = files.filter((file) => pattern.test(textOf(file)));
    expect(found.filter((file) => !places.test(file))).toEqual([]);
  });

  it.each(files)('%s has one subject: at most 300 lines without its docs', (file) => {
    const code = textOf(file).replace(/^ *\/\*\*[^]*?\*\/\n/gm, '');
    expect(code.split('\n').length).toBeLessThanOrEqual(301);
  });
});
