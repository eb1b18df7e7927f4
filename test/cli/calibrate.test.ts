import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright';
import type { CompleteOutcome } from 'rerank-results';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { calibrateCommand } from '../../src/cli/calibrate/calibrate-command.ts';
import { computeRevision } from '../../src/cli/model-revision.ts';
import { sigmoid } from '../../src/shared/calibration.ts';
import type { Reranker } from '../../src/shared/types.ts';
import { parseCalibration } from '../../src/worker/model/calibration.ts';
import { parseManifest, type Manifest } from '../../src/worker/model/manifest.ts';
import { launchBrowser } from '../browser-e2e/demo-page.ts';
import { startStaticServer } from '../package/static-server.ts';
import { makeFolder, openTinyReranker } from './judge-stage.ts';
import { copyTinyModel, writeJudgedFolder } from './judged-folder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let reranker: Reranker;
let folder: ReturnType<typeof makeFolder>;
let models: string;
let data: string;
let said = '';
let complained = '';

beforeAll(async () => {
  reranker = await openTinyReranker();
});
afterAll(() => reranker.dispose());
beforeEach(async () => {
  folder = makeFolder();
  models = copyTinyModel(folder.path);
  data = join(folder.path, 'data');
  await writeJudgedFolder(data, reranker);
  said = '';
  complained = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    complained += String(text);
    return true;
  });
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  folder[Symbol.dispose]();
});

const run = (...more: string[]): Promise<number | undefined> =>
  calibrateCommand.run(['--data', data, '--models', models, '--model', 'tiny-bert', ...more]);
const read = (name: string): string => readFileSync(join(models, 'tiny-bert', name), 'utf8');
const readManifest = (): Manifest =>
  parseManifest(JSON.parse(read('manifest.json')), 'manifest.json', 'tiny-bert');
const readFacts = (): Record<string, unknown> =>
  JSON.parse(read('calibration.json')) as Record<string, unknown>;

describe('computeRevision', () => {
  it.each(['test/models/tiny-bert', 'public/models/minilm-l6-split'])(
    'gives the revision that models/manifest.py gave %s',
    (path) => {
      const text = readFileSync(join(root, path, 'manifest.json'), 'utf8');
      const { files, revision } = JSON.parse(text) as Manifest;
      expect(computeRevision(files)).toBe(revision);
    },
  );
});

describe('rerank-results calibrate', () => {
  it('writes a curve beside the manifest, names it there, and says what it brings', async () => {
    const { revision: before } = readManifest();
    await run();
    const curve = parseCalibration(Buffer.from(read('calibration.json')), 'calibration.json');
    // The judgments were drawn with the slope 4.
    expect(curve).toMatchObject({ method: 'platt', slope: expect.closeTo(4, 0) as number });
    expect(readFacts()).toMatchObject({
      fittedOn: { model: 'tiny-bert', revision: before, dtype: 'fp32', maxTokens: 128 },
      queries: 10,
      pairs: 300,
      relevanceLevel: 1,
      unjudgedIrrelevantDepth: 0,
    });

    const manifest = readManifest();
    const bytes = Buffer.from(read('calibration.json'));
    expect(manifest.calibration).toBe('calibration.json');
    expect(manifest.files['calibration.json']).toEqual({
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(manifest.revision).toBe(computeRevision(manifest.files));
    expect(manifest.revision).not.toBe(before);
    expect(said).toMatch(/^300 judged pairs of 10 queries, \d+ relevant\nplatt: probability = /);
    expect(said).toMatch(/\nbefore: sigmoid of the logit +0\.\d{4} /);
    expect(said).toContain(`revision is now ${manifest.revision}`);
  });

  it('replaces a former calibration, and still names the revision of the bare model', async () => {
    const { revision: bare } = readManifest();
    await run();
    const { revision: first } = readManifest();
    await run('--relevance-level', '1', '--seed', '2', '--folds', '3');
    expect(readManifest().revision).not.toBe(first);
    expect(readFacts()).toMatchObject({
      fittedOn: { revision: bare },
      crossValidation: { folds: 3, seed: 2 },
    });
  });

  it('takes a calibration away, and leaves the model as it was', async () => {
    const before = readManifest();
    await run();
    await calibrateCommand.run(['--models', models, '--model', 'tiny-bert', '--remove']);
    expect(readManifest()).toEqual(before);
    expect(existsSync(join(models, 'tiny-bert', 'calibration.json'))).toBe(false);
  });

  it('reports and writes nothing in a dry run', async () => {
    const before = read('manifest.json');
    await run('--dry-run');
    expect(said).toContain('300 judged pairs');
    expect(read('manifest.json')).toBe(before);
    expect(existsSync(join(models, 'tiny-bert', 'calibration.json'))).toBe(false);
  });

  it('counts what is not judged as irrelevant only where it is told to', async () => {
    const path = join(data, 'qrels', 'test.tsv');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const relevant = lines.filter((line) => /\t1$/.test(line));
    writeFileSync(path, `${[lines[0], ...relevant].join('\n')}\n`);
    await expect(run()).rejects.toThrow(/at least 20 relevant and 20 irrelevant/);
    await run('--unjudged-irrelevant', '30');
    expect(readFacts()).toMatchObject({
      pairs: 300,
      relevantPairs: relevant.length,
      unjudgedIrrelevantDepth: 30,
    });
  });

  it('takes the grade that counts as relevant', async () => {
    const path = join(data, 'qrels', 'test.tsv');
    const raised = readFileSync(path, 'utf8')
      .replaceAll(/\t1$/gm, '\t2')
      .replaceAll(/\t0$/gm, '\t1');
    writeFileSync(path, raised);
    await expect(run()).rejects.toThrow(/irrelevant/);
    await run('--relevance-level', '2');
    expect(readFacts()).toMatchObject({ pairs: 300, relevanceLevel: 2 });
  });

  it('leaves out judgments without a text, and grades below 0', async () => {
    appendFileSync(join(data, 'qrels', 'test.tsv'), 'q0\tgone\t1\nnobody\td1\t1\n');
    const path = join(data, 'qrels', 'test.tsv');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/\t0\n/, '\t-1\n'));
    await run();
    expect(readFacts()).toMatchObject({ pairs: 299, queries: 10 });
    expect(complained).toContain('Left out 3 judgments');
  });

  it.each([
    [['--method', 'magic'], /--method must be platt or isotonic/],
    [['--method', 'isotonic'], /needs 1000 judged pairs/],
    [['--folds', '1'], /--folds must be a whole number of 2 or more/],
    [['--folds', '11'], /number of judged queries, 10/],
    [['--model', 'unknown'], /There is no folder .*unknown/],
  ])('refuses %j', async (more, message) => {
    await expect(run(...more)).rejects.toThrow(message);
    expect(existsSync(join(models, 'tiny-bert', 'calibration.json'))).toBe(false);
  });
});

describe('a page whose model is calibrated', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  /** Reranks in the built package, in a worker, with the model folder as it stands. */
  async function rerankInPage(): Promise<
    CompleteOutcome<string> | { code: string; field: string }
  > {
    const site = join(folder.path, 'site');
    mkdirSync(site, { recursive: true });
    writeFileSync(
      join(site, 'index.html'),
      `<!doctype html><script type="importmap">{"imports":{"comlink":"/comlink/comlink.mjs"}}</script>
       <script type="module">
         import { createReranker } from '/dist/index.js';
         globalThis.outcome = (async () => {
           try {
             const options = { model: 'tiny-bert', modelBaseUrl: '/models/', device: 'wasm' };
             const reranker = await createReranker(options);
             const documents = ['vacuum 1', 'lock 2', 'backup and role', 'a view of a cursor', 'x'];
             return await reranker.rerank({ query: 'lock', documents });
           } catch ({ code, details, message }) {
             return { code, field: details?.field, message };
           }
         })();
       </script>`,
    );
    const server = await startStaticServer({
      folders: {
        '/dist/': join(root, 'dist'),
        '/comlink/': join(root, 'node_modules/comlink/dist/esm'),
        '/models/': models,
        '/': site,
      },
    });
    const page = await browser.newPage();
    try {
      await page.goto(server.url);
      return await page.evaluate(
        () => (globalThis as unknown as { outcome: Promise<CompleteOutcome<string>> }).outcome,
      );
    } finally {
      await page.close();
      await server.close();
    }
  }

  it('gets probabilities in the same order, and is told that they are', async () => {
    const before = await rerankInPage();
    if (!('results' in before)) throw new Error(JSON.stringify(before));
    expect(before.model).toMatchObject({ calibrated: false });
    expect(before.model).not.toHaveProperty('calibration');
    for (const { relevanceScore, logit } of before.results) {
      expect(relevanceScore).toBe(sigmoid(logit));
    }

    await run();
    const curve = parseCalibration(Buffer.from(read('calibration.json')), 'calibration.json');
    if (curve.method !== 'platt') throw new Error(curve.method);
    const after = await rerankInPage();
    if (!('results' in after)) throw new Error(JSON.stringify(after));
    expect(after.model).toMatchObject({ calibrated: true, calibration: curve });
    expect(after.model.totalBytes).toBe(
      before.model.totalBytes + Buffer.byteLength(read('calibration.json')),
    );
    expect(after.results.map(({ index }) => index)).toEqual(
      before.results.map(({ index }) => index),
    );
    for (const [place, { relevanceScore, logit, share }] of after.results.entries()) {
      expect(logit).toBe(before.results[place]?.logit);
      expect(share).toBe(before.results[place]?.share);
      expect(relevanceScore).toBe(sigmoid(curve.slope * logit + curve.intercept));
    }
  });

  it('is told which field of a calibration is wrong, and gets no model', async () => {
    await run();
    const path = join(models, 'tiny-bert');
    const text = JSON.stringify({ formatVersion: 1, method: 'platt', slope: -1, intercept: 0 });
    writeFileSync(join(path, 'calibration.json'), text);
    expect(await rerankInPage()).toMatchObject({ code: 'model-integrity' });

    const manifest = JSON.parse(read('manifest.json')) as Manifest;
    const facts = {
      bytes: text.length,
      sha256: createHash('sha256').update(text).digest('hex'),
    };
    const files = { ...manifest.files, 'calibration.json': facts };
    writeFileSync(
      join(path, 'manifest.json'),
      JSON.stringify({ ...manifest, files, revision: 'another' }),
    );
    expect(await rerankInPage()).toMatchObject({ code: 'model-integrity', field: 'slope' });
  });
});
