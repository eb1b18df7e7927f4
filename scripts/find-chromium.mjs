import { existsSync } from 'node:fs';

/** Where Debian, Ubuntu, Fedora, macOS and Windows put a Chromium or Chrome. */
const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The Chromium that tests use: `CHROMIUM_PATH`, or the first that is installed.
 * @returns {string | undefined} Its path, or undefined where there is none.
 */
export function findChromium() {
  const chosen = process.env.CHROMIUM_PATH;
  return [...(chosen ? [chosen] : []), ...places].find((place) => existsSync(place));
}
