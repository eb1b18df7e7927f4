/** A site as a reader visits it. `?baseline` shows the same candidates without the element. */
import type { RerankResults } from 'rerank-results/element';

/** What the site's search returns. */
interface FoundCandidate {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly url: string;
}

export interface VisitedPage {
  /** Fetches the element and loads its model; returns the milliseconds from the navigation until that is done. */
  start(): Promise<number>;
  /** Searches, shows the candidates and, with the element, reranks them. */
  search(query: string): Promise<void>;
}

declare global {
  interface Window {
    visited: VisitedPage;
  }
}

const parameters = new URLSearchParams(location.search);

async function findCandidates(query: string): Promise<FoundCandidate[]> {
  const response = await fetch(`/candidates?${new URLSearchParams({ q: query }).toString()}`);
  return (await response.json()) as FoundCandidate[];
}

const baseline: VisitedPage = {
  start: () => Promise.resolve(performance.now()),
  async search(query) {
    const items = (await findCandidates(query)).slice(0, 10).map(({ title }) => {
      const item = document.createElement('li');
      item.append(title);
      return item;
    });
    document.querySelector('#baseline')?.replaceChildren(...items);
  },
};

const element = document.querySelector<RerankResults>('rerank-results');
if (!element) throw new Error('The page has no element.');

const failed = new Promise<never>((_resolve, reject) => {
  element.addEventListener('rerank-error', ({ detail }) => reject(detail.error));
});
// It is thrown by whatever waits.
failed.catch(() => undefined);

async function startElement(page: RerankResults): Promise<number> {
  await import('rerank-results/element');
  page.model = parameters.get('model') ?? page.model;
  page.search = findCandidates;
  await Promise.race([page.loadModel(), failed]);
  return performance.now();
}

let started: Promise<number> | undefined;

const withElement: VisitedPage = {
  start: () => (started ??= startElement(element)),
  async search(query) {
    const completed = new Promise<void>((resolve) => {
      element.addEventListener('rerank-complete', () => resolve(), { once: true });
    });
    element.query = query;
    await Promise.race([completed, failed]);
  },
};

window.visited = parameters.has('baseline') ? baseline : withElement;
// As a site does that wants the model early. With `?wait` it is started from outside.
if (!parameters.has('wait')) await window.visited.start();
