import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import sirv from 'sirv';

/** Where browsers send reports of what the policy blocked, in pages and in workers. */
const REPORT_PATH = '/csp-reports';

export interface StaticServerOptions {
  /** Folders by the path that they are served at; the first that fits and has the file answers. */
  readonly folders: Readonly<Record<string, string>>;
  /** Headers of the answer for a path. Default: none. */
  readonly headers?: (path: string) => Readonly<Record<string, string>>;
  /** Settles when the answer for a path may be sent. Default: at once. */
  readonly hold?: (path: string) => Promise<void>;
  /** Answers a request in place of the files; false where it does not. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** A Content-Security-Policy, sent with every answer: a worker has the policy of its script. */
  readonly policy?: string;
}

export interface StaticServer {
  /** Ends in a slash. */
  readonly url: string;
  /** Path and query of each request, in the order they came. */
  readonly requests: string[];
  /** What browsers reported against the policy. */
  readonly violations: string[];
  close(): Promise<void>;
}

/** A web server that serves files and knows nothing of the package. */
export async function startStaticServer(options: StaticServerOptions): Promise<StaticServer> {
  const { folders, policy } = options;
  const mounts = Object.entries(folders).map(([path, folder]) => ({
    path,
    serve: sirv(folder, { dev: true, etag: true }),
  }));
  const requests: string[] = [];
  const violations: string[] = [];

  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    if (url === REPORT_PATH) {
      void text(request).then((report) => violations.push(report));
      response.writeHead(204).end();
      return;
    }
    requests.push(url);
    const headers = options.headers?.(url) ?? {};
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (policy !== undefined) {
      response.setHeader('content-security-policy', `${policy}; report-uri ${REPORT_PATH}`);
    }
    const fitting = mounts.filter(({ path }) => url.startsWith(path));
    const answer = (index: number): void => {
      const mount = fitting[index];
      if (!mount) {
        notFound(response);
        return;
      }
      request.url = url.slice(mount.path.length - 1);
      mount.serve(request, response, () => answer(index + 1));
    };
    void Promise.resolve(options.hold?.(url)).then(() => {
      if (options.answer?.(request, response) !== true) answer(0);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://localhost:${port}/`,
    requests,
    violations,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
}
