/**
 * `npm test`: sets up what is missing, then checks everything. `npm test -- <filter>` runs only the
 * tests that match, on a fresh build.
 */
import { installRecipes, quickRecipes } from './recipes.mjs';
import { ensureChromium, ensureDependencies, ensureFirefox, run } from './setup.mjs';

ensureDependencies();
ensureChromium();
ensureFirefox();
const filters = process.argv.slice(2);
if (filters.length === 0) {
  const failures = await installRecipes(quickRecipes);
  if (failures.length > 0) {
    console.warn(`${failures.join('\n')}\nTests of these recipes are skipped.`);
  }
  run('npm', ['run', 'verify']);
} else {
  run('npm', ['run', 'build']);
  run('npx', ['vitest', 'run', ...filters]);
}
