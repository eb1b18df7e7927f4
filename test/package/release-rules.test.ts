import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  canProveOrigin,
  findProblems,
  isExpectedFile,
  listBundled,
  narrowSbom,
  readAudit,
  type RepositoryState,
} from '../../scripts/release/release-rules.ts';
import { root } from './pack-package.ts';

const ready: RepositoryState = {
  status: '',
  branch: 'main',
  tags: [],
  changelog:
    '# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-12-01\n\n- New.\n\n## [1.1.0] - 2026-11-01\n',
  manifest: { version: '1.2.0', repository: { type: 'git', url: 'git+https://example.org/x.git' } },
};

describe('a release', () => {
  test('is made of a committed main, or of its tag, whose version the changelog names', () => {
    expect(findProblems(ready)).toEqual([]);
    expect(findProblems({ ...ready, branch: '', tags: ['v1.2.0'] })).toEqual([]);
  });

  test.each<[string, Partial<RepositoryState>, RegExp]>([
    ['changes that are not committed', { status: ' M src/index.ts\n' }, /not committed:\n M src/],
    ['another tag', { branch: '', tags: ['v1.1.0'] }, /no branch: .+ or from the tag v1\.2\.0/],
    ['another branch', { branch: 'try' }, /branch "try": releases are made from main/],
    [
      'a version that the changelog has not',
      { manifest: { ...ready.manifest, version: '1.3.0' } },
      /version 1\.3\.0, and .+ newest release is ## \[1\.2\.0\]/,
    ],
    [
      'a version that is not the newest one',
      { manifest: { ...ready.manifest, version: '1.1.0' } },
      /version 1\.1\.0/,
    ],
    ['a version without a date', { changelog: '## [1.2.0]\n' }, /write "## \[1\.2\.0\] - <date>"/],
    ['an empty changelog', { changelog: '' }, /newest release is none/],
    ['no repository', { manifest: { version: '1.2.0' } }, /no "repository"/],
  ])('is not made of %s', (_, change, message) => {
    const problems = findProblems({ ...ready, ...change });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  test('is published only where a CI can prove where it runs', () => {
    expect(canProveOrigin({ CI: 'true', ACTIONS_ID_TOKEN_REQUEST_URL: 'https://…' })).toBe(true);
    expect(canProveOrigin({ CI: 'true', SIGSTORE_ID_TOKEN: '…' })).toBe(true);
    expect(canProveOrigin({ CI: 'true' })).toBe(false);
    expect(canProveOrigin({ ACTIONS_ID_TOKEN_REQUEST_URL: 'https://…' })).toBe(false);
  });
});

test.each([
  ['dist/worker.js', true],
  ['public/models/minilm-l6-split/LICENSE.txt', true],
  ['SECURITY.md', true],
  ['docs/element.md', true],
  ['dist/worker.js.map', false],
  ['dist/.env', false],
  ['src/index.ts', false],
  ['docs/images/demo-light.webp', false],
  ['.npmrc', false],
])('%s belongs into the package: %s', (path, expected) => {
  expect(isExpectedFile(path)).toBe(expected);
});

describe('an audit', () => {
  test('tells what is shipped from tools', () => {
    const output = JSON.stringify({
      vulnerabilities: { lit: { severity: 'high' }, eslint: { severity: 'low' } },
    });
    expect(readAudit(output, ['lit', 'comlink'])).toEqual({
      shipped: ['lit (high)'],
      tools: ['eslint (low)'],
    });
  });

  test('without an answer is not a clean one', () => {
    expect(readAudit('', [])).toHaveProperty('unreachable');
    expect(readAudit('{ "message": "405 Method Not Allowed" }', [])).toEqual({
      unreachable: '405 Method Not Allowed',
    });
  });
});

describe('the list of components', () => {
  test('has what is inside the package or installed with it, and no tool', () => {
    const sbom = {
      metadata: { component: { name: 'some-folder' } },
      components: [{ 'bom-ref': 'lit@3.0.0' }, { 'bom-ref': 'eslint@10.0.0' }],
      dependencies: [
        { ref: 'x@1.0.0', dependsOn: ['lit@3.0.0', 'eslint@10.0.0'] },
        { ref: 'lit@3.0.0', dependsOn: ['eslint@10.0.0'] },
        { ref: 'eslint@10.0.0', dependsOn: [] },
      ],
    };
    expect(narrowSbom(sbom, 'x', ['lit@3.0.0'])).toEqual({
      metadata: { component: { name: 'x' } },
      components: [{ 'bom-ref': 'lit@3.0.0' }],
      dependencies: [
        { ref: 'x@1.0.0', dependsOn: ['lit@3.0.0'] },
        { ref: 'lit@3.0.0', dependsOn: [] },
      ],
    });
  });

  test('takes the bundled packages from THIRD_PARTY.md', () => {
    const bundled = listBundled(readFileSync(join(root, 'THIRD_PARTY.md'), 'utf8'));
    const names = bundled.map((id) => id.slice(0, id.lastIndexOf('@')));
    expect(names).toEqual(
      expect.arrayContaining(['@huggingface/tokenizers', 'onnxruntime-web', 'minisearch', 'lit']),
    );
  });
});
