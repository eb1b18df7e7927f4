import { existsSync } from 'node:fs';

/** Where Debian, Ubuntu, Fedora, macOS and Windows put a Chromium or Chrome. */
const chromiumPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const firefoxPlaces = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/**
 * The Chromium that tests use: `CHROMIUM_PATH`, or the first that is installed.
 * @returns {string | undefined} Its path, or undefined where there is none.
 */
export function findChromium() {
  return findFirst(process.env.CHROMIUM_PATH, chromiumPlaces);
}

/**
 * The Firefox that tests use: `FIREFOX_PATH`, or the first that is installed.
 * @returns {string | undefined} Its path, or undefined where there is none.
 */
export function findFirefox() {
  return findFirst(process.env.FIREFOX_PATH, firefoxPlaces);
}

/**
 * @param {string | undefined} chosen What the environment names.
 * @param {readonly string[]} places
 * @returns {string | undefined}
 */
function findFirst(chosen, places) {
  return [...(chosen ? [chosen] : []), ...places].find((place) => existsSync(place));
}
