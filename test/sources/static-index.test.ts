import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { searchStaticIndex } from '../../src/sources/static-index.ts';
import { ANSWER_ID, QUESTION, RECORDS, find } from './corpus.ts';

const BODY = JSON.stringify(RECORDS);

let server: Server;
let url: string;
let requests = 0;
let answer: (response: ServerResponse) => void;

const sendList = (response: ServerResponse): void => {
  response.setHeader('content-encoding', 'gzip');
  response.end(gzipSync(BODY));
};

beforeAll(async () => {
  server = createServer((_request, response) => {
    requests++;
    answer(response);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/index.json`;
});

beforeEach(() => {
  requests = 0;
  answer = sendList;
});

afterAll(() => server.close());

describe('a static index', () => {
  it('answers a question with whole documents, the best first, from one request for all queries', async () => {
    const search = searchStaticIndex(url);
    expect(requests).toBe(0);
    const [results] = await Promise.all([find(search, QUESTION, 5), find(search, 'deadlock')]);
    expect(results).toHaveLength(5);
    expect(results[0]).toMatchObject(RECORDS.find(({ id }) => id === ANSWER_ID) ?? {});
    const scores = results.map(({ score }) => score as number);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    await find(search, 'vacuum');
    expect(requests).toBe(1);
  });

  it('is ready before the first query when it was loaded', async () => {
    const search = searchStaticIndex(url);
    await search.load();
    expect(requests).toBe(1);
    await find(search, QUESTION);
    expect(requests).toBe(1);
  });

  it('finds words while they are typed, and words with a letter wrong', async () => {
    const search = searchStaticIndex(url);
    expect((await find(search, 'explicit dead'))[0]).toMatchObject({ title: 'Deadlocks' });
    expect((await find(search, 'deadlocs'))[0]).toMatchObject({
      title: 'Deadlocks',
    });
    expect(await find(search, ' ')).toEqual([]);
  });

  it('finds words of which two letters are typed', async () => {
    const search = searchStaticIndex(url);
    const results = await find(search, 'va');
    expect(results.length).toBeGreaterThan(0);
    expect(results.map(({ title }) => title)).toContainEqual(expect.stringMatching(/\bva/i));
    // No title has a word that begins so.
    expect(await find(search, 'ju')).not.toEqual([]);
    expect(await find(search, 'v')).toEqual([]);
  });

  it('answers whatever is pasted', { timeout: 10_000 }, async () => {
    const search = searchStaticIndex(url);
    // A table of the square of this length would have 10 GB.
    expect(await find(search, 'a'.repeat(100_000))).toEqual([]);
    expect(await find(search, `vacuum ${'deadlock_'.repeat(50_000)}`)).not.toEqual([]);
    // More than all words of the list: those behind do not count.
    const many = Array.from({ length: 40 }, (_, index) => `zq${index}zq`).join(' ');
    expect(await find(search, `${many} vacuum`)).toEqual([]);
  });

  it('reads a list below a name, with fields of other names', async () => {
    answer = (response) => response.end('{"docs":[{"h":"Disk","b":"it is full"}]}');
    const search = searchStaticIndex(url, { list: 'docs', fields: { title: 'h', text: 'b' } });
    expect(await find(search, 'full')).toMatchObject([{ title: 'Disk', text: 'it is full' }]);
  });

  it('goes on loading when the query that began it is aborted', async () => {
    const search = searchStaticIndex(url);
    const run = new AbortController();
    const pending = find(search, 'vac', 10, run.signal);
    run.abort();
    await expect(pending).rejects.toMatchObject({ code: 'aborted' });
    expect(await find(search, 'vacuum')).not.toEqual([]);
    expect(requests).toBe(1);
  });

  it.each([
    ['is not there', (r: ServerResponse) => r.writeHead(404).end(), /status 404/],
    ['is a page', (r: ServerResponse) => r.end('<!doctype html>'), /JSON/],
    ['is no list', (r: ServerResponse) => r.end('{"title":"x"}'), /without a list/],
    ['has no texts', (r: ServerResponse) => r.end('[{"x":1}]'), /has a text/],
  ])(
    'says so when the list %s, and tries again with the next query',
    async (_, broken, message) => {
      answer = broken;
      const search = searchStaticIndex(url);
      await expect(find(search, QUESTION)).rejects.toMatchObject({
        code: 'source-failed',
        message: expect.stringMatching(message) as string,
      });
      answer = sendList;
      expect(await find(search, QUESTION)).not.toEqual([]);
    },
  );

  it('refuses a list that is too large, by its size after decompression', async () => {
    const search = searchStaticIndex(url, { maxBytes: BODY.length - 1 });
    expect(gzipSync(BODY).length).toBeLessThan(BODY.length / 2);
    await expect(find(search, QUESTION)).rejects.toMatchObject({
      code: 'source-failed',
      message: expect.stringContaining(`more than ${BODY.length - 1} bytes`) as string,
    });
  });

  it('lets the thread go between slices while it makes the index', async () => {
    const many = Array.from({ length: 20 }, (_, copy) =>
      RECORDS.map((record) => ({ ...record, id: `${record.id}/${copy}` })),
    ).flat();
    answer = (response) => response.end(JSON.stringify(many));
    let turns = 0;
    const timer = setInterval(() => turns++);
    await searchStaticIndex(url).load();
    const turnsBefore = turns;
    clearInterval(timer);
    expect(turnsBefore).toBeGreaterThan(10);
  });
});
