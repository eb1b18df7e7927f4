import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { DEFAULT_MODEL } from '../shared/defaults.ts';
import { RerankError } from '../shared/errors.ts';
import { locateInPackage } from './package-files.ts';

/** A file of this package and where a site serves it. */
export interface SiteFile {
  /** Path below what the site serves at its root, with slashes: `models/minilm-l6-split/manifest.json`. */
  readonly path: string;
  /** Path on disk, in this package. */
  readonly source: string;
}

/**
 * Files of the package's models, below `models/`.
 *
 * @param names Folder names; the default model's if empty.
 * @throws RerankError `invalid-input` that names the models that there are, where one is unknown.
 */
export function listModelFiles(names: readonly string[]): SiteFile[] {
  const folder = locateInPackage('public', 'models');
  const known = readdirSync(folder);
  return (names.length > 0 ? names : [DEFAULT_MODEL]).flatMap((name) => {
    if (!known.includes(name)) {
      const message = `There is no model "${name}". This package has: ${known.join(', ')}.`;
      throw new RerankError('invalid-input', message, { model: name });
    }
    return listFolder(join(folder, name), `models/${name}`);
  });
}

/** The module for sites without a bundler and its worker, below `rerank/`. */
export function listStandaloneFiles(): SiteFile[] {
  return ['rerank-results.js', 'worker.js'].map((name) => ({
    path: `rerank/${name}`,
    source: locateInPackage('dist', name),
  }));
}

/** onnxruntime-web's builds and the second engine, beside that module. */
export function listRuntimeFiles(): SiteFile[] {
  return listFolder(locateInPackage('dist', 'runtime'), 'rerank/runtime');
}

function listFolder(folder: string, path: string): SiteFile[] {
  if (!existsSync(folder)) throw new Error(`${folder} is missing: this package is not complete.`);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => ({
      path: `${path}/${name.replaceAll(sep, '/')}`,
      source: join(folder, name),
    }))
    .filter(({ source }) => statSync(source).isFile());
}
