/** Where recipes are tried, and what is installed there before. Plain JavaScript: set-up runs it. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const recipeNames = readdirSync('recipes');

/** Those that `npm test` tries. The others have hundreds of packages and long builds: only `npm run recipes` tries them. */
export const quickRecipes = ['plain-html', 'vite', 'vitepress'];

/**
 * The folder in which a recipe is tried: outside of the repository, so that it finds nothing that it does not install. Its name
 * changes with what is installed there.
 * @param {string} name
 * @returns {string}
 */
export function locateRecipe(name) {
  const hash = createHash('sha256')
    .update(JSON.stringify([readDependencies(name), process.version]))
    .digest('hex')
    .slice(0, 12);
  return join(tmpdir(), 'rerank-results-recipes', `${name}-${hash}`);
}

/**
 * Installs what recipes need, all at once, where it is not there yet.
 * @param {readonly string[]} names
 * @returns {Promise<string[]>} What went wrong, a text for each recipe that could not be installed.
 */
export async function installRecipes(names = recipeNames) {
  const failures = await Promise.all(names.map(installRecipe));
  return failures.filter((failure) => failure !== undefined);
}

/** @param {string} name */
async function installRecipe(name) {
  const folder = locateRecipe(name);
  if (existsSync(folder)) return undefined;
  // Another folder until all is there: an installation that was interrupted begins anew.
  const partial = `${folder}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const manifest = { private: true, dependencies: readDependencies(name) };
  writeFileSync(join(partial, 'package.json'), JSON.stringify(manifest));
  const { status, output } = await runNpm(partial, [
    'install',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
  ]);
  if (status !== 0) {
    rmSync(partial, { recursive: true, force: true });
    return `recipes/${name}: npm could not install its dependencies.\n${output}`;
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
  return undefined;
}

/**
 * What a recipe needs from the registry: all but this package, in whose place are its own dependencies.
 * @param {string} name
 * @returns {Record<string, string>}
 */
function readDependencies(name) {
  const { dependencies, devDependencies } = readManifest(join('recipes', name));
  const needed = { ...readManifest('.').dependencies, ...dependencies, ...devDependencies };
  delete needed['rerank-results'];
  return needed;
}

/**
 * @param {string} folder
 * @returns {{ dependencies?: Record<string, string>, devDependencies?: Record<string, string> }}
 */
function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/**
 * @param {string} cwd
 * @param {string[]} parameters
 * @returns {Promise<{ status: number | null, output: string }>}
 */
function runNpm(cwd, parameters) {
  const child = spawn('npm', parameters, { cwd, shell: process.platform === 'win32' });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ status: null, output: error.message }));
    child.once('close', (status) => resolve({ status, output }));
  });
}
