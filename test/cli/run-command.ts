import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** What a command left. */
export interface CommandEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `rerank-results …` from its source, in the repository's root. */
export function runCommand(...parameters: readonly string[]): Promise<CommandEnd> {
  const child = spawn(
    process.execPath,
    [path('../../node_modules/tsx/dist/cli.mjs'), path('../../src/cli/cli.ts'), ...parameters],
    { cwd: path('../..'), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (printed.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (printed.stderr += data.toString()));
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, ...printed })));
}
