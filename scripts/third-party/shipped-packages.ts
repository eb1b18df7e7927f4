import { readFileSync, readdirSync } from 'node:fs';
import type { Rolldown } from 'vite';
import { checkNotice, type Notice } from './licence-texts.ts';

/** The file into which Vite writes what a build took in; it is not shipped. */
export const LICENCES_FILE = 'licences.json';

/** A build of vite.config.ts, by its mode, and what it made. */
export interface Build {
  readonly mode: string;
  readonly output: Rolldown.RolldownOutput['output'];
}

const FILES_OF_MODE: Readonly<Record<string, readonly string[]>> = {
  page: ['dist/*.js'],
  standalone: ['dist/rerank-results.js'],
  worker: ['dist/worker.js'],
  transformers: ['dist/runtime/transformers.js'],
  node: ['dist/cli*', 'dist/vite.js'],
};

/** Notices of all packages inside the builds; one for each package and build. */
export function listShippedPackages(builds: readonly Build[]): Notice[] {
  return builds.flatMap(({ mode, output }) => {
    const files = FILES_OF_MODE[mode];
    if (!files) throw new Error(`No name for the files of the build "${mode}".`);
    const asset = output.find(({ fileName }) => fileName === LICENCES_FILE);
    if (asset?.type !== 'asset') throw new Error(`Vite listed no licences of the build "${mode}".`);
    const bundled = JSON.parse(String(asset.source)) as {
      readonly name: string;
      readonly version: string;
      readonly identifier?: string;
      readonly text?: string;
    }[];
    const modules = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
    return [
      ...bundled.map(({ identifier, ...entry }) =>
        checkNotice({
          ...entry,
          ...(identifier !== undefined && { licence: identifier }),
          files,
        }),
      ),
      ...modules.flatMap(listInside).map((name) => readInstalled(name, files)),
    ];
  });
}

/** onnxruntime-web, of which files are copied as they are. */
export function listCopiedPackages(): Notice[] {
  return ['onnxruntime-web', 'onnxruntime-common'].map((name) =>
    readInstalled(name, ['dist/runtime/ort.*']),
  );
}

/**
 * What Vite cannot see in a module: the bundler's own helpers, and what was bundled into a package's file by its
 * makers, who left the path of each module in a comment.
 */
function listInside(module: string): string[] {
  if (/^\0(rolldown|@oxc-project\+runtime)/.test(module)) return ['rolldown'];
  if (!module.includes('/node_modules/@huggingface/transformers/')) return [];
  const inside = readFileSync(module, 'utf8').matchAll(
    /^\/\/ .*node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\/[^\n]*$/gm,
  );
  return [...new Set([...inside].flatMap(([, name]) => (name === undefined ? [] : [name])))];
}

function readInstalled(name: string, files: readonly string[]): Notice {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as {
    readonly version: string;
    readonly license?: string;
  };
  const licenceFile = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return checkNotice({
    name,
    version,
    files,
    ...(license !== undefined && { licence: license }),
    ...(licenceFile !== undefined && { text: readFileSync(`${folder}/${licenceFile}`, 'utf8') }),
  });
}
