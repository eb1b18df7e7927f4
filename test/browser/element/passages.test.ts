import { afterEach, describe, expect, it } from 'vitest';
import type { RerankResults } from 'rerank-results/element';
import {
  addElement,
  expectStatus,
  expectTitles,
  findLinks,
  found,
  nextEvent,
  query as tinyQuery,
  readTitles,
  rerankedOrder,
  searchOrder,
} from './stage.ts';

const filler = (count: number): string =>
  Array.from(
    { length: count },
    (_, index) => `The committee of part ${index} met and agreed on nothing new.`,
  ).join(' ');
const answer =
  'When the disk is full, the server stops accepting writes - until space, say 1 GB, is freed & kept free.';
const query = 'what happens when the disk is full';
const pages = [
  { title: 'Disks', url: '/disks', text: 'A disk has sectors and a controller.' },
  { title: 'Minutes', url: '/minutes#may', text: `${filler(40)} ${answer} ${filler(40)}` },
];

afterEach(() => document.body.replaceChildren());

const find = (element: RerankResults, selector: string): Element | null =>
  element.renderRoot.querySelector(selector);

describe('an element that reads long documents by their best passages', () => {
  it('shows the passage with its best sentence marked, and links to that sentence', async () => {
    const element = addElement({
      model: 'minilm-l6-split',
      modelBase: '/models/',
      fields: 'title,text',
      longDocuments: 'best-passage',
      search: () => pages,
      priorWeight: 0,
    });
    const completed = nextEvent(element, 'rerank-complete');
    element.query = query;
    const { results } = (await completed).detail;
    const minutes = results.find(({ originalRank }) => originalRank === 2);
    expect(minutes?.scored && minutes.passage?.text).toContain(answer);
    await element.updateComplete;

    const item = [...element.renderRoot.querySelectorAll('[part="item"]')].find((each) =>
      each.textContent.includes('Minutes'),
    );
    expect(item?.querySelector('[part="sentence"]')?.textContent).toBe(answer);
    expect(item?.querySelector('[part="text"]')?.textContent).toMatch(
      /^… .*nothing new\. When the disk/,
    );
    const link = item?.querySelector('a')?.getAttribute('href') ?? '';
    expect(link.startsWith('/minutes#may:~:text=')).toBe(true);
    const [start, end] = link.split(':~:text=')[1]?.split(',').map(decodeURIComponent) ?? [];
    expect(answer.startsWith(start ?? 'nothing')).toBe(true);
    expect(answer.endsWith(end ?? 'nothing')).toBe(true);
    // A dash would part the text from what stands before or after it.
    expect(link).not.toMatch(/text=.*[-&]/);
  });

  it('leaves a result alone whose only text is its title', async () => {
    const element = addElement({
      search: () => [{ title: 'what happens when the disk is full', url: '/a' }, ...pages],
      longDocuments: 'best-passage',
      fields: 'title,text',
    });
    const completed = nextEvent(element, 'rerank-complete');
    element.query = query;
    await completed;
    await element.updateComplete;
    const link = findLinks(element).find((each) => each.textContent.startsWith('what happens'));
    expect(link?.getAttribute('href')).toBe('/a');
    expect(link?.parentElement?.querySelector('[part="text"]')?.textContent).toBe('');
  });

  it('leaves excerpts and links alone where it reads the beginning', async () => {
    const element = addElement({ search: () => pages, query });
    await nextEvent(element, 'rerank-complete');
    await element.updateComplete;
    expect(find(element, '[part="sentence"]')).toBeNull();
    const links = findLinks(element).map((link) => link.getAttribute('href'));
    expect(links.toSorted()).toEqual(['/disks', '/minutes#may']);
  });
});

describe('results that are not listed at first', () => {
  it('are those below min-score; a button shows them', async () => {
    const element = addElement({ search: () => found, priorWeight: 0 });
    element.query = tinyQuery;
    await expectTitles(element, rerankedOrder);
    // The tiny model's scores: sigmoid of 1.17, 0.99 and 0.85.
    element.minScore = 0.715;
    await expectTitles(element, rerankedOrder.slice(0, 2));
    await expectStatus(element, /2 of 3/);
    const button = find(element, '[part="show-all"]') as HTMLElement;
    button.click();
    await expectTitles(element, rerankedOrder);
    const focused = element.shadowRoot?.activeElement;
    expect(focused?.textContent).toContain(rerankedOrder[2]);
  });

  it('are none where no result reaches min-score', async () => {
    const element = addElement({ search: () => found, priorWeight: 0, minScore: 0.9 });
    element.query = tinyQuery;
    await expectTitles(element, rerankedOrder);
  });

  it('are none that the model cannot judge: it does not know their language', async () => {
    const german = {
      title: 'Deutsch',
      url: '/de',
      text: 'Wenn die Platte voll ist, dann hält der Server an und nimmt keine neuen Daten mehr an, bis es wieder Platz gibt.',
    };
    const english = { title: 'English', url: '/en', text: answer };
    const element = addElement({
      model: 'minilm-l6-split',
      modelBase: '/models/',
      search: () => [german, english],
      minScore: 0.3,
    });
    const completed = nextEvent(element, 'rerank-complete');
    element.query = query;
    await completed;
    await expectTitles(element, ['Deutsch', 'English']);
  });

  it('stay while the reader is at one of them', async () => {
    let goOn = (): void => undefined;
    const mayRerank = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const element = addElement({
      search: () => found,
      priorWeight: 1,
      minScore: 0.1,
      reranker: {
        rerank: async (request: { readonly documents: readonly object[] }) => {
          await mayRerank;
          const results = request.documents.map((document, index) => ({
            ...{ index, rank: index + 1, originalRank: index + 1, document, scored: true },
            ...{ relevanceScore: index === 2 ? 0.01 : 0.9, logit: 0, share: 0.3 },
            ...{ truncated: false, unknownLanguage: false },
          }));
          return { complete: true, results };
        },
      } as unknown as NonNullable<RerankResults['reranker']>,
    });
    element.query = tinyQuery;
    await expectTitles(element, searchOrder);
    const last = findLinks(element)[2];
    last?.focus();
    const completed = nextEvent(element, 'rerank-complete');
    goOn();
    await completed;
    await expectStatus(element, /A better order is ready/);
    expect(readTitles(element)).toEqual(searchOrder);
    expect(element.shadowRoot?.activeElement).toBe(last);
    last?.blur();
    await expectTitles(element, searchOrder.slice(0, 2));
  });

  it('are the others of a page, and copies, with merge-similar', async () => {
    const [first, second, third] = found;
    const text = 'Turn on the log to write every statement that runs longer than the given time.';
    const results = [
      { title: 'A', url: '/one#a', text: first?.text },
      { title: 'B', url: '/one#b', text: second?.text },
      { title: 'C', url: '/two', text },
      { title: 'C', url: '/three', text },
      { title: 'D', url: '/four', text: third?.text },
    ];
    const element = addElement({
      search: () => results,
      query: tinyQuery,
      mergeSimilar: true,
      priorWeight: 1,
    });
    await nextEvent(element, 'rerank-complete');
    await expectTitles(element, ['A', 'C', 'D']);
    (find(element, '[part="show-all"]') as HTMLElement).click();
    await element.updateComplete;
    expect(readTitles(element)).toEqual(['A', 'B', 'C', 'C', 'D']);
  });
});
