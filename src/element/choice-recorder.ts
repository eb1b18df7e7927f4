import type { LoggedChoice } from './choice-log.ts';
import type { RerankEvent, Result } from './events.ts';

/** The list that an element shows. */
interface ShownList {
  readonly run: string;
  readonly ids: readonly string[];
}

/** Tells what readers choose in the elements of a document, from now until `signal` aborts. */
export function recordChoices(
  root: Document,
  onChoice: (choice: LoggedChoice) => void,
  signal: AbortSignal,
): void {
  const listOf = new WeakMap<EventTarget, ShownList>();
  const listen = (
    name: 'rerank-candidates' | 'rerank-complete' | 'rerank-select',
    work: (event: Event, element: EventTarget) => void,
  ): void => {
    const handle = (event: Event): void => {
      // The element itself, also where it stands in another one's shadow root.
      const [element] = event.composedPath();
      if (element) work(event, element);
    };
    root.addEventListener(name, handle, { signal });
  };
  listen('rerank-candidates', (event, element) => {
    const { detail } = event as RerankEvent<'rerank-candidates'>;
    listOf.set(element, { run: drawName(), ids: detail.candidates.map(nameResult) });
  });
  listen('rerank-complete', (event, element) => {
    const { detail } = event as RerankEvent<'rerank-complete'>;
    const run = listOf.get(element)?.run ?? drawName();
    listOf.set(element, { run, ids: detail.results.map(({ document }) => nameResult(document)) });
  });
  listen('rerank-select', (event, element) => {
    const { query, result, rank, originalRank } = (event as RerankEvent<'rerank-select'>).detail;
    const list = listOf.get(element);
    if (!list) return;
    const shown = list.ids.slice(0, rank);
    const { run } = list;
    onChoice({ run, query, id: nameResult(result), rank, originalRank, shown, time: Date.now() });
  });
}

function nameResult(result: Result): string {
  return result instanceof Element ? (result.querySelector('a')?.href ?? '') : result.id;
}

/** `crypto.randomUUID` is not there on pages without HTTPS. */
function drawName(): string {
  return Math.random().toString(36).slice(2);
}
