import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { RerankError, describeError } from '../shared/errors.ts';
import { UsageError, type Command } from './command.ts';
import { readManifestIntegrity } from './manifest-integrity.ts';
import {
  listModelFiles,
  listRuntimeFiles,
  listStandaloneFiles,
  type SiteFile,
} from './site-files.ts';

/** `rerank-results copy`. */
export const copyCommand: Command = {
  usage: `Usage: rerank-results copy <directory> [model …] [--standalone] [--runtime]

Copies what a site serves into <directory>, the folder that your site serves at its root: models, the default
one where none is named, to <directory>/models/. Files that are there and the same are left alone, and nothing is
removed. What pins each model (the element's integrity="…") is printed.

  --standalone   also the module for pages without a bundler and its worker, to <directory>/rerank/
  --runtime      with --standalone: also onnxruntime-web's builds (59 MB), for readers with a GPU and for
                 models without kernels of our own; the shipped models need none of them on WebAssembly
`,
  run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { standalone: { type: 'boolean' }, runtime: { type: 'boolean' } },
    });
    const [directory, ...models] = positionals;
    const { standalone = false, runtime = false } = values;
    if (directory === undefined) throw new UsageError('The directory is missing.');
    if (runtime && !standalone) {
      throw new UsageError('--runtime needs --standalone: a bundler copies the runtime by itself.');
    }
    const files = [
      ...listModelFiles(models),
      ...(standalone ? listStandaloneFiles() : []),
      ...(runtime ? listRuntimeFiles() : []),
    ];
    process.stdout.write(`${describeCopy(copyFiles(directory, files), resolve(directory))}\n`);
    for (const { path } of files.filter(({ path }) => path.endsWith('/manifest.json'))) {
      const folder = dirname(join(directory, path));
      const pin = `integrity="${readManifestIntegrity(folder)}"`;
      process.stdout.write(`To pin ${basename(folder)}: ${pin}\n`);
    }
    return Promise.resolve(undefined);
  },
};

/** What copying did. */
export interface CopyResult {
  /** Paths below the directory, of files that were not there or differed. */
  readonly written: readonly string[];
  /** Bytes of these. */
  readonly writtenBytes: number;
  /** How many files were there already and the same. */
  readonly unchanged: number;
}

/**
 * Copies files into a directory, which must be there. Nothing is removed.
 *
 * @throws RerankError `invalid-input` where `directory` is no folder, or a file cannot be written.
 */
export function copyFiles(directory: string, files: readonly SiteFile[]): CopyResult {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new RerankError(
      'invalid-input',
      `There is no folder ${resolve(directory)}. Name the one that your site serves at its root, such as public or static, and make it first.`,
      { directory },
    );
  }
  const changed = files.filter(({ path, source }) => !isSame(source, join(directory, path)));
  for (const { path, source } of changed) {
    const target = join(directory, path);
    try {
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(source, target);
    } catch (error) {
      const message = `${resolve(target)} cannot be written: ${describeError(error)}. Look who may write there.`;
      throw new RerankError('invalid-input', message, { directory }, { cause: error });
    }
  }
  return {
    written: changed.map(({ path }) => path),
    writtenBytes: changed.reduce((sum, { source }) => sum + statSync(source).size, 0),
    unchanged: files.length - changed.length,
  };
}

/** Compared by content: the time of an installed file says nothing. */
function isSame(source: string, target: string): boolean {
  return (
    existsSync(target) &&
    statSync(target).isFile() &&
    statSync(target).size === statSync(source).size &&
    readFileSync(target).equals(readFileSync(source))
  );
}

/** For people: a line for each folder that was written to. */
function describeCopy({ written, writtenBytes, unchanged }: CopyResult, directory: string): string {
  if (written.length === 0) return `Nothing to copy: ${directory} has all ${unchanged} files.`;
  const folders = new Set(written.map((path) => path.split('/').slice(0, -1).join('/')));
  const roots = [...folders].filter(
    (folder) => ![...folders].some((other) => folder.startsWith(`${other}/`)),
  );
  const megabytes = (writtenBytes / 1e6).toFixed(1);
  return `Copied ${written.length} files, ${megabytes} MB, to ${roots.map((folder) => join(directory, folder)).join(', ')}.${
    unchanged > 0 ? ` ${unchanged} were there already.` : ''
  }`;
}
