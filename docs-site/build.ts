/** Builds the documentation into `docs-site/dist`: static files for any folder of any host. Needs a built package. */
import { existsSync } from 'node:fs';
import { buildSite } from './build-site.ts';

if (!existsSync('dist/types/index.d.ts') || !existsSync('custom-elements.json')) {
  throw new Error('The package is not built: run "npm run build" first.');
}
const folder = 'docs-site/dist';
const { pageCount, sectionCount } = await buildSite(folder);
process.stdout.write(`${pageCount} pages, ${sectionCount} sections to search: ${folder}\n`);
