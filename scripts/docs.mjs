/** `npm run docs`: sets up what is missing, builds the documentation, and serves it. */
import { ensureDependencies, run } from './setup.mjs';

ensureDependencies();
run('npm', ['run', 'build:docs']);
run('npx', ['vite', 'preview', 'docs-site', ...process.argv.slice(2)]);
