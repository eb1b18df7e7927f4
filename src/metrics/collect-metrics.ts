import { invalidOption } from '../client/invalid-option.ts';
import type { RerankEvent, RerankEventName, Result } from '../element/events.ts';
import { readClockMs } from '../shared/clock.ts';
import { DEFAULT_TOP_N } from '../shared/defaults.ts';
import { MetricsTally } from './metrics-tally.ts';
import type { RerankMetrics } from './rerank-metrics.ts';

export interface MetricsOptions {
  /** Where the elements' events are heard, and `rerank-metrics` is dispatched: the page's document, or a part of it. Default `document`. */
  readonly target?: EventTarget | undefined;
  /**
   * How many of a run's first results are compared with the search's order: as many as readers look at. A whole number of 1 or more. Default 10, as many as the
   * element shows.
   */
  readonly top?: number | undefined;
}

/** Collects until it is stopped. */
export interface MetricsCollector {
  /** What happened since the last `rerank-metrics` event: what the next one will tell, as far as it is known. */
  read(): RerankMetrics;
  /** Ends the collecting. What was not told yet is dropped, and can still be read. */
  stop(): void;
  [Symbol.dispose](): void;
}

/** When a run's steps began, on this thread's clock. */
interface RunClock {
  readonly candidatesMs?: number | undefined;
  readonly startMs?: number | undefined;
}

/**
 * Adds up what happens in the elements of a page, from now on: runs, durations, devices, how orders changed, places of what readers chose. The result
 * has numbers and the names of kinds; no query, no title, no address. It is told in a `rerank-metrics` event on `target` each time the page is hidden
 * or left and something happened since the last time: each event has what is new, so that a site may add them up. Nothing is sent
 * and nothing is stored: that is for the event's listener.
 *
 * @throws RerankError `invalid-input` where an option is wrong, or where there is no page, as on a server.
 */
export function collectMetrics(options: MetricsOptions = {}): MetricsCollector {
  // A server that renders pages has none.
  const page = globalThis.document as Document | undefined;
  const { target = page, top = DEFAULT_TOP_N } = options;
  if (!page || typeof target?.addEventListener !== 'function') {
    throw invalidOption('target', target, 'what a page hears events on, as document');
  }
  if (!(Number.isInteger(top) && top >= 1)) {
    throw invalidOption('top', top, 'a whole number of 1 or more');
  }
  const stopping = new AbortController();
  const { signal } = stopping;
  const clocks = new WeakMap<EventTarget, RunClock>();
  let tally = new MetricsTally(top);

  /** The listener gets the element too, also where it stands in another one's shadow root. */
  const listen = <TName extends RerankEventName>(
    name: TName,
    listener: (detail: RerankEvent<TName>['detail'], element: EventTarget) => void,
  ): void => {
    const hear = (event: Event): void =>
      listener((event as RerankEvent<TName>).detail, event.composedPath()[0] ?? target);
    target.addEventListener(name, hear, { signal });
  };
  listen('rerank-candidates', ({ candidates, searchMs }, element) => {
    clocks.set(element, { candidatesMs: readClockMs() });
    tally.addCandidates(isOwnList(candidates) ? undefined : searchMs);
  });
  listen('rerank-start', (_detail, element) => {
    clocks.set(element, { ...clocks.get(element), startMs: readClockMs() });
    tally.addStart();
  });
  listen('rerank-complete', (outcome, element) => {
    const { candidatesMs, startMs } = clocks.get(element) ?? {};
    const nowMs = readClockMs();
    tally.addOutcome(outcome, {
      sinceStartMs: startMs === undefined ? undefined : nowMs - startMs,
      sinceCandidatesMs: candidatesMs === undefined ? undefined : nowMs - candidatesMs,
    });
  });
  listen('rerank-skip', ({ reason }, element) => {
    // How long a reader thinks about a download is no duration of the run.
    clocks.delete(element);
    tally.addSkip(reason);
  });
  listen('rerank-error', (detail) => tally.addError(detail));
  listen('rerank-select', (detail) => tally.addClick(detail));

  const tell = (): void => {
    if (tally.isEmpty) return;
    const detail = tally.summarize();
    tally = new MetricsTally(top);
    const told = new CustomEvent('rerank-metrics', { detail, bubbles: true, composed: true });
    target.dispatchEvent(told);
  };
  const tellWhenHidden = (): void => {
    if (page.visibilityState === 'hidden') tell();
  };
  page.addEventListener('visibilitychange', tellWhenHidden, { signal });
  // Some browsers leave a page without hiding it first.
  globalThis.addEventListener('pagehide', tell, { signal });

  const stop = (): void => stopping.abort();
  return { read: () => tally.summarize(), stop, [Symbol.dispose]: stop };
}

function isOwnList([first]: readonly Result[]): boolean {
  return first instanceof Element;
}
