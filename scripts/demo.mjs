/** `npm run demo`: sets up what is missing, builds the library, and serves the demo. */
import { ensureDependencies, run } from './setup.mjs';

ensureDependencies();
run('npm', ['run', 'build']);
run('npx', ['vite', '--config', 'demo/vite.config.ts', ...process.argv.slice(2)]);
