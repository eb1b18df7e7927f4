/** `npm run verify`: checks all that is set up. */
import { run, runTogether } from './setup.mjs';

run('npm', ['run', 'format:check']);
// Neither reads what the other writes.
await runTogether([
  ['npm', 'run', 'check'],
  ['npm', 'run', 'build'],
]);
run('npm', ['run', 'vitest']);
