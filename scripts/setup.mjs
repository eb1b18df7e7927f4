/** What a fresh clone is missing. Plain JavaScript: it runs before anything is installed. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { findChromium, findFirefox } from './find-browser.mjs';

const installed = 'node_modules/.package-lock.json';

/** Installs dependencies as the lockfile says, unless they are there. */
export function ensureDependencies() {
  const isFresh =
    existsSync(installed) && statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs;
  if (!isFresh) run('npm', ['ci']);
}

/** Finds a Chromium, else installs one: Debian's where this is root on Debian, else Playwright's. */
export function ensureChromium() {
  if (findChromium()) return;
  if (isDebianRoot()) {
    run('apt-get', ['update', '-q']);
    run('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'chromium']);
  } else {
    run('npx', ['playwright', 'install', 'chromium']);
  }
}

/** Installs Debian's Firefox where this is root on Debian. Elsewhere, and where that fails, its tests are skipped and say so. */
export function ensureFirefox() {
  if (findFirefox() || !isDebianRoot()) return;
  for (const parameters of [
    ['update', '-q'],
    ['install', '-q', '-y', '--no-install-recommends', 'firefox-esr'],
  ]) {
    spawnSync('apt-get', parameters, { stdio: 'inherit' });
  }
}

function isDebianRoot() {
  return existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
}

/**
 * Runs a command and shows its output; ends this process where it fails.
 * @param {string} command
 * @param {string[]} parameters
 */
export function run(command, parameters) {
  const shell = process.platform === 'win32';
  const { status } = spawnSync(command, parameters, { stdio: 'inherit', shell });
  if (status !== 0) {
    console.error(`\n"${command} ${parameters.join(' ')}" failed.`);
    process.exit(status ?? 1);
  }
}

/**
 * Runs commands at the same time and shows what each printed once it ended; ends this process where one failed.
 * @param {readonly (readonly [string, ...string[]])[]} commands
 */
export async function runTogether(commands) {
  const failures = (await Promise.all(commands.map(runQuietly))).filter(Boolean);
  if (failures.length === 0) return;
  console.error(`\n${failures.map((command) => `"${command}" failed.`).join('\n')}`);
  process.exit(1);
}

/**
 * @param {readonly [string, ...string[]]} command
 * @returns {Promise<string | undefined>} The command, where it failed.
 */
function runQuietly([command, ...parameters]) {
  const shell = process.platform === 'win32';
  const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'], shell });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  return new Promise((resolve) => {
    child.once('close', (status) => {
      process.stdout.write(output);
      resolve(status === 0 ? undefined : [command, ...parameters].join(' '));
    });
  });
}
