import { RerankResults } from 'rerank-results/element';
import { connectColumns } from './columns.ts';
import { showExampleChips } from './example-chips.ts';
import { findElement } from './find-element.ts';
import {
  SETTING_NAMES,
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
showExampleChips(findElement('better', HTMLElement), findElement('worse', HTMLElement), search);
for (const name of SETTING_NAMES) {
  findElement(name, HTMLSelectElement).addEventListener('change', applySettings);
}
findElement('search', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  search(field.value);
});
field.addEventListener('input', () => {
  if (field.value.trim() === '') showResults(false);
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
    findElement(name, HTMLSelectElement).value = String(state[name]);
  field.value = state.query;
  apply(state);
  showResults(state.query !== '');
}

/** Gives the element its settings, and its search where that is another one. */
function apply({ source: name, ...settings }: PageState): void {
  Object.assign(results, settings);
  if (name === source) return;
  source = name;
  const { caption, isInPage } = SOURCES[name];
  findElement('original-caption', HTMLElement).textContent = caption;
  findElement('query-goes', HTMLElement).textContent = isInPage
    ? 'Your query does not leave this page'
    : 'Your query goes to this site’s own search';
  results.search = searchManual(SOURCES[name], {
    onStart(query) {
      showResults(query !== '');
      history.replaceState(null, '', currentAddress());
      findElement('status', HTMLElement).textContent = isInPage
        ? 'Searching in this page; the first search loads its index …'
        : 'Searching …';
    },
    onEnd: (timing) => report.showSearch(timing),
  });
}

function currentAddress(): string {
  const { model, device, engine, candidates } = results;
  const query = results.query.trim();
  const state = { query, source: source ?? 'api', model, device, engine, candidates };
  return `${location.pathname}${writePageState(state)}`;
}

function showResults(areShown: boolean): void {
  findElement('intro', HTMLElement).hidden = areShown;
  findElement('results', HTMLElement).hidden = !areShown;
}
