import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const query = 'undo last commit but keep my changes';

/** The search's order: the answer is the fourth. */
export const titles = ['Harbour', 'TRUNCATE', 'Workers', 'git reset', 'Bread'] as const;

/** The answer to `query`. */
export const bestTitle = 'git reset';

const candidates = [
  'The harbour closes to sailing boats in November.',
  'TRUNCATE empties a table at once, and cannot be limited to some rows.',
  'A web worker runs a script on a background thread.',
  'git reset --soft HEAD~1 removes the newest commit and leaves its changes staged.',
  'Bread rises when yeast makes gas.',
].map((text, index) => ({ title: titles[index], text, url: `/pages/${index}` }));

const head = '<meta charset="utf-8" /><title>A site</title>';

const page = `<!doctype html>
<html lang="en">
  <head>${head}</head>
  <body>
    <rerank-results query="${query}"></rerank-results>
    <script type="module" src="/main.js"></script>
  </body>
</html>
`;

const script = `import 'rerank-results/element';

const candidates = ${JSON.stringify(candidates, null, 2)};
document.querySelector('rerank-results').search = () => candidates;
`;

/** A page that calls the API with the options in its own URL, and tells the test what came of it. */
const apiScript = `import { createReranker } from 'rerank-results';

const options = Object.fromEntries(new URLSearchParams(location.search));
try {
  const reranker = await createReranker(options);
  const documents = ${JSON.stringify(candidates.map(({ text }) => text))};
  const { results, model } = await reranker.rerank({ query: ${JSON.stringify(query)}, documents });
  const logits = [];
  for (const { index, logit } of results) logits[index] = logit;
  report({ logits, model });
} catch (error) {
  report({ error: error.message });
}
`;

/** Where a page without a bundler finds the modules that it names. */
const importMap = JSON.stringify({
  imports: {
    'rerank-results': '/vendor/rerank-results/dist/index.js',
    'rerank-results/element': '/vendor/rerank-results/dist/element.js',
    comlink: '/vendor/comlink/dist/esm/comlink.min.js',
    lit: '/vendor/lit/index.js',
    'lit/': '/vendor/lit/',
    'lit-html': '/vendor/lit-html/lit-html.js',
    'lit-html/': '/vendor/lit-html/',
    'lit-element/lit-element.js': '/vendor/lit-element/lit-element.js',
    '@lit/reactive-element': '/vendor/@lit/reactive-element/reactive-element.js',
    '@lit/reactive-element/': '/vendor/@lit/reactive-element/',
  },
});

/** What a policy must list in `script-src` to let the plain pages' import map through. */
export const importMapHash = `'sha256-${createHash('sha256').update(importMap).digest('base64')}'`;

/** An empty project as `npm create vite` leaves it, with the element on its page. */
export function writeViteSite(folder: string): void {
  mkdirSync(join(folder, 'public'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, 'main.js'), script);
  // Browsers ask for it unasked.
  writeFileSync(join(folder, 'public/favicon.ico'), '');
}

/** Two pages without a bundler: `/` with the element, `/api.html` with the API. */
export function writePlainSite(folder: string): void {
  const map = `<script type="importmap">${importMap}</script>`;
  const plainPage = page.replace('</head>', `${map}</head>`);
  const apiPage = `<!doctype html>
<html lang="en">
  <head>${head}${map}</head>
  <body><script type="module" src="/api.js"></script></body>
</html>
`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), plainPage);
  writeFileSync(join(folder, 'main.js'), script);
  writeFileSync(join(folder, 'api.html'), apiPage);
  writeFileSync(join(folder, 'api.js'), apiScript);
  writeFileSync(join(folder, 'favicon.ico'), '');
}
