import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createIndex } from 'pagefind';
import type { ManualPage } from './manual-pages.ts';

/**
 * Makes Pagefind's index of pages with Pagefind's own program, once: the folder is named after what is in it.
 *
 * @param cacheFolder Holds one folder for each set of pages.
 * @returns The folder to serve; `pagefind.js` is in it.
 */
export async function writePagefindIndex(
  pages: readonly ManualPage[],
  cacheFolder: string,
): Promise<string> {
  const name = createHash('sha256').update(JSON.stringify(pages)).digest('hex').slice(0, 16);
  const folder = join(cacheFolder, name);
  if (existsSync(folder)) return folder;
  const { index, errors } = await createIndex({ forceLanguage: 'en' });
  if (!index) throw new Error(`Pagefind made no index: ${errors.join(' ')}`);
  // A server that is stopped meanwhile must not leave half an index.
  const unfinished = `${folder}.${process.pid}`;
  try {
    const added = pages.map(({ url, html }) => index.addHTMLFile({ url, content: html }));
    for (const page of await Promise.all(added)) throwFirst(page.errors);
    await mkdir(cacheFolder, { recursive: true });
    throwFirst((await index.writeFiles({ outputPath: unfinished })).errors);
    await rename(unfinished, folder).catch((error: unknown) => {
      // Another server was faster.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await Promise.all([index.deleteIndex(), rm(unfinished, { recursive: true, force: true })]);
  }
  return folder;
}

function throwFirst([error]: readonly string[]): void {
  if (error !== undefined) throw new Error(`Pagefind: ${error}`);
}
