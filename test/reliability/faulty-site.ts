import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { found, query } from '../golden-search.ts';
import { startStaticServer, type StaticServer } from '../package/static-server.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const folders = {
  '/package/': path('../../dist'),
  '/models/': path('../models'),
  '/shipped-models/': path('../../public/models'),
  // A second copy of the library, as another part of a page may bring it.
  '/other-package/': path('../../dist'),
};

/** Answers a request wrongly. `body` is what a sound server would send; empty where there is no such file. */
export type Fault = (response: ServerResponse, body: Buffer) => void;

export const notFound: Fault = (response) => {
  response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
};

/** A server that answers everything with the page of a single-page application. */
export const asHtml: Fault = (response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>App</title>');
};

/** The connection ends after a share of the body. */
export function cutOff(share: number): Fault {
  return (response, body) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, Math.floor(body.length * share)), () => response.destroy());
  };
}

/** The connection stays open after a share of the body, and nothing more comes. */
export function stall(share: number): Fault {
  return (response, body) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, Math.floor(body.length * share)));
  };
}

/** The connections stay open after a share of the body, until the test lets the rest come. */
export function hold(share: number): {
  readonly fault: Fault;
  /** Whether somebody waits, or did. */
  readonly isAsked: () => boolean;
  readonly release: () => void;
} {
  let isAsked = false;
  let release = (): void => undefined;
  // Once for all: a model has several files, which are asked for one by one.
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    isAsked: () => isAsked,
    release: () => release(),
    fault(response, body) {
      isAsked = true;
      const middle = Math.floor(body.length * share);
      response.writeHead(200, { 'content-length': body.length });
      response.write(body.subarray(0, middle));
      void released.then(() => response.end(body.subarray(middle)));
    },
  };
}

/** The body with one byte changed. */
export const garbled: Fault = (response, body) => {
  const changed = Buffer.from(body);
  changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
  response.writeHead(200).end(changed);
};

export function redirected(to: string): Fault {
  return (response) => response.writeHead(302, { location: to }).end();
}

/** A body of the test's own. */
export function answered(body: string | Buffer, headers: Record<string, string> = {}): Fault {
  return (response) => response.writeHead(200, headers).end(body);
}

export interface FaultySite extends StaticServer, AsyncDisposable {
  /** From now on, requests whose path and query fit are answered wrongly. */
  break(pattern: RegExp, fault: Fault): void;
  /** From now on, everything is answered as it should be. */
  mend(): void;
}

export interface FaultySiteOptions {
  /** What the page's script does after the library was imported. Default: one element with the tiny model. */
  readonly script?: string;
  readonly headers?: (path: string) => Readonly<Record<string, string>>;
  /** A Content-Security-Policy, sent with every answer. */
  readonly policy?: string;
}

/** The settings of an element with the tiny model, which reads texts and not titles, as the golden numbers do. */
export const tinyModel = {
  model: 'tiny-split',
  modelBase: '/models/',
  device: 'wasm',
  fields: 'text',
};

/** Requests for the tiny model's greatest file. */
export const WEIGHTS = /\/onnx\/model_quantized\.onnx_data\.deflate\?/;

/** A script that puts an element on the page, whose search finds the golden candidates. */
export function addElementScript(settings: object = {}): string {
  return `
const element = document.createElement('rerank-results');
Object.assign(element, ${JSON.stringify({ ...tinyModel, query, ...settings })});
element.search = () => ${JSON.stringify(found)};
document.body.append(element);`;
}

/** A site with one page at \`/\` that uses the package as it was built, and whose server a test can break. */
export async function startFaultySite({
  script = addElementScript(),
  ...options
}: FaultySiteOptions = {}): Promise<FaultySite> {
  const faults: { readonly pattern: RegExp; readonly fault: Fault }[] = [];
  const own: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/': ['text/html', page],
    '/elsewhere': ['text/html', '<!doctype html><html lang="en"><title>Elsewhere</title></html>'],
    '/favicon.ico': ['image/x-icon', ''],
    '/record.js': ['text/javascript', `(${record.toString()})();`],
    '/main.js': [
      'text/javascript',
      `import * as library from '/package/rerank-results.js';\nwindow.library = library;${script}`,
    ],
  };
  const server = await startStaticServer({
    ...options,
    folders,
    answer({ url = '/' }, response) {
      const { pathname } = new URL(url, 'http://localhost');
      const broken = faults.findLast(({ pattern }) => pattern.test(url));
      if (broken) {
        broken.fault(response, readSound(pathname));
        return true;
      }
      const [type, body] = own[pathname] ?? [];
      if (type === undefined) return false;
      response.writeHead(200, { 'content-type': type }).end(body);
      return true;
    },
  });
  return {
    ...server,
    break: (pattern, fault) => void faults.push({ pattern, fault }),
    mend: () => void faults.splice(0),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

function readSound(pathname: string): Buffer {
  const mount = Object.entries(folders).find(([prefix]) => pathname.startsWith(prefix));
  if (!mount) return Buffer.alloc(0);
  try {
    return readFileSync(`${mount[1]}/${pathname.slice(mount[0].length)}`);
  } catch {
    return Buffer.alloc(0);
  }
}

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>A site</title>
    <script src="/record.js"></script>
    <script type="module" src="/main.js"></script>
  </head>
  <body></body>
</html>
`;

/** What the page saw. */
export interface PageRecord {
  /** The elements' events in their order; of an error its code as well, as in `rerank-error model-load`. */
  readonly events: string[];
  /** The messages of the errors that `rerank-error` told. */
  readonly messages: string[];
  /** Uncaught errors and rejections that nobody handled. */
  readonly uncaught: string[];
}

/** Runs in the page, before its own scripts. */
function record(): void {
  const seen: PageRecord = { events: [], messages: [], uncaught: [] };
  Object.assign(window, { seen });
  window.addEventListener('error', ({ message }) => seen.uncaught.push(message));
  window.addEventListener('unhandledrejection', ({ reason }) => seen.uncaught.push(String(reason)));
  for (const name of ['candidates', 'start', 'partial', 'complete', 'skip'] as const) {
    document.addEventListener(`rerank-${name}`, () => seen.events.push(`rerank-${name}`));
  }
  document.addEventListener('rerank-error', ({ detail: { error } }) => {
    seen.events.push(`rerank-error ${error.code}`);
    seen.messages.push(error.message);
  });
}
