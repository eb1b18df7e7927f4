import type { Plugin } from 'vite';

/**
 * Serves the package's worker under `/cores/N/worker.js`, where it finds a machine of N cores: how many threads or lanes
 * the engine starts follows from that. Lanes are started from the same URL, so they are told the same.
 *
 * @param headers Sent with each file: an isolated page loads only workers that are isolated too.
 */
export function serveWorkerWithCores(headers: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'serve-worker-with-cores',
    configureServer({ middlewares }) {
      middlewares.use('/cores', (request, response, next) => {
        const [, cores, file] = /^\/(\d+)\/(worker|cores)\.js$/.exec(request.url ?? '') ?? [];
        if (cores === undefined) {
          next();
          return;
        }
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        response.setHeader('content-type', 'text/javascript');
        response.end(
          file === 'cores'
            ? `Object.defineProperty(navigator, 'hardwareConcurrency', { value: ${cores} });\n`
            : "import './cores.js';\nimport '/dist/worker.js';\n",
        );
      });
    },
  };
}
