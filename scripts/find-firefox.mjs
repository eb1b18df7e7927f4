import { existsSync } from 'node:fs';

const places = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/**
 * The Firefox that tests use: `FIREFOX_PATH`, or the first that is installed.
 * @returns {string | undefined} Its path, or undefined where there is none.
 */
export function findFirefox() {
  const chosen = process.env.FIREFOX_PATH;
  return [...(chosen ? [chosen] : []), ...places].find((place) => existsSync(place));
}
