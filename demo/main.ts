import { RerankResults } from 'rerank-results/element';
import { connectColumns } from './columns.ts';
import { connectExampleChips } from './example-chips.ts';
import { findElement } from './find-element.ts';
import {
  DEFAULT_SOURCE,
  SETTINGS,
  SETTING_NAMES,
  formatSetting,
  readPageState,
  writePageState,
  type PageState,
  type SourceName,
} from './page-state.ts';
import { RunReport } from './run-report.ts';
import { connectRunStatus } from './run-status.ts';
import { searchManual } from './search-manual.ts';
import { SOURCES } from './sources.ts';

const results = findElement('reranked', RerankResults);
const field = findElement('query', HTMLInputElement);
const report = new RunReport();

let source: SourceName | undefined;

connectColumns(results);
connectRunStatus(results, report);
connectExampleChips(findElement('examples', HTMLElement), search);
for (const option of findElement('source', HTMLSelectElement).querySelectorAll('option')) {
  if (!SETTINGS.source.some((name) => name === option.value)) option.remove();
}
for (const name of SETTING_NAMES) {
  findElement(name, HTMLSelectElement).addEventListener('change', applySettings);
}
findElement('search', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  search(field.value);
});
field.addEventListener('input', () => {
  if (field.value.trim() !== '') return;
  results.query = '';
  showResults(false);
  history.replaceState(null, '', currentAddress());
});
addEventListener('popstate', restore);
restore();

/** Searches at once; the address becomes an entry of the browser's history. */
function search(query: string): void {
  field.value = query;
  if (results.query === query) {
    // The same query again is a second try.
    void results.refresh();
    return;
  }
  results.query = query;
  history.pushState(null, '', currentAddress());
}

function applySettings(): void {
  const chosen = new URLSearchParams(
    SETTING_NAMES.map((name) => [name, findElement(name, HTMLSelectElement).value]),
  );
  chosen.set('q', results.query);
  apply(readPageState(chosen.toString()));
  history.replaceState(null, '', currentAddress());
}

/** Shows what the address says. */
function restore(): void {
  const state = readPageState(location.search);
  for (const name of SETTING_NAMES)
    findElement(name, HTMLSelectElement).value = formatSetting(state, name);
  field.value = state.query;
  apply(state);
  showResults(state.query !== '');
}

/** Gives the element its settings, and its search where that is another one. */
function apply({ source: name, ...settings }: PageState): void {
  Object.assign(results, settings);
  findElement('reranked-caption', HTMLElement).textContent = explainOrder(settings.priorWeight);
  if (name === source) return;
  source = name;
  const { caption, isInPage, queryGoes, indexSize } = SOURCES[name];
  findElement('original-caption', HTMLElement).textContent = caption;
  findElement('query-goes', HTMLElement).textContent =
    `${queryGoes}; the reranking happens in this page.`;
  results.search = searchManual(SOURCES[name], {
    onStart(query) {
      showResults(query !== '');
      history.replaceState(null, '', currentAddress());
      findElement('status', HTMLElement).textContent = isInPage
        ? `Searching in this page; the first search loads its index (${indexSize}) …`
        : 'Searching …';
    },
    onEnd: (timing) => report.showSearch(timing),
  });
}

function currentAddress(): string {
  const { model, device, engine, candidates, budgetMs, priorWeight, reorder } = results;
  const state = {
    query: results.query.trim(),
    source: source ?? DEFAULT_SOURCE,
    ...{ model, device, engine, candidates, budgetMs, priorWeight, reorder },
  };
  return `${location.pathname}${writePageState(state)}`;
}

function showResults(areShown: boolean): void {
  findElement('intro', HTMLElement).hidden = areShown;
  findElement('results', HTMLElement).hidden = !areShown;
}

/** Whose order the right-hand column shows. */
function explainOrder(priorWeight: number): string {
  if (priorWeight === 0) return 'By the model’s scores alone.';
  if (priorWeight === 1) return 'By the search’s order alone.';
  const much = priorWeight < 0.5 ? 'a little' : 'as much';
  return `By the model’s scores, and ${much} by the search’s order.`;
}
