import { expect, test } from 'vitest';
import { rerankedOrder } from '../golden-search.ts';
import { launchChromium, launchFirefox, waitForEvent, whyNoFirefox } from './browsers.ts';
import { startFaultySite } from './faulty-site.ts';

test.for([
  ['Chromium', launchChromium, undefined],
  ['Firefox', launchFirefox, whyNoFirefox()],
] as const)('a sound site reranks in %s', async ([, launch, whyNot], { skip }) => {
  if (whyNot !== undefined) skip(whyNot);
  await using browser = await launch();
  await using site = await startFaultySite();
  await using page = await browser.open(site.url);
  const view = await waitForEvent(page, 'rerank-complete');
  expect(view).toMatchObject({ titles: rerankedOrder, uncaught: [] });
});
