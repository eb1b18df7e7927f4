import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { countRunEnds } from '../../test/browser-e2e/demo-page.ts';
import { TIMEOUT_MS, type PictureStates } from './picture-state.ts';

/** Windows that pages are photographed in. */
export const WINDOWS = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

/** Which pictures are taken, and where they go. */
export interface PictureOrder {
  /** Where the pages are, with a slash at its end. */
  readonly address: string;
  readonly folder: string;
  /** Only the states whose names have it. */
  readonly word: string;
}

/**
 * Photographs every state in light and dark, on a desktop and a phone. One visit serves all pictures of a state, so that they show the
 * same run.
 *
 * @returns The paths of the pictures, and an error for each state that was not reached.
 */
export async function takePictures(
  browser: Browser,
  states: PictureStates,
  { address, folder, word }: PictureOrder,
): Promise<{ readonly paths: readonly string[]; readonly failures: readonly Error[] }> {
  const paths: string[] = [];
  const failures: Error[] = [];
  for (const [name, { open, isOfWindow }] of Object.entries(states)) {
    if (!name.includes(word)) continue;
    const first = await openPage(browser, { viewport: WINDOWS.desktop });
    try {
      const page = (await open(first, address)) ?? first;
      for (const [device, viewport] of Object.entries(WINDOWS)) {
        await page.setViewportSize(viewport);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          const path = join(folder, `${name}-${device}-${colorScheme}.png`);
          await page.screenshot({ path, fullPage: !isOfWindow, animations: 'disabled' });
          paths.push(path);
        }
      }
    } catch (cause) {
      failures.push(new Error(`The state "${name}" was not reached.`, { cause }));
    }
    await first.context().close();
  }
  return { paths, failures };
}

/** A page of a new reader, whose runs are counted. */
export async function openPage(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(TIMEOUT_MS);
  const page = await context.newPage();
  await countRunEnds(page);
  return page;
}
