import { appendFileSync, readFileSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseBeirQrels, parseBeirRecords } from '../../src/evaluate/beir.ts';
import { evaluateReranker } from '../../src/evaluate/run-eval.ts';
import { parseRun } from '../../src/evaluate/trec.ts';
import { DEFAULT_PRIOR_WEIGHT } from '../../src/shared/defaults.ts';
import type { Reranker } from '../../src/shared/types.ts';
import { openCollection } from '../../src/cli/judge/first-stage.ts';
import { poolDocuments } from '../../src/cli/judge/pool.ts';
import { readQueries } from '../../src/cli/judge/read-queries.ts';
import {
  makeFolder,
  openSession,
  openTinyReranker,
  sections,
  serve,
  startSiteSearch,
  type SiteSearch,
} from './judge-stage.ts';

let reranker: Reranker;
let site: SiteSearch;
beforeAll(async () => {
  reranker = await openTinyReranker();
  site = await startSiteSearch();
});
afterAll(async () => {
  await reranker.dispose();
  await site[Symbol.asyncDispose]();
});
beforeEach(() => {
  site.isBroken = false;
  site.asked.length = 0;
});

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

describe('readQueries', () => {
  it('takes one query a line, each once, with an id that a line more does not change', () => {
    const queries = readQueries('disk full\r\n\n  slow   query \ndisk full\n');
    expect(queries.map(({ text }) => text)).toEqual(['disk full', 'slow query']);
    expect(readQueries('new\nslow query')[1]).toEqual(queries[1]);
  });

  it('takes JSON lines with and without ids, and ids that a collection has for a text', () => {
    const text = '{"_id":"a b","text":"one"}\n{"text":"two"}\n{"text":"three"}';
    const [one, two, three] = readQueries(text, new Map([['two', 'Q2']]));
    expect([one?.id, two?.id]).toEqual(['a%20b', 'Q2']);
    expect(three?.id).toMatch(/^q-[0-9a-f]{10}$/);
  });

  it.each([
    ['\n \n', /no queries/],
    ['{"_id":"a","text":"one"}\n{"_id":"a","text":"two"}', /id a stands for "one" and for "two"/],
    ['{"_id":"a","text":"one"}\nplain', /Line 2/],
  ])('refuses %j', (text, message) => {
    expect(() => readQueries(text)).toThrow(message);
  });
});

describe('poolDocuments', () => {
  it('takes the top of both orders, and favours none', () => {
    const search = ['a', 'b', 'c', 'd'];
    const model = ['d', 'a', 'e', 'b'];
    const pool = poolDocuments('q', [search, model], 2);
    expect(pool.toSorted()).toEqual(['a', 'b', 'd']);
    expect(poolDocuments('q', [model, search], 2)).toEqual(pool);
  });

  it('orders them by chance, the same each time, and otherwise for another query', () => {
    const ids = Array.from({ length: 20 }, (_, index) => `d${index}`);
    const pool = poolDocuments('q', [ids], 20);
    expect(pool).not.toEqual(ids);
    expect(poolDocuments('q', [ids], 20)).toEqual(pool);
    expect(poolDocuments('other', [ids], 20)).not.toEqual(pool);
  });
});

describe('a judging session', () => {
  it('shows neither scores nor ranks, and reads titles, texts and links as the element does', async () => {
    using folder = makeFolder();
    const { session } = openSession(folder.path, 'lock', site, reranker);
    const [document] = await session.listDocuments(0);
    expect(Object.keys(document ?? {}).toSorted()).toEqual(['grade', 'id', 'text', 'title', 'url']);
    expect(document?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/manual\/\d+$/);
    // The id's space would split a line of a run.
    expect(document?.id).toMatch(/^section%20\d+$/);
  });

  it('has the first of the search, of the model, and of the element’s order', async () => {
    using folder = makeFolder();
    const { session } = openSession(folder.path, 'lock', site, reranker);
    const shown = (await session.listDocuments(0)).map(({ title }) => title);
    const topOf = async (weight: number): Promise<string[]> => {
      const blend = { prior: 'rank', weight } as const;
      const request = { query: 'lock', documents: sections, blend, topN: 3 };
      const { results } = await reranker.rerank(request);
      return results.map(({ document }) => document.title);
    };
    const [model, search, element] = await Promise.all([0, 1, DEFAULT_PRIOR_WEIGHT].map(topOf));
    expect(shown.toSorted()).toEqual(
      [...new Set([...(model ?? []), ...(search ?? []), ...(element ?? [])])].toSorted(),
    );
    const alone = new Set([...(model ?? []), ...(search ?? [])]);
    expect(element?.some((title) => !alone.has(title))).toBe(true);
  });

  it('makes a folder that the evaluation reads as it is', async () => {
    using folder = makeFolder();
    const { session } = openSession(folder.path, 'lock\nnothing\nrole', site, reranker);
    await session.prepareAll(() => undefined);
    const [lock, , role] = session.listQueries();
    for (const [index, query] of [[0, lock] as const, [2, role] as const]) {
      for (const [place, { id }] of (await session.listDocuments(index)).entries()) {
        session.setGrade(query?.id ?? '', id, place % 4);
      }
    }
    const [run, ...others] = readdirSync(join(folder.path, 'runs'));
    expect(others).toEqual([]);
    const corpus = parseBeirRecords(read(folder.path, 'corpus.jsonl'));
    const evaluation = await evaluateReranker({
      reranker,
      queries: new Map(
        parseBeirRecords(read(folder.path, 'queries.jsonl')).map(({ id, text }) => [id, text]),
      ),
      readDocument: (id) => corpus.find((document) => document.id === id),
      run: parseRun(read(folder.path, 'runs', run ?? '')),
      qrels: parseBeirQrels(read(folder.path, 'qrels', 'test.tsv')),
    });
    expect(evaluation.queries.map(({ pairs }) => pairs)).toEqual([12, 12]);
    expect(evaluation.means.oracle.ndcg).toBe(1);
  });

  it('goes on after a crash with every grade, the same documents, and no search twice', async () => {
    using folder = makeFolder();
    const before = openSession(folder.path, 'lock\nrole', site, reranker);
    await before.session.prepareAll(() => undefined);
    const documents = await before.session.listDocuments(0);
    const [query] = before.session.listQueries();
    const [first, second, third] = documents.map(({ id }) => id);
    before.session.setGrade(query?.id ?? '', first ?? '', 2);
    before.session.setGrade(query?.id ?? '', second ?? '', 1);
    before.session.setGrade(query?.id ?? '', third ?? '', 3);
    before.session.setGrade(query?.id ?? '', second ?? '', null);
    // What a process leaves that dies in the middle of a line.
    for (const file of ['judge-grades.jsonl', 'judge-pools.jsonl', 'corpus.jsonl']) {
      appendFileSync(join(folder.path, file), '{"query":"q-');
    }
    appendFileSync(join(folder.path, 'queries.jsonl'), '{"_id":"half","text":"a pool"}\n');

    const { session } = openSession(folder.path, 'role\nlock\nindex', site, reranker);
    const [, lock] = session.listQueries();
    expect(lock).toMatchObject({ text: 'lock', graded: 2, documents: documents.length });
    const again = await session.listDocuments(1);
    expect(again.map(({ id }) => id)).toEqual(documents.map(({ id }) => id));
    expect(again.slice(0, 3).map(({ grade }) => grade)).toEqual([2, null, 3]);
    expect(site.asked).toEqual(['lock', 'role']);
    expect(read(folder.path, 'qrels', 'test.tsv').trim().split('\n')).toHaveLength(3);
    expect(parseBeirRecords(read(folder.path, 'queries.jsonl'))).toHaveLength(2);
    expect(parseBeirRecords(read(folder.path, 'corpus.jsonl'))).toHaveLength(12);
  });

  it('does not mix pools of two kinds in one folder, nor touch another collection', () => {
    using folder = makeFolder();
    openSession(folder.path, 'lock', site, reranker);
    expect(() => openSession(folder.path, 'lock', site, reranker, 5)).toThrow(
      /begun with depth 3, not 5/,
    );
    using other = makeFolder();
    appendFileSync(join(other.path, 'corpus.jsonl'), '{"_id":"1","text":"mine"}\n');
    expect(() => openSession(other.path, 'lock', site, reranker)).toThrow(/did not make/);
    expect(read(other.path, 'corpus.jsonl')).toBe('{"_id":"1","text":"mine"}\n');
  });

  it('says that a search failed, and asks again when the page does', async () => {
    using folder = makeFolder();
    const { session } = openSession(folder.path, 'lock', site, reranker);
    site.isBroken = true;
    const problems: (string | undefined)[] = [];
    await session.prepareAll((_query, _done, problem) => problems.push(problem));
    expect(problems).toEqual([expect.stringContaining('HTTP status 500')]);
    await expect(session.listDocuments(0)).rejects.toMatchObject({ code: 'source-failed' });
    site.isBroken = false;
    expect((await session.listDocuments(0)).length).toBeGreaterThan(2);
  });

  it('judges a collection by its run', async () => {
    using made = makeFolder();
    const { session } = openSession(made.path, 'lock', site, reranker);
    await session.prepareAll(() => undefined);
    const stage = await openCollection(made.path);
    const [query] = readQueries('lock', stage.queryIds);
    const found = await stage.find(query ?? { id: '', text: '' }, 4);
    expect(found.documents.map(({ id }) => id)).toEqual(
      [0, 1, 2, 3].map((place) => `section%20${place}`),
    );
    await expect(stage.find({ id: 'x', text: 'unknown' }, 4)).rejects.toMatchObject({
      code: 'source-failed',
    });
  });
});

describe('the page’s server', () => {
  /** The status of a request with any headers, which `fetch` would not send. */
  function ask(
    url: string,
    headers: Record<string, string> = {},
    body?: string,
  ): Promise<{ status: number; policy: string }> {
    return new Promise((resolve, reject) => {
      const method = body === undefined ? 'GET' : 'POST';
      const sent = request(url, { method, headers, agent: false }, (response) => {
        response.resume().on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            policy: String(response.headers['content-security-policy']),
          }),
        );
      });
      sent.on('error', reject).end(body);
    });
  }

  it('answers its own page only, whoever else asks', async () => {
    using folder = makeFolder();
    const { session, collection } = openSession(folder.path, 'lock', site, reranker);
    const [document] = await session.listDocuments(0);
    const [query] = session.listQueries();
    await using server = await serve(session);
    const { url } = server;
    const { origin, host } = new URL(url);
    const status = async (...parameters: Parameters<typeof ask>): Promise<number> =>
      (await ask(...parameters)).status;
    const grade = JSON.stringify({ query: query?.id, document: document?.id, grade: 3 });
    const grades = `${url}api/grades`;
    const json = { 'content-type': 'application/json' };

    expect(await ask(url)).toEqual({
      status: 200,
      policy: expect.stringMatching(/^default-src 'none'; script-src 'self';/) as string,
    });
    // No token, a wrong one, and a name that another site had resolved to this address.
    expect(await status(`${origin}/`)).toBe(404);
    expect(await status(`${origin}/${'0'.repeat(32)}/api/queries`)).toBe(404);
    expect(await status(url, { host: `evil.example:${new URL(url).port}` })).toBe(403);
    expect(await status(url, { origin: 'https://evil.example' })).toBe(403);
    expect(await status(url, { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await status(`${url}__proto__`)).toBe(404);

    const evil = { ...json, origin: 'https://evil.example' };
    expect(await status(grades, evil, grade)).toBe(403);
    expect(await status(grades, { ...json, origin: 'null' }, grade)).toBe(403);
    expect(await status(grades, json, grade)).toBe(403);
    expect(await status(grades, { origin, 'content-type': 'text/plain' }, grade)).toBe(403);
    expect(collection.countGrades(query?.id ?? '')).toBe(0);

    const own = { ...json, origin, host };
    expect(await status(grades, own, grade.replace(':3', ':4'))).toBe(400);
    expect(await status(grades, own, grade.replace('section', 'sect'))).toBe(400);
    expect(await status(grades, own, 'no json')).toBe(400);
    expect(await status(grades, own, JSON.stringify({ text: 'x'.repeat(20_000) }))).toBe(400);
    expect(collection.countGrades(query?.id ?? '')).toBe(0);
    expect(await status(grades, own, grade)).toBe(200);
    expect(collection.grade(query?.id ?? '', document?.id ?? '')).toBe(3);
  });
});
