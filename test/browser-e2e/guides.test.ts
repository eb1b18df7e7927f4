import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCodeBlocks } from '../docs-site/code-blocks.ts';
import { startStaticServer, type StaticServer } from '../package/static-server.ts';
import { visitPage, type Visit } from '../package/visit-page.ts';
import { launchBrowser } from './demo-page.ts';

const QUERY = 'I forgot the password of my account on this laptop';
const BEST_TITLE = 'Recovery phrase';

const folder = mkdtempSync(join(tmpdir(), 'rerank-results-guides-'));
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  // The guide's own command, as the installed package has it.
  const command = /^npx rerank-results ([^#\n]*)/m.exec(readBlock('drop-in', 'sh'))?.[1]?.trim();
  const cli = resolve('dist/cli.js');
  execFileSync(process.execPath, [cli, ...(command ?? '').split(' ')], { cwd: folder });
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The only block of that language in a guide. */
function readBlock(guide: string, language: string): string {
  const blocks = readCodeBlocks(guide, language);
  expect(blocks).toHaveLength(1);
  return blocks[0] ?? '';
}

async function open(server: StaticServer): Promise<Visit & AsyncDisposable> {
  const context = await browser.newContext();
  await context.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
  const visited = await visitPage(context, server.url);
  return { ...visited, [Symbol.asyncDispose]: () => context.close() };
}

describe('the guides', () => {
  it('drop-in: its page reranks what its search answers, and its script tells what happens', async () => {
    const script = `<script type="module">${readBlock('drop-in', 'js')}</script>`;
    const page = readBlock('drop-in', 'html').replace('</body>', `${script}</body>`);
    writeFileSync(join(folder, 'index.html'), page);
    const server = await startStaticServer({
      folders: { '/': folder },
      answer: (request, response) => {
        if (request.url?.startsWith('/api/search') !== true) return false;
        response.setHeader('content-type', 'application/json').end(readBlock('drop-in', 'json'));
        return true;
      },
    });
    await using visited = await open(server);
    const told: string[] = [];
    visited.page.on('console', (message) => told.push(message.text()));
    await visited.page.getByLabel('Search').fill(QUERY);

    const { error, titles } = await visited.next();
    expect(error).toBeUndefined();
    expect(titles?.[0]).toBe(BEST_TITLE);
    expect(server.requests).toContain(`/api/search?q=${encodeURIComponent(QUERY)}&limit=50`);
    await expect.poll(() => told.join('\n')).toContain('rerank-complete');
    expect(visited.errors).toEqual([]);
    await server.close();
  });

  it('private search: its page sends no query to anybody', async () => {
    writeFileSync(join(folder, 'index.html'), readBlock('private-search', 'html'));
    writeFileSync(join(folder, 'search.js'), readBlock('private-search', 'js'));
    writeFileSync(join(folder, 'search-index.json'), readBlock('private-search', 'json'));
    const server = await startStaticServer({ folders: { '/': folder } });
    await using visited = await open(server);
    await visited.page.locator('input[type="search"]').fill(QUERY);

    const { error, titles } = await visited.next();
    expect(error).toBeUndefined();
    expect(titles?.[0]).toBe(BEST_TITLE);
    expect(visited.requests.filter((url) => !url.startsWith(server.url))).toEqual([]);
    expect(visited.requests.filter((url) => /forgot|laptop/.test(url))).toEqual([]);
    expect(visited.errors).toEqual([]);
    await server.close();
  });
});
