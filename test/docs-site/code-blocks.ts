import { readFileSync } from 'node:fs';
import * as product from '../../src/index.ts';

/** The blocks of code of a guide in one language, from the top. */
export function readCodeBlocks(guide: string, language: string): string[] {
  const text = readFileSync(new URL(`../../docs/${guide}.md`, import.meta.url), 'utf8');
  const fence = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm');
  return [...text.matchAll(fence)].map(([, code = '']) => code);
}

export interface RunOptions {
  /** What the block imports, by the names that it imports from. Default: `rerank-results` from the sources. */
  readonly modules?: Readonly<Record<string, object>>;
  /** Names that the block declares, and whose values are wanted. Default: none. */
  readonly names?: readonly string[];
}

/**
 * Runs a block as a module would, with what the guide leaves to its reader.
 *
 * @returns The values of `names`.
 */
export async function runCode(
  code: string,
  given: Readonly<Record<string, unknown>>,
  { modules = {}, names = [] }: RunOptions = {},
): Promise<Readonly<Record<string, unknown>>> {
  const body = code
    .replace(/^import (\{[^}]*\}) from '(.*)';$/gm, "const $1 = modules['$2'];")
    .replace(/^import (\w+) from '(.*)';$/gm, "const $1 = modules['$2'].default;");
  const values = { modules: { 'rerank-results': product, ...modules }, ...given };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the guide's code is what is tested
  const run = new Function(
    ...Object.keys(values),
    `return (async () => { ${body}\nreturn { ${names.join(', ')} }; })();`,
  ) as (...values: unknown[]) => Promise<Readonly<Record<string, unknown>>>;
  return run(...Object.values(values));
}
