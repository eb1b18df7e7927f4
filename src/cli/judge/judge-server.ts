import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RerankError, describeError } from '../../shared/errors.ts';
import type { JudgeSession } from './judge-session.ts';
import pageStyle from './page.css?raw';
import pageHtml from './page.html?raw';
import pageScript from './page.js?raw';

/** A page for judging that is being served. */
export interface JudgeServer extends AsyncDisposable {
  /** With the token that only the person at this machine is told. */
  readonly url: string;
}

/** More than any grade needs. */
const MOST_BODY_BYTES = 10_000;

/** Sent with every answer: the page runs its own two files and talks to this server, nothing else. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // A link to a document must not tell its site the token.
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

const files: ReadonlyMap<string, { readonly type: string; readonly text: string }> = new Map([
  ['', { type: 'text/html; charset=utf-8', text: pageHtml }],
  ['page.css', { type: 'text/css; charset=utf-8', text: pageStyle }],
  ['page.js', { type: 'text/javascript; charset=utf-8', text: pageScript }],
]);

/**
 * Serves a session on this machine's loopback address. Another site that is open in the same browser can
 * neither read nor grade: it does not know the token in the path, its name resolved to this address is
 * refused by the Host header, and its requests by the Origin header.
 *
 * @param port 0: any that is free.
 */
export async function serveSession(session: JudgeSession, port = 0): Promise<JudgeServer> {
  const token = randomBytes(16).toString('hex');
  let hosts: readonly string[] = [];
  const server = createServer((request, response) => {
    answer(request, { session, token, hosts })
      .catch((error: unknown) => {
        const isWrong = error instanceof RerankError && error.code === 'invalid-input';
        return toJson(isWrong ? 400 : 500, { error: describeError(error) });
      })
      .then((given) => send(response, given))
      // The page went away before its answer.
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: chosen } = server.address() as AddressInfo;
  hosts = [`127.0.0.1:${chosen}`, `localhost:${chosen}`];
  return {
    url: `http://127.0.0.1:${chosen}/${token}/`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Served {
  readonly session: JudgeSession;
  readonly token: string;
  readonly hosts: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

async function answer(
  request: IncomingMessage,
  { session, token, hosts }: Served,
): Promise<Answer> {
  const { method = '', headers: sent } = request;
  const origins = hosts.map((host) => `http://${host}`);
  const site = sent['sec-fetch-site'];
  const isForeign =
    !hosts.includes(sent.host ?? '') ||
    (sent.origin !== undefined && !origins.includes(sent.origin)) ||
    // Browsers say who asks; an address that a person typed or opened is `none`.
    (site !== undefined && site !== 'same-origin' && site !== 'none');
  if (isForeign) return toJson(403, { error: 'This request comes from another site.' });

  const [, given, ...rest] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
  const path = rest.join('/');
  if (given !== token) return toJson(404, { error: 'Open the address that the command printed.' });

  const file = files.get(path);
  if (method === 'GET' && file) return { status: 200, ...file };
  if (method === 'GET' && path === 'api/queries') {
    return toJson(200, { queries: session.listQueries() });
  }
  const [, index] = /^api\/queries\/(\d+)$/.exec(path) ?? [];
  if (method === 'GET' && index !== undefined) {
    return toJson(200, { documents: await session.listDocuments(Number(index)) });
  }
  if (method === 'POST' && path === 'api/grades') {
    // A page of another site cannot send this type without asking first, and is not answered.
    const isOurs =
      sent.origin !== undefined && sent['content-type']?.split(';')[0] === 'application/json';
    if (!isOurs) return toJson(403, { error: 'This request is not the page’s own.' });
    const { query, document, grade } = await readGrade(request);
    session.setGrade(query, document, grade);
    return toJson(200, { queries: session.listQueries() });
  }
  return toJson(404, { error: 'There is nothing here.' });
}

async function readGrade(
  request: IncomingMessage,
): Promise<{ query: string; document: string; grade: number | null }> {
  const body = await readBody(request);
  const wrong = new RerankError('invalid-input', 'The body must be a query, a document, a grade.');
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw wrong;
  }
  if (typeof value !== 'object' || value === null) throw wrong;
  const { query, document, grade } = value as Record<string, unknown>;
  const isGrade = grade === null || typeof grade === 'number';
  if (typeof query !== 'string' || typeof document !== 'string' || !isGrade) throw wrong;
  return { query, document, grade };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_BODY_BYTES) {
      throw new RerankError('invalid-input', `The body has more than ${MOST_BODY_BYTES} bytes.`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function toJson(status: number, value: object): Answer {
  return { status, type: 'application/json; charset=utf-8', text: JSON.stringify(value) };
}

function send(response: ServerResponse, { status, type, text }: Answer): void {
  response.writeHead(status, { ...headers, 'content-type': type }).end(text);
}
