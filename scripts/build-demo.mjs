/** `npm run build:demo`: sets up what is missing, builds the library, and writes the demo as a static site to `demo/dist`. */
import { ensureDependencies, run } from './setup.mjs';

ensureDependencies();
run('npm', ['run', 'build']);
run('npx', ['vite', 'build', '--config', 'demo/vite.config.ts', ...process.argv.slice(2)]);
