import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkNotice } from '../../scripts/third-party/licence-texts.ts';
import { mergeNotices } from '../../scripts/third-party/write-third-party.ts';
import { root } from './pack-package.ts';

const document = readFileSync(join(root, 'THIRD_PARTY.md'), 'utf8');
/** The table's rows: name, version, licence, files. */
const rows = [...document.matchAll(/^\| (.+?) +\| (.*?) +\| (\S+) +\| (`.+`) +\|$/gm)].map(
  ([, name = '', version = '', licence = '', files = '']) => ({ name, version, licence, files }),
);

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}

/** Packages that modules below `folder` import, and not for their types alone. */
function listImports(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'));
  const imports = texts.flatMap((text) => [
    ...text.matchAll(
      /^(?:import|export) (?!type )[^;]*?from '((?:@[\w-]+\/)?\w[\w.-]*)[^':]*';$/gm,
    ),
    ...text.matchAll(/import\('((?:@[\w-]+\/)?\w[\w.-]*)[^':]*'\)/g),
  ]);
  return [...new Set(imports.map(([, name = '']) => name))];
}

describe('THIRD_PARTY.md', () => {
  test('is what the build makes, licences beside the models too: else commit what "npm run build" wrote', ({
    skip,
  }) => {
    skip(!existsSync(join(root, '.git')), 'This is no clone: there is nothing to compare with.');
    const paths = ['THIRD_PARTY.md', 'public/models/*/LICENSE.txt'];
    const { stdout } = spawnSync('git', ['status', '--porcelain', '--', ...paths], {
      cwd: root,
      encoding: 'utf8',
    });
    // What is staged is on its way to a commit.
    expect(stdout.split('\n').filter((line) => !/^([MA] .*)?$/.test(line))).toEqual([]);
  });

  test('names every package that the sources import and npm does not install', () => {
    const { dependencies, peerDependencies } = readManifest('.');
    const installed = [...Object.keys({ ...dependencies, ...peerDependencies })];
    const imported = listImports('src').filter((name) => !installed.includes(name));
    // Else this would pass for want of imports.
    expect(imported).toContain('@huggingface/tokenizers');
    const names = rows.map(({ name }) => name);
    expect(imported.filter((name) => !names.includes(name))).toEqual([]);
  });

  test('names what was bundled where no import shows it, with the installed versions', () => {
    for (const [name, file] of [
      ['onnxruntime-web', 'dist/runtime/ort.*'],
      ['@huggingface/jinja', 'dist/runtime/transformers.js'],
      ['lit-html', 'dist/rerank-results.js'],
      ['minisearch', 'dist/*.js'],
      ['comlink', 'dist/worker.js'],
      ['totalist', 'dist/cli*'],
    ] as const) {
      const row = rows.find((candidate) => candidate.name === name);
      expect(row?.version).toBe(readManifest(`node_modules/${name}`).version);
      expect(row?.files).toContain(`\`${file}\``);
    }
  });

  test('tells of each model where it comes from and what was changed, and so does a file beside it', () => {
    const models = readdirSync(join(root, 'public/models'));
    for (const model of models) {
      const { origin } = JSON.parse(
        readFileSync(join(root, 'public/models', model, 'manifest.json'), 'utf8'),
      ) as { readonly origin: readonly { readonly name: string }[] };
      const licence = readFileSync(join(root, 'public/models', model, 'LICENSE.txt'), 'utf8');
      for (const { name } of origin) {
        expect(document).toContain(`- ${model} is made from ${name}`);
        expect(licence).toContain(`${model} is made from ${name}`);
      }
      expect(licence).toMatch(/Apache License\n +Version 2\.0[^]+END OF TERMS AND CONDITIONS/);
    }
  });
});

describe('what would be shipped', () => {
  const files = ['dist/worker.js'];

  test.each(['GPL-3.0-only', 'CC-BY-NC-4.0', '(MIT OR GPL-3.0)', undefined])(
    'is refused under %s',
    (licence) => {
      const notice = { name: 'x', files, text: 'Terms', ...(licence !== undefined && { licence }) };
      expect(() => checkNotice(notice)).toThrow(/x would be shipped under .+; allowed are/);
    },
  );

  test('is refused without the text of its licence', () => {
    expect(() => checkNotice({ name: 'x', files, licence: 'MIT' })).toThrow(/x brings no licence/);
  });

  test('is named once, with all files that have it inside, by name', () => {
    const x = { name: 'x', version: '1.0.0', licence: 'MIT', text: '' };
    const merged = mergeNotices([
      { ...x, files: ['worker'] },
      { ...x, name: 'a', files: ['page'] },
      { ...x, files: ['page', 'worker'] },
    ]);
    expect(merged.map(({ name, files: inside }) => [name, inside])).toEqual([
      ['a', ['page']],
      ['x', ['page', 'worker']],
    ]);
  });
});
