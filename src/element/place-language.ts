import type { ReactiveController, ReactiveElement } from 'lit';
import { onMessagesChange } from './languages.ts';
import { choosePhrases, type Phrases } from './phrases.ts';

/** The language of the place where an element stands. The element updates when that changes, or when there are other words. */
export class PlaceLanguage implements ReactiveController {
  readonly #host: ReactiveElement;
  #connected = new AbortController();

  constructor(host: ReactiveElement) {
    this.#host = host;
    host.addController(this);
  }

  /** The elements' words in this language. */
  get phrases(): Phrases {
    return choosePhrases(findLanguage(this.#host));
  }

  hostConnected(): void {
    this.#connected = new AbortController();
    const { signal } = this.#connected;
    const update = (): void => this.#host.requestUpdate();
    onMessagesChange(update, signal);
    onLanguageChange(this.#host, update, signal);
    // It may have come from a place with another language.
    update();
  }

  hostDisconnected(): void {
    this.#connected.abort();
  }
}

/** The nearest `lang` attribute, the element's own or an ancestor's, across shadow roots. Empty where there is none. */
function findLanguage(element: Element): string {
  const marked = element.closest('[lang]');
  if (marked) return marked.getAttribute('lang') ?? '';
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? findLanguage(root.host) : '';
}

const watchers = new Set<() => void>();

/** One for all elements on the page. */
let observer: MutationObserver | undefined;

/** Calls back when a `lang` attribute changes where the element is, until the signal. */
function onLanguageChange(element: Element, onChange: () => void, signal: AbortSignal): void {
  observer ??= new MutationObserver(() => {
    for (const watcher of watchers) watcher();
  });
  for (let root = element.getRootNode(); ; root = root.host.getRootNode()) {
    observer.observe(root, { subtree: true, attributeFilter: ['lang'] });
    if (!(root instanceof ShadowRoot)) break;
  }
  watchers.add(onChange);
  signal.addEventListener('abort', () => {
    watchers.delete(onChange);
    if (watchers.size === 0) observer?.disconnect();
  });
}
