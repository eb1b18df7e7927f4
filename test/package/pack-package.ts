import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
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

/**
 * Packs `dist` as it is; build it before. Packing takes many seconds, so the tarball is kept for the other tests, until a file of the package changes.
 */
export function packPackage(): PackedPackage {
  const folder = join(tmpdir(), `rerank-results-packed-${hash(root)}`);
  const kept = join(folder, `${hash(describeFiles())}.json`);
  if (!existsSync(kept)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    writeFileSync(
      kept,
      runNpm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder),
    );
  }
  const output = readFileSync(kept, 'utf8');
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

/** Path, size and time of each file that can be in the package. */
function describeFiles(): string {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    files: string[];
  };
  return ['package.json', 'README.md', 'LICENSE', ...files.map((path) => path.replace('/*.md', ''))]
    .flatMap((path) => [
      path,
      ...(statSync(join(root, path)).isDirectory()
        ? readdirSync(join(root, path), { recursive: true, encoding: 'utf8' }).map((name) =>
            join(path, name),
          )
        : []),
    ])
    .map((path) => {
      const { size, mtimeMs } = statSync(join(root, path));
      return `${path} ${size} ${mtimeMs}`;
    })
    .join('\n');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
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
