/**
 * `npm test`: sets up what is missing, then checks everything. `npm test -- <filter>` runs only the
 * tests that match, on a fresh build.
 */
import { ensureChromium, ensureDependencies, run } from './setup.mjs';

ensureDependencies();
ensureChromium();
const filters = process.argv.slice(2);
if (filters.length === 0) {
  run('npm', ['run', 'verify']);
} else {
  run('npm', ['run', 'build']);
  run('npx', ['vitest', 'run', ...filters]);
}
