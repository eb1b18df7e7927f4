/** Your site: the reader's own results, in their order and reranked, and the HTML for that. */
import { RerankResults, type Candidate } from 'rerank-results/element';
import { searchEndpoint } from 'rerank-results/sources';
import { connectColumns } from '../columns.ts';
import { findElement } from '../find-element.ts';
import { SETTINGS } from '../page-state.ts';
import { connectRunStatus } from '../run-status.ts';
import { copyText } from './copy-text.ts';
import { EXAMPLE_LIST, EXAMPLE_QUERY } from './example-list.ts';
import { FormField } from './form-field.ts';
import { explainSearchFailure, readEndpoint, type Endpoint } from './read-endpoint.ts';
import { MOST_RESULTS, readList } from './read-list.ts';
import { writeSnippet, writeSteps, type SiteSetup } from './snippet.ts';

/** Where the results of a run come from. */
type Source =
  | { readonly kind: 'list'; readonly results: readonly object[] }
  | { readonly kind: 'endpoint'; readonly endpoint: Endpoint };

const results = findElement('reranked', RerankResults);
const list = new FormField('list', HTMLTextAreaElement);
const endpoint = new FormField('endpoint', HTMLInputElement);
const query = new FormField('query', HTMLInputElement);
const model = findElement('model', HTMLSelectElement);
const site = findElement('site', HTMLSelectElement);
const snippet = findElement('snippet', HTMLElement);
const copied = findElement('copied', HTMLElement);

/** Of the run that the page shows. */
let source: Source | undefined;

connectColumns(results);
connectRunStatus(results);
fillExample();
chooseKind();
// The browser may bring back what was chosen before the page was left.
addEventListener('pageshow', chooseKind);

for (const radio of document.querySelectorAll('input[name="kind"]')) {
  radio.addEventListener('change', chooseKind);
}
findElement('example', HTMLButtonElement).addEventListener('click', () => {
  fillExample();
  list.clear();
  query.clear();
});
findElement('setup', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  rerank();
});
findElement('copy', HTMLButtonElement).addEventListener('click', () => {
  void copyText(snippet).then((words) => {
    copied.textContent = words;
  });
});
site.addEventListener('change', showSnippet);
model.addEventListener('change', () => {
  if (source) rerank();
});
results.addEventListener('rerank-candidates', showSnippet);
results.addEventListener('rerank-error', ({ detail: { during, error } }) => {
  if (during !== 'search' || !source) return;
  findElement('outcome', HTMLElement).hidden = true;
  if (source.kind === 'list') list.showProblem(error.message);
  else endpoint.showProblem(explainSearchFailure(error, source.endpoint, location.href));
});

function fillExample(): void {
  list.element.value = EXAMPLE_LIST;
  query.element.value = EXAMPLE_QUERY;
}

function isList(): boolean {
  return document.querySelector<HTMLInputElement>('input[name="kind"]:checked')?.value === 'list';
}

function chooseKind(): void {
  findElement('list-field', HTMLElement).hidden = !isList();
  findElement('endpoint-field', HTMLElement).hidden = isList();
}

function rerank(): void {
  const chosen = readSource();
  if (!chosen) return;
  const words = query.value.trim();
  if (words === '') {
    query.showProblem('Type what a reader would look for.');
    return;
  }
  source = chosen;
  copied.textContent = '';
  findElement('empty', HTMLElement).hidden = true;
  findElement('outcome', HTMLElement).hidden = false;
  findElement('status', HTMLElement).textContent = 'Searching …';
  findElement('original-caption', HTMLElement).textContent =
    chosen.kind === 'list' ? 'As you pasted it' : 'As your search answered';
  // A new function is a new run, for the same query too.
  Object.assign(results, {
    model: model.value,
    candidates: chosen.kind === 'list' ? chosen.results.length : 50,
    query: words,
    search: chosen.kind === 'list' ? () => chosen.results : searchEndpoint(chosen.endpoint),
  });
  showOutcome();
}

/** Brings the results into the window where the form has left them little room. */
function showOutcome(): void {
  const outcome = findElement('outcome', HTMLElement);
  if (outcome.getBoundingClientRect().top < innerHeight / 2) return;
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  outcome.scrollIntoView({ behavior: isCalm ? 'auto' : 'smooth' });
}

/** What the form says; undefined where something is wrong with it, which the field then says. */
function readSource(): Source | undefined {
  if (isList()) {
    const read = readList(list.value);
    if ('value' in read) return { kind: 'list', results: read.value };
    list.showProblem(read.problem);
    return undefined;
  }
  const read = readEndpoint(
    {
      url: endpoint.value,
      list: readText('list-path'),
      title: readText('title-path'),
      text: readText('text-path'),
      link: readText('url-path'),
    },
    location.href,
  );
  if ('value' in read) return { kind: 'endpoint', endpoint: read.value };
  endpoint.showProblem(read.problem);
  return undefined;
}

function readText(id: string): string {
  return findElement(id, HTMLInputElement).value;
}

/** The HTML for what the page shows. */
function showSnippet(): void {
  const { runState } = results;
  if (!source || !('candidates' in runState)) return;
  const setup: SiteSetup = {
    source:
      source.kind === 'list'
        ? // The page gives the element no list of its own, so these are no elements.
          { candidates: runState.candidates.slice(0, MOST_RESULTS) as readonly Candidate[] }
        : { endpoint: source.endpoint },
    query: runState.query,
    model: model.value === SETTINGS.model[0] ? undefined : model.value,
    hasBundler: site.value === 'bundler',
  };
  snippet.textContent = writeSnippet(setup);
  findElement('snippet-steps', HTMLElement).textContent = writeSteps(setup);
  copied.textContent = '';
}
