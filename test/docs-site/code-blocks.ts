import { readFileSync } from 'node:fs';
import * as product from '../../src/index.ts';

/** The blocks of code of a guide in one language, from the top. */
export function readCodeBlocks(guide: string, language: string): string[] {
  const text = readFileSync(new URL(`../../docs/${guide}.md`, import.meta.url), 'utf8');
  const fence = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm');
  return [...text.matchAll(fence)].map(([, code = '']) => code);
}

/** Runs a block as a module would, with what the guide leaves to its reader. */
export async function runCode(
  code: string,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const body = code.replace(/^import (\{.*\}) from 'rerank-results';$/m, 'const $1 = product;');
  const values = { product, ...given };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the guide's code is what is tested
  const run = new Function(...Object.keys(values), `return (async () => { ${body} })();`) as (
    ...values: unknown[]
  ) => Promise<void>;
  await run(...Object.values(values));
}
