/** `npm run recipes`: installs every recipe's dependencies, builds the package, and tries the recipes in a browser. */
import { installRecipes } from './recipes.mjs';
import { ensureChromium, ensureDependencies, run } from './setup.mjs';

ensureDependencies();
ensureChromium();
const failures = await installRecipes();
if (failures.length > 0) {
  console.error(`${failures.join('\n')}\nIs the package registry reachable?`);
  process.exit(1);
}
run('npm', ['run', 'build']);
// Else only those that `npm test` tries.
process.env['RERANK_RESULTS_RECIPES'] = 'all';
run('npx', ['vitest', 'run', '--project', 'node', 'test/recipes']);
