import type { LoggedChoice } from './choice-log.ts';
import type { RerankEvent, Result } from './events.ts';

/** Choices that were told, where several logs are on the page. */
const told = new WeakSet<Event>();

/** Tells what readers choose in the elements of a document, each choice once, from now until `signal` aborts. */
export function recordChoices(
  root: Document,
  onChoice: (choice: LoggedChoice) => void,
  signal: AbortSignal,
): void {
  // The element itself, also where it stands in another one's shadow root.
  const elementOf = (event: Event): EventTarget => event.composedPath()[0] ?? root;
  const runOf = new WeakMap<EventTarget, string>();
  const begin = (event: Event): void => {
    runOf.set(elementOf(event), drawName());
  };
  const record = (event: RerankEvent<'rerank-select'>): void => {
    if (told.has(event)) return;
    told.add(event);
    const { query, result, originalRank, listed } = event.detail;
    onChoice({
      run: runOf.get(elementOf(event)) ?? '',
      query,
      id: nameResult(result),
      rank: listed.length,
      originalRank,
      shown: listed.map(nameResult),
      time: Date.now(),
    });
  };
  root.addEventListener('rerank-candidates', begin, { signal });
  root.addEventListener('rerank-select', record, { signal });
}

function nameResult(result: Result): string {
  return result instanceof Element ? (result.querySelector('a')?.href ?? '') : result.id;
}

/** `crypto.randomUUID` is not there on pages without HTTPS. */
function drawName(): string {
  return Math.random().toString(36).slice(2);
}
