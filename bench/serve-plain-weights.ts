import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { readModelFile } from '../src/cli/hosted-file.ts';
import type { Manifest } from '../src/worker/model/manifest.ts';

/**
 * Serves weights, which model folders hold compressed, under their own names too: transformers.js by itself knows no
 * manifest.
 *
 * @param folder The folder that is served as `/models/`.
 */
export function servePlainWeights(folder: string): Plugin {
  return {
    name: 'serve-plain-weights',
    configureServer({ middlewares }) {
      middlewares.use('/models', (request, response, next) => {
        const { pathname } = new URL(request.url ?? '', 'http://localhost');
        const [, id, path] = /^\/([\w.-]+)\/(onnx\/[\w.-]+)$/.exec(pathname) ?? [];
        if (id === undefined || path === undefined) {
          next();
          return;
        }
        const model = join(folder, id);
        const { files } = JSON.parse(
          readFileSync(join(model, 'manifest.json'), 'utf8'),
        ) as Manifest;
        const facts = files[path];
        if (!facts?.stored) {
          next();
          return;
        }
        readModelFile(model, path, facts).then((bytes) => response.end(bytes), next);
      });
    },
  };
}
