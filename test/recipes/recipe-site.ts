import { spawn, execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { locateRecipe } from '../../scripts/recipes.mjs';
import { root, type PackedPackage } from '../package/pack-package.ts';

/** A recipe's folder with all that it needs, this package as it would be published included. */
export function prepareRecipe(name: string, { tarball }: PackedPackage): string {
  const folder = locateRecipe(name);
  // What an earlier run built must not be taken for this run's.
  for (const entry of readdirSync(folder)) {
    if (entry !== 'node_modules') rmSync(join(folder, entry), { recursive: true });
  }
  cpSync(join(root, 'recipes', name), folder, { recursive: true });

  const modules = join(folder, 'node_modules');
  const target = join(modules, 'rerank-results');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', target]);
  // Vite's of an earlier run, with this package's earlier files.
  for (const cache of ['.vite', '.astro', '.cache']) {
    rmSync(join(modules, cache), { recursive: true, force: true });
  }
  const command = join(modules, '.bin/rerank-results');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  rmSync(command, { force: true });
  symlinkSync('../rerank-results/dist/cli.js', command);
  chmodSync(join(target, 'dist/cli.js'), 0o755);
  return folder;
}

/** A script of a recipe's package.json that runs. */
export interface RecipeProcess {
  /** The exit status, null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** All that it printed so far. */
  output(): string;
  /** Resolves with what `pattern` matched in the output; rejects where the script ends before. */
  waitFor(pattern: RegExp): Promise<string>;
  stop(): Promise<void>;
}

/** Starts `npm run <script>` in a recipe's folder, as its owner would. */
export function runScript(
  folder: string,
  script: string,
  ...parameters: readonly string[]
): RecipeProcess {
  const child = spawn('npm', ['run', script, '--', ...parameters], {
    cwd: folder,
    // With a group of its own, so that what npm started can be ended too.
    detached: true,
    env: {
      ...process.env,
      // The test runner sets it to `test`, which a site's owner does not.
      NODE_ENV: undefined,
      NO_COLOR: '1',
      CI: '1',
      ASTRO_TELEMETRY_DISABLED: '1',
      NEXT_TELEMETRY_DISABLED: '1',
    },
  });
  let printed = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const keep = (data: Buffer): void => {
    printed += data.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return {
    ended,
    output: () => printed,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(printed);
          if (found) resolve(found[0]);
        };
        look();
        child.stdout.on('data', look);
        void ended.then(() => reject(new Error(`npm run ${script} ended early.\n${printed}`)));
      }),
    async stop() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid);
      await ended;
    },
  };
}

/** Builds a recipe's site. A failure throws with what the build printed. */
export async function buildRecipe(folder: string): Promise<void> {
  const build = runScript(folder, 'build');
  if ((await build.ended) !== 0) throw new Error(`The build failed.\n${build.output()}`);
}
