import { describe, expect, it } from 'vitest';
import type { Checked } from '../../demo/your-site/checked.ts';
import {
  explainSearchFailure,
  readEndpoint,
  type EndpointForm,
} from '../../demo/your-site/read-endpoint.ts';
import { EXAMPLE_LIST } from '../../demo/your-site/example-list.ts';
import { MOST_RESULTS, readList } from '../../demo/your-site/read-list.ts';
import { writeSnippet, writeSteps } from '../../demo/your-site/snippet.ts';

const PAGE = 'https://demo.example/rerank/your-site.html';

const form = (parts: Partial<EndpointForm>): EndpointForm => ({
  url: '',
  list: '',
  title: '',
  text: '',
  link: '',
  ...parts,
});

const readProblem = (read: Checked<unknown>): string => ('problem' in read ? read.problem : '');

describe('a pasted list', () => {
  it('is read as JSON, as an answer that holds a list, or line by line', () => {
    expect(readList('[{"title":"A"},"B"]')).toEqual({ value: [{ title: 'A' }, { title: 'B' }] });
    expect(readList('{"took":3,"hits":[{"title":"A"},{"title":"B"}]}')).toEqual({
      value: [{ title: 'A' }, { title: 'B' }],
    });
    expect(readList('First\n\n  [solved] Second  \n')).toEqual({
      value: [{ title: 'First' }, { title: '[solved] Second' }],
    });
    expect(readList('[solved] First\nSecond')).toEqual({
      value: [{ title: '[solved] First' }, { title: 'Second' }],
    });
    expect(readList(EXAMPLE_LIST)).toEqual({ value: JSON.parse(EXAMPLE_LIST) as unknown });
  });

  it('is read to its hundredth result', () => {
    const read = readList(Array.from({ length: 150 }, (_, index) => `line ${index}`).join('\n'));
    expect(read).toHaveProperty('value.length', MOST_RESULTS);
  });

  it.each([
    ['  ', 'nothing to rerank'],
    ['[{"title":"A"},', 'cannot be read as such'],
    ['{"total":0}', 'without a list'],
    ['[{"title":"A"},3]', 'Result 2 is a number'],
    ['["A"]', 'has one result'],
    ['[]', 'has no result'],
  ])('%j is refused with words that help', (pasted, words) => {
    expect(readProblem(readList(pasted))).toContain(words);
  });
});

describe('an address of a search', () => {
  it('is taken relative to the page or absolute, with the paths that were typed', () => {
    expect(readEndpoint(form({ url: ' /api?q={query} ' }), PAGE)).toEqual({
      value: { url: '/api?q={query}' },
    });
    const url = 'https://search.example/{query}?n={candidates}';
    expect(readEndpoint(form({ url, list: 'response.docs', text: ' body ' }), PAGE)).toEqual({
      value: { url, list: 'response.docs', fields: { text: 'body' } },
    });
  });

  it.each([
    ['', 'Name the address'],
    ['https://search.example/', 'write {query}'],
    ['https://:{query}', 'This is no address'],
    ['javascript:alert({query})', 'and not by javascript:'],
  ])('%j is refused with words that help', (url, words) => {
    expect(readProblem(readEndpoint(form({ url }), PAGE))).toContain(words);
  });

  it('that gives no answer is explained by what a browser forbids, and else by what the search said', () => {
    const error = { message: 'could not be reached', details: {} };
    const explain = (url: string, details: object): string =>
      explainSearchFailure({ ...error, details }, { url }, PAGE);
    expect(explain('https://search.example/?q={query}', {})).toContain(
      'Access-Control-Allow-Origin: https://demo.example”',
    );
    expect(explain('http://search.example/?q={query}', {})).toContain('Use its https: address');
    expect(explain('/api?q={query}', {})).toBe(error.message);
    expect(explain('https://search.example/?q={query}', { status: 500 })).toBe(error.message);
  });
});

describe('the HTML for a site', () => {
  const hostile = '</script><img src=x onerror="alert(1)">&';

  it('has every text of a list as text', () => {
    const candidates = [{ id: '1', title: hostile, text: hostile, url: '/a?b="c', document: {} }];
    const html = writeSnippet({
      source: { candidates },
      query: hostile,
      model: undefined,
      hasBundler: true,
    });
    expect(html.match(/<[a-z/][^>]*>/g)).toEqual([
      expect.stringMatching(/^<rerank-results query="[^"<]*">$/),
      '<ol>',
      '<li>',
      '<a href="/a?b=&quot;c">',
      '</a>',
      '</li>',
      '</ol>',
      '</rerank-results>',
      '<script type="module">',
      '</script>',
    ]);
  });

  it('has an address as an attribute, and where paths are needed as options that cannot end the script', () => {
    const setup = { query: '', model: 'gte-small-split', hasBundler: false };
    const simple = writeSnippet({ ...setup, source: { endpoint: { url: '/s?q={query}&n=1' } } });
    expect(simple).toContain('endpoint="/s?q={query}&amp;n=1" model="gte-small-split"');
    expect(simple).toContain('src="/rerank/rerank-results.js"');

    const endpoint = { url: `/s?q={query}${hostile}`, list: 'docs' };
    const script = writeSnippet({ ...setup, source: { endpoint } });
    expect(script.match(/<\/script>/g)).toHaveLength(1);
    const options = /searchEndpoint\((\{.*\})\)/s.exec(script)?.[1] ?? '';
    expect(JSON.parse(options)).toEqual(endpoint);
  });

  it('names what has to be done once', () => {
    const setup = { source: { candidates: [] }, query: '' };
    expect(writeSteps({ ...setup, model: undefined, hasBundler: true })).toContain(
      '“npx rerank-results copy public”',
    );
    expect(writeSteps({ ...setup, model: 'gte-small-split', hasBundler: false })).toContain(
      '“npx rerank-results copy public gte-small-split --standalone”',
    );
  });
});
