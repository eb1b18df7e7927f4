import { existsSync } from 'node:fs';

/** Where Linux, macOS and Windows put a Chromium or Chrome. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The browser to start: the one named, else `CHROMIUM_PATH`, else the first that is installed.
 *
 * @param chosen A path, which is taken as it is.
 * @returns undefined where there is none: Playwright may have one of its own.
 */
export function findBrowser(chosen: string | undefined): string | undefined {
  return chosen ?? (process.env.CHROMIUM_PATH || PLACES.find((place) => existsSync(place)));
}
