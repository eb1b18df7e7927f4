import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { searchEndpoint } from '../../src/sources/endpoint.ts';
import { searchWith } from './search-with.ts';

interface Asked {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

let answer: (response: ServerResponse) => void = () => undefined;
const asked: Asked[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const { url = '', method = '', headers } = request;
    asked.push({ url, method, headers, body });
    answer(response);
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
});

const sendText = (text: string, type = 'application/json', status = 200): void => {
  answer = (response) => response.writeHead(status, { 'content-type': type }).end(text);
};
const send = (body: unknown, status = 200): void => {
  sendText(JSON.stringify(body), 'application/json', status);
};
const url = `${base}/search?q={query}`;

describe('a request', () => {
  it('by POST has the query and the limit in its body, the limit alone as a number', async () => {
    send([]);
    const search = searchEndpoint({
      url: `${base}/api`,
      headers: { 'x-site': 'docs' },
      body: {
        query: { text: 'title:{query}', in: ['{query}', 1, null] },
        size: '{candidates}',
        note: 'at most {candidates}',
      },
    });
    await searchWith(search, { text: 'a "b" {candidates} $&', limit: 7 });
    expect(asked).toMatchObject([
      {
        url: '/api',
        method: 'POST',
        headers: { 'x-site': 'docs', 'content-type': 'application/json' },
      },
    ]);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      query: { text: 'title:a "b" {candidates} $&', in: ['a "b" {candidates} $&', 1, null] },
      size: 7,
      note: 'at most 7',
    });
  });

  it('with half an emoji is sent all the same', async () => {
    send([]);
    const body = { q: '{query}' };
    await searchWith(searchEndpoint({ url, body }), { text: 'disk \ud83d' });
    expect(asked).toMatchObject([
      { url: '/search?q=disk%20%EF%BF%BD', body: '{"q":"disk \ufffd"}' },
    ]);
  });

  it('by GET has no body', async () => {
    send([]);
    await searchWith(searchEndpoint(url), { text: 'a&b {candidates}' });
    expect(asked).toMatchObject([
      { url: '/search?q=a%26b%20%7Bcandidates%7D', method: 'GET', body: '' },
    ]);
  });

  it('ends with the signal, whose reason is what the search throws', async () => {
    const controller = new AbortController();
    answer = () => {
      controller.abort(new Error('typed on'));
    };
    const found = searchWith(searchEndpoint(url), { signal: controller.signal });
    await expect(found).rejects.toThrow('typed on');
  });
});

describe('fields', () => {
  const docs = [
    { key: 3, head: { line: ['Two', 'words'] }, body: { en: 'Text.' }, slug: 'a b/c?', rank: 2.5 },
    { key: 4, headline: 'Next', body: { en: null }, 'slug.old': 'x', rank: 'high' },
  ];
  const fields = {
    id: 'key',
    title: ['head.line', 'headline'],
    text: 'body.en',
    url: ['/docs/{slug}', '/old/{slug.old}#{key}'],
    score: 'rank',
  };

  it('are read from nested paths, lists, templates, and the first path that is there', async () => {
    send({ response: { docs } });
    const search = searchEndpoint({ url, list: 'response.docs', fields });
    expect(await searchWith(search)).toMatchObject([
      { id: '3', title: 'Two words', text: 'Text.', url: '/docs/a%20b/c%3F', score: 2.5 },
      { id: '4', title: 'Next', text: '', url: '/old/x#4' },
    ]);
  });

  it.each([
    ['/{slug}', '/evil.example/x', '/evil.example/x'],
    ['/{slug}', '//evil.example/x', '/evil.example/x'],
    ['{slug}#{key}', '//evil.example/x', '/evil.example/x#3'],
    ['{slug}', '/guide/', '/guide/'],
    ['https://docs.example{slug}', '/guide', 'https://docs.example/guide'],
    ['/docs/{slug}', '../../admin', '/docs/admin'],
    ['/docs/{slug}', './a//b/', '/docs/a/b/'],
    ['/docs/{slug}', 'a\ud800', '/docs/a%EF%BF%BD'],
    ['/{slug}/{key}', '..', undefined],
  ])(
    'in the template %s cannot lead up or to another site: %o',
    async (template, slug, expected) => {
      send([
        { key: 3, slug, title: 'x' },
        { key: 3, slug: 'y', title: 'y' },
      ]);
      const [candidate] = await searchWith(searchEndpoint({ url, fields: { url: template } }));
      expect(candidate?.url).toBe(expected);
    },
  );

  it('that no result has are told with the names that are there', async () => {
    send({ results: docs });
    const search = searchEndpoint({ url, fields: { title: 'titel', text: 'body.de' } });
    await expect(searchWith(search)).rejects.toMatchObject({
      code: 'source-failed',
      message: expect.stringMatching(/titel, body\.de.*key, head\.line, body\.en, slug/) as string,
    });
  });

  it('without a mapping are told too, where no usual name is there', async () => {
    send({ results: [{ titel: 'x', meta: { lang: 'en' } }] });
    await expect(searchWith(searchEndpoint(url))).rejects.toThrow(
      'The first has: titel, meta.lang',
    );
  });

  it('are never read from a prototype', async () => {
    sendText(
      '[{"__proto__": {"title": "forged", "polluted": true}, "constructor": {"name": "x"}, "text": "real"}]',
    );
    const inherited = { title: 'toString.name', text: ['__proto__.constructor.name', 'text'] };
    const search = searchEndpoint({ url, fields: { ...inherited, id: 'constructor.name' } });
    const [candidate] = await searchWith(search);
    expect(candidate).toMatchObject({ id: 'x', title: '', text: 'real' });
    expect(Object.getPrototypeOf(candidate?.document)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('a bad answer', () => {
  it('of null titles, repeated ids and hostile markup leaves plain texts and ids of their own', async () => {
    send([
      { id: 1, title: null, text: '<img src=x onerror=alert(1)>', url: 'javascript:alert(1)' },
      { id: 1, title: { html: '<b>x</b>' }, text: 'second' },
      null,
      7,
      { id: 1, title: [], text: 'third', score: 'NaN' },
    ]);
    const candidates = await searchWith(searchEndpoint(url));
    expect(candidates.map(({ title, text }) => [title, text])).toEqual([
      ['', '<img src=x onerror=alert(1)>'],
      ['', 'second'],
      ['', 'third'],
    ]);
    expect(new Set(candidates.map(({ id }) => id)).size).toBe(3);
    expect(candidates[0]).not.toHaveProperty('url');
  });

  it.each([
    [
      'the status 500',
      () => {
        send({ results: [] }, 500);
      },
      'HTTP status 500',
      500,
    ],
    [
      'HTML',
      () => {
        sendText('<!doctype html>', 'text/html; charset=utf-8');
      },
      'did not answer with JSON, but with text/html',
      200,
    ],
    [
      'half a JSON',
      () => {
        sendText('[{"title":');
      },
      'did not answer with JSON',
      200,
    ],
    [
      'nothing',
      () => {
        sendText('');
      },
      'did not answer with JSON',
      200,
    ],
    [
      'an object without a list',
      () => {
        send({ hits: { hits: {} }, took: 3 });
      },
      'without a list named results, hits, items, documents, data; it has hits.hits, took',
      200,
    ],
  ])('of %s is told with its address and status', async (_, prepare, message, status) => {
    prepare();
    await expect(searchWith(searchEndpoint(url), { text: 'x' })).rejects.toMatchObject({
      code: 'source-failed',
      message: expect.stringContaining(message) as string,
      details: { url: `${base}/search?q=x`, status },
    });
  });

  it('that has no list at the given path is told with what it has', async () => {
    send({ results: [], hits: { total: 3 } });
    const search = searchEndpoint({ url, list: 'hits.hits' });
    await expect(searchWith(search)).rejects.toThrow(
      'without a list at hits.hits; it has results, hits.total',
    );
  });

  it('without an end is left where it is too large', async () => {
    let isClosed: () => void;
    const closed = new Promise<void>((resolve) => (isClosed = resolve));
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.on('close', () => {
        isClosed();
      });
      const more = (): void => {
        while (!response.destroyed && response.write('[1,2,3,4,5,6,7,8],'.repeat(1000)));
      };
      response.on('drain', more);
      more();
    };
    const search = searchEndpoint({ url, maxBytes: 100_000 });
    await expect(searchWith(search)).rejects.toMatchObject({
      code: 'source-failed',
      message: expect.stringContaining('more than 100000 bytes') as string,
      details: { status: 200 },
    });
    await closed;
  });

  it('that begins and never ends is left after the time limit', async () => {
    answer = (response) => response.writeHead(200).write('[');
    const search = searchEndpoint({ url, timeoutMs: 50 });
    await expect(searchWith(search)).rejects.toMatchObject({
      code: 'source-failed',
      message: expect.stringContaining('within 50 ms') as string,
    });
  });

  it('of no server at all is told', async () => {
    await expect(searchWith(searchEndpoint('http://127.0.0.1:1/{query}'))).rejects.toMatchObject({
      code: 'source-failed',
      message: expect.stringContaining('could not be reached') as string,
    });
  });
});

it.each([{ timeoutMs: 0 }, { maxBytes: Number.NaN }])('%o is refused', (wrong) => {
  expect(() => searchEndpoint({ url, ...wrong })).toThrow('must be a positive number');
});
