/**
 * Measures every weight format of minilm-l6-split in Chromium and prints the tables of
 * docs/decisions/0001-weight-format.md.
 *
 *   python bench/weight-formats/make_variants.py package/dist/Xenova OUT && node bench/weight-formats/run.mjs OUT
 *
 * Options: --device wasm|webgpu (else both), --only TEXT (formats whose name contains it), --no-brotli.
 * Environment: CHROMIUM is the browser's path (default /usr/bin/chromium). Results also go to OUT/results.json.
 */
import { createServer } from 'node:http';
import { readFile, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { chromium } from 'playwright';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = resolve(here, '../..');
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    device: { type: 'string' },
    only: { type: 'string', default: '' },
    'no-brotli': { type: 'boolean', default: false },
  },
});
const variants = resolve(positionals[0] ?? '.');
const golden = JSON.parse(await readFile(join(root, 'test/golden/minilm-l6-split.json'), 'utf8'));

// A software WebGPU adapter needs seconds for one pair, so it gets a few short ones.
const short = golden.pairs.filter(({ inputIds }) => inputIds.length >= 12 && inputIds.length <= 40);
const topics = short.filter(({ name }) => /^(undo-commit|worker|vacuum)\//.test(name));
const PAIRS = { wasm: golden.pairs, webgpu: topics.slice(0, 4) };

const TYPES = { '.html': 'text/html', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const FOLDERS = {
  '/ort/': join(root, 'node_modules/onnxruntime-web/dist/'),
  '/variants/': `${variants}/`,
  '/': here,
};

async function serve() {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const prefix = Object.keys(FOLDERS).find((name) => path.startsWith(name));
    readFile(join(FOLDERS[prefix], path.slice(prefix.length))).then(
      (body) =>
        response
          .writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' })
          .end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

/** A fresh browser for each measurement: a runtime's heap never shrinks, and a lost GPU device stays lost. */
async function measure(url, format, device) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction(() => document.title === 'ready');
    const pairs = PAIRS[device].map(({ inputIds, logits }) => ({ inputIds, logits }));
    const batch = device === 'wasm' ? short.slice(0, 8).map(({ inputIds }) => inputIds) : undefined;
    return await page.evaluate((task) => globalThis.measure(task), {
      format,
      device,
      pairs,
      batch,
      throughput: true,
    });
  } catch (error) {
    return { failed: String(error.message).split('\n')[0].slice(0, 200) };
  } finally {
    await browser.close();
  }
}

async function sizes(format) {
  const files = [format.graph, ...(format.weights ? [format.weights] : [])];
  let [plain, brotli] = [0, 0];
  for (const file of files) {
    const body = await readFile(join(variants, file));
    plain += body.length;
    if (!options['no-brotli'])
      brotli += brotliCompressSync(body, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
      }).length;
  }
  return { bytes: plain, brotliBytes: brotli };
}

const number = (value, digits) => (value === undefined ? '–' : value.toFixed(digits));
const row = (cells) => `| ${cells.join(' | ')} |`;

function tables(results) {
  const lines = [
    row([
      'format',
      'bytes',
      'brotli-11',
      'WASM max',
      'mean',
      'WebGPU max',
      'mean',
      'WASM batch 1',
      'batch 8',
      'software WebGPU',
    ]),
    row(Array(10).fill('---')),
  ];
  const dependence = [
    row(['format', 'in a batch of 8', 'padded by 37']),
    row(Array(3).fill('---')),
  ];
  for (const { name, bytes, brotliBytes, wasm = {}, webgpu = {} } of results) {
    const errors = (r) =>
      r.failed ? ['fails', 'fails'] : [number(r.maxError, 4), number(r.meanError, 4)];
    const speeds = [
      number(wasm.pairsPerSecond1, 1),
      number(wasm.pairsPerSecond8, 1),
      number(webgpu.pairsPerSecond1, 2),
    ];
    lines.push(
      row([name, bytes, brotliBytes || '–', ...errors(wasm), ...errors(webgpu), ...speeds]),
    );
    const { inBatchOf8, padded } = wasm.batchDependence ?? {};
    dependence.push(row([name, number(inBatchOf8, 6), number(padded, 6)]));
  }
  return [...lines, '', ...dependence].join('\n');
}

const server = await serve();
const url = `http://127.0.0.1:${server.address().port}/page.html`;
const formats = JSON.parse(await readFile(join(variants, 'formats.json'), 'utf8'));
const results = [];
for (const format of formats.filter(({ name }) => name.includes(options.only))) {
  const result = { name: format.name, ...(await sizes(format)) };
  for (const device of options.device ? [options.device] : ['wasm', 'webgpu']) {
    result[device] = await measure(url, format, device);
    process.stderr.write(`${format.name} ${device} ${JSON.stringify(result[device])}\n`);
  }
  results.push(result);
  await writeFile(join(variants, 'results.json'), JSON.stringify(results, null, 1));
}
server.close();
process.stdout.write(`${tables(results)}\n`);
