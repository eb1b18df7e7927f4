import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** What a command left. */
export interface CommandEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built `rerank-results …` in the repository's root. */
export function runCommand(...parameters: readonly string[]): Promise<CommandEnd> {
  return runCommandWith({}, ...parameters);
}

/** The same with these variables in its environment too. */
export function runCommandWith(
  variables: Readonly<Record<string, string>>,
  ...parameters: readonly string[]
): Promise<CommandEnd> {
  const child = spawn(process.execPath, [path('../../dist/cli.js'), ...parameters], {
    cwd: path('../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...variables },
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (printed.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (printed.stderr += data.toString()));
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, ...printed })));
}
