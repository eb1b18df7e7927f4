import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, where the package is built. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A package as npm would publish it. */
export interface PackedPackage {
  /** Path of the tarball. */
  readonly tarball: string;
  /** Paths in the package, without a leading `package/`. */
  readonly files: readonly string[];
  readonly packedBytes: number;
}

/** Packs `dist` as it is; build it before. */
export function packPackage(folder: string): PackedPackage {
  const output = runNpm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder);
  const [packed] = JSON.parse(output) as {
    filename: string;
    size: number;
    files: { path: string }[];
  }[];
  if (!packed) throw new Error(`npm pack answered with no package: ${output}`);
  return {
    tarball: join(folder, packed.filename),
    files: packed.files.map(({ path }) => path),
    packedBytes: packed.size,
  };
}

/**
 * Installs the tarball in `folder` with npm. What the package depends on comes from this repository's
 * own `node_modules`, so that no network is needed; what it does not declare is not installed.
 */
export function installPackage(folder: string, { tarball }: PackedPackage): void {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
  const dependencies = findDependencies('.').map((name) => join(root, 'node_modules', name));
  runNpm(folder, 'install', '--offline', '--install-links', ...quiet, tarball, ...dependencies);
}

/** Runs npm and returns what it prints. A failure throws with npm's own words. */
export function runNpm(folder: string, ...parameters: string[]): string {
  const shell = process.platform === 'win32';
  return execFileSync('npm', parameters, { cwd: folder, shell, encoding: 'utf8', stdio: 'pipe' });
}

/** Names of everything that the package in `folder` needs at run time. */
function findDependencies(folder: string, found = new Set<string>()): string[] {
  const { dependencies = {} } = JSON.parse(
    readFileSync(join(root, folder, 'package.json'), 'utf8'),
  ) as { dependencies?: Record<string, string> };
  for (const name of Object.keys(dependencies)) {
    if (found.has(name)) continue;
    found.add(name);
    findDependencies(join('node_modules', name), found);
  }
  return [...found];
}
