import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyFiles } from '../../src/cli/copy-command.ts';
import { listModelFiles, listRuntimeFiles, listStandaloneFiles } from '../../src/cli/site-files.ts';
import { runCommand } from './run-command.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rerank-results-copy-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('rerank-results copy', () => {
  test('copies the default model alone, and says where to and how much', async () => {
    const { status, stdout } = await runCommand('copy', folder);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Copied \d+ files, 11\.\d MB, to .*models\/minilm-l6-split\.\n/);
    expect(existsSync(join(folder, 'models/minilm-l6-split/manifest.json'))).toBe(true);
    expect(existsSync(join(folder, 'models/gte-small-split'))).toBe(false);
    expect(existsSync(join(folder, 'rerank'))).toBe(false);
  });

  test('says what pins the model: the hash of its manifest', async () => {
    const { stdout } = await runCommand('copy', folder);
    const manifest = readFileSync(join(folder, 'models/minilm-l6-split/manifest.json'));
    const hash = createHash('sha256').update(manifest).digest('base64');
    expect(stdout.split('\n')[1]).toBe(`To pin minilm-l6-split: integrity="sha256-${hash}"`);
  });

  test('names the models that there are where one is unknown', async () => {
    const { status, stderr } = await runCommand('copy', folder, 'nope');
    expect(status).toBe(1);
    expect(stderr).toMatch(/no model "nope".*gte-small-split, minilm-l6-split/s);
  });

  test('says which folder is missing, and makes none', async () => {
    const missing = join(folder, 'pubilc');
    const { status, stderr } = await runCommand('copy', missing);
    expect(status).toBe(1);
    expect(stderr).toContain(missing);
    expect(existsSync(missing)).toBe(false);
  });

  test('takes --runtime only where the module is copied', async () => {
    const { status, stderr } = await runCommand('copy', folder, '--runtime');
    expect(status).toBe(2);
    expect(stderr).toContain('--standalone');
  });
});

describe('copying', () => {
  test('writes nothing the second time, and only what differs after that', () => {
    const files = [...listModelFiles([]), ...listStandaloneFiles(), ...listRuntimeFiles()];
    const first = copyFiles(folder, files);
    expect(first.written).toHaveLength(files.length);
    expect(first.written).toContain('rerank/worker.js');
    expect(first.written).toContain('rerank/runtime/ort.jspi.wasm');
    const bytes = files.reduce((sum, { source }) => sum + statSync(source).size, 0);
    expect(first.writtenBytes).toBe(bytes);

    expect(copyFiles(folder, files)).toMatchObject({ written: [], writtenBytes: 0 });
    writeFileSync(join(folder, 'rerank/worker.js'), 'something else');
    expect(copyFiles(folder, files).written).toEqual(['rerank/worker.js']);
  });

  test("leaves the site's own files alone", () => {
    copyFiles(folder, listModelFiles([]));
    const own = join(folder, 'models/minilm-l6-split/notes.txt');
    writeFileSync(own, 'mine');
    copyFiles(folder, listModelFiles([]));
    expect(readFileSync(own, 'utf8')).toBe('mine');
  });

  test('says which file cannot be written', ({ skip }) => {
    writeFileSync(join(folder, 'models'), 'a file, where a folder should be');
    expect(() => copyFiles(folder, listModelFiles([]))).toThrow(/models.*cannot be written/);
    skip(process.getuid?.() === 0, 'The superuser may write everywhere.');
    rmSync(join(folder, 'models'));
    chmodSync(folder, 0o500);
    expect(() => copyFiles(folder, listModelFiles([]))).toThrow(/cannot be written/);
  });
});
