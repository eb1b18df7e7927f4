import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reranker } from '../../src/shared/types.ts';
import { openEndpoint } from '../../src/cli/judge/first-stage.ts';
import { serveSession, type JudgeServer } from '../../src/cli/judge/judge-server.ts';
import { JudgeSession } from '../../src/cli/judge/judge-session.ts';
import { JudgedCollection } from '../../src/cli/judge/judged-collection.ts';
import { readQueries } from '../../src/cli/judge/read-queries.ts';
import { openNodeReranker } from '../../src/cli/node-engine.ts';

/** Sections of a small manual, whose texts say different things. */
export const sections = Array.from({ length: 12 }, (_, index) => ({
  id: `section ${index}`,
  title: `Section ${index} <b>& more</b>`,
  text: ['vacuum', 'lock', 'index', 'backup', 'role'].slice(index % 5).join(' and '),
  link: `/manual/${index}`,
}));

/** A site's search that is asked over HTTP: it finds all sections for any query but `nothing`. */
export interface SiteSearch extends AsyncDisposable {
  /** With `{query}` and `{candidates}`. */
  readonly template: string;
  /** Queries that came. */
  readonly asked: string[];
  /** Answers with status 500 while it is true. */
  isBroken: boolean;
}

/** @param search Its results for a query. */
export async function startSiteSearch(
  search: (query: string) => readonly object[] = (query) => (query === 'nothing' ? [] : sections),
): Promise<SiteSearch> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://site.invalid');
    const query = searchParams.get('q') ?? '';
    asked.push(query);
    if (site.isBroken) response.writeHead(500);
    const hits = search(query).slice(0, Number(searchParams.get('n')));
    response.end(JSON.stringify({ hits }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const site: SiteSearch = {
    template: `http://127.0.0.1:${port}/search?q={query}&n={candidates}`,
    asked,
    isBroken: false,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return site;
}

/** The tiny model, in Node. */
export function openTinyReranker(): Promise<Reranker> {
  return openNodeReranker({
    folder: fileURLToPath(new URL('../models/tiny-bert', import.meta.url)),
  });
}

/** A folder that is gone when the test is. */
export function makeFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'rerank-results-judge-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A session as the command opens it: the first 3 of the search and the first 3 of the model. */
export function openSession(
  folder: string,
  queries: string,
  site: SiteSearch,
  reranker: Reranker,
  depth = 3,
): { session: JudgeSession; collection: JudgedCollection } {
  const collection = new JudgedCollection(folder, {
    source: site.template,
    model: reranker.model.id,
    revision: reranker.model.revision,
    depth,
    candidates: 12,
  });
  const session = new JudgeSession({
    queries: readQueries(queries),
    firstStage: openEndpoint(site.template),
    reranker,
    collection,
    depth,
    candidates: 12,
  });
  return { session, collection };
}

/** The page over a session. */
export function serve(session: JudgeSession): Promise<JudgeServer> {
  return serveSession(session);
}
