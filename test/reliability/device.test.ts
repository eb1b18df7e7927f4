import { expect, test } from 'vitest';
import { rerankedOrder, searchOrder } from '../golden-search.ts';
import {
  launchChromium,
  launchFirefox,
  readPage,
  waitForEvent,
  whyNoFirefox,
  type ReadersBrowser,
} from './browsers.ts';
import { addElementScript, startFaultySite } from './faulty-site.ts';

/** As strict as a site may be, and one word too strict. */
const policyWithoutWasm =
  "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'unsafe-inline'";

test.for([
  ['Chromium', launchChromium, undefined],
  ['Firefox', launchFirefox, whyNoFirefox()],
] as const)(
  'a policy without "wasm-unsafe-eval" keeps the search’s order, and the error names the word in %s',
  async ([, launch, whyNot], { skip }) => {
    if (whyNot !== undefined) skip(whyNot);
    await using browser = await launch();
    await using site = await startFaultySite({ policy: policyWithoutWasm });
    await expectFailure(browser, site.url, /script-src must have 'wasm-unsafe-eval'/);
    // Known before anything is downloaded.
    expect(site.requests.filter((path) => path.startsWith('/models/'))).toEqual([]);
  },
);

test('a browser without WebAssembly keeps the search’s order, and the error says so', async () => {
  await using browser = await launchChromium({ args: ['--js-flags=--jitless'] });
  await using site = await startFaultySite();
  await expectFailure(browser, site.url, /this browser has no WebAssembly, or it is turned off\.$/);
});

test('a browser that has WebGPU turned off reranks on WASM', async () => {
  await using browser = await launchChromium({ args: ['--disable-features=WebGPU'] });
  const script = addElementScript({ device: 'auto' });
  await using site = await startFaultySite({ script });
  await using page = await browser.open(site.url);
  const view = await waitForEvent(page, 'rerank-complete');
  expect(view).toMatchObject({ titles: rerankedOrder, uncaught: [] });
  expect(view.messages).toEqual([]);
});

async function expectFailure(browser: ReadersBrowser, url: string, message: RegExp): Promise<void> {
  await using page = await browser.open(url);
  await waitForEvent(page, /^rerank-error/);
  const { events, messages, titles, uncaught } = await readPage(page);
  expect(events.filter((event) => event.startsWith('rerank-error'))).toEqual([
    'rerank-error backend-unavailable',
  ]);
  expect(messages[0]).toMatch(message);
  expect(titles).toEqual(searchOrder);
  expect(uncaught).toEqual([]);
}
