import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describeError } from '../shared/errors.ts';

/**
 * A path in this package, wherever the module that asks was built to: the first folder above it with a
 * `package.json` is the package.
 *
 * @param path Names below the package's root, such as `dist`, `runtime`.
 */
export function locateInPackage(...path: readonly string[]): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return join(folder, ...path);
}

/** A package that may be installed beside this one, or why it is not used. */
export type OptionalPackage<TModule> =
  | { readonly found: true; readonly module: TModule; readonly version: string }
  | { readonly found: false; readonly reason: string };

/**
 * Imports a package that this one does not depend on, from beside this package or from the project in
 * the working directory: `npx` keeps this package in a folder of its own.
 *
 * @param name The package's name.
 */
export async function importOptionalPackage<TModule>(
  name: string,
): Promise<OptionalPackage<TModule>> {
  let reason = `${name} is not installed`;
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    const require = createRequire(from);
    let path: string;
    try {
      path = require.resolve(name);
    } catch {
      continue;
    }
    try {
      const module = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as object;
      return {
        found: true,
        // A CommonJS package has its exports there, some of which Node does not see as names.
        module: ('default' in module ? module.default : module) as TModule,
        version: readVersion(require, name),
      };
    } catch (error) {
      reason = `${name} cannot be loaded: ${describeError(error)}`;
    }
  }
  return { found: false, reason };
}

function readVersion(require: NodeJS.Require, name: string): string {
  try {
    const { version } = require(`${name}/package.json`) as { version: string };
    return version;
  } catch {
    return 'unknown';
  }
}
