/**
 * Takes pictures of the demo. They show real runs, with the times of the machine that takes them.
 *
 *   npx tsx scripts/screenshot-demo.ts                 the README's, into docs/images/
 *   npx tsx scripts/screenshot-demo.ts FOLDER [WORD]   every room in every state, both elements on a page of their own, and the
 *                                                      documentation's site, in light and dark, on a desktop and a phone; with a word
 *                                                      only the states whose names have it. Needs a built package.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright';
import { buildSite } from '../docs-site/build-site.ts';
import { launchBrowser, startDemoServer } from '../test/browser-e2e/demo-page.ts';
import { startStaticServer } from '../test/package/static-server.ts';
import { demoStates, openSearch } from './pictures/demo-states.ts';
import { docsStates } from './pictures/docs-states.ts';
import { startElementPages } from './pictures/element-page.ts';
import { elementStates } from './pictures/element-states.ts';
import type { PictureStates } from './pictures/picture-state.ts';
import { openPage, takePictures, WINDOWS } from './pictures/take-pictures.ts';

/** Of WebP, 0 to 1: letters stay sharp, and a picture has a third of a PNG's bytes. */
const QUALITY = 0.9;

/** What is photographed, and how it is served. */
const SITES: readonly {
  readonly states: PictureStates;
  readonly start: () => Promise<AsyncDisposable & { readonly address: string }>;
}[] = [
  { states: demoStates, start: startDemoServer },
  {
    states: elementStates,
    async start() {
      const server = await startElementPages();
      return { address: server.url, [Symbol.asyncDispose]: () => server.close() };
    },
  },
  { states: docsStates, start: startDocs },
];

const [folder = fileURLToPath(new URL('../docs/images/', import.meta.url)), word = ''] =
  process.argv.slice(2);
await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
try {
  const paths = process.argv[2] === undefined ? await takeReadmePictures() : await takeAll();
  console.log(`${paths.join('\n')}\n${paths.length} pictures`);
} finally {
  await browser.close();
}

/** The search room, for light and for dark pages. One visit serves both, so that they show the same run. */
async function takeReadmePictures(): Promise<readonly string[]> {
  const server = await startDemoServer();
  try {
    const paths: string[] = [];
    const page = await openPage(browser, { viewport: WINDOWS.desktop });
    await openSearch(page, server.address);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const picture = await page.screenshot({ animations: 'disabled' });
      const path = join(folder, `demo-${colorScheme}.webp`);
      await writeFile(path, await toWebp(browser, picture));
      paths.push(path);
    }
    return paths;
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

/** Browsers write WebP; their screenshots are PNGs. */
async function toWebp(from: Browser, png: Buffer): Promise<Buffer> {
  const page = await from.newPage();
  const base64 = await page.evaluate(
    async ({ data, quality }) => {
      const image = await createImageBitmap(await (await fetch(data)).blob());
      const canvas = new OffscreenCanvas(image.width, image.height);
      canvas.getContext('2d', { alpha: false })?.drawImage(image, 0, 0);
      const blob = await canvas.convertToBlob({ type: 'image/webp', quality });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    },
    { data: `data:image/png;base64,${png.toString('base64')}`, quality: QUALITY },
  );
  await page.close();
  return Buffer.from(base64, 'base64');
}

async function takeAll(): Promise<readonly string[]> {
  const paths: string[] = [];
  const failures: Error[] = [];
  for (const { states, start } of SITES) {
    if (!Object.keys(states).some((name) => name.includes(word))) continue;
    const server = await start();
    try {
      const taken = await takePictures(browser, states, { ...server, folder, word });
      paths.push(...taken.paths);
      failures.push(...taken.failures);
    } finally {
      await server[Symbol.asyncDispose]();
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `Only ${paths.length} pictures.`);
  return paths;
}

async function startDocs(): Promise<AsyncDisposable & { readonly address: string }> {
  const site = await mkdtemp(join(tmpdir(), 'rerank-results-docs-'));
  await buildSite(site);
  const server = await startStaticServer({ folders: { '/': site } });
  return {
    address: server.url,
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(site, { recursive: true, force: true });
    },
  };
}
