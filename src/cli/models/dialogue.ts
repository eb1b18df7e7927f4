import { createInterface } from 'node:readline/promises';

/** How the command talks with its user. */
export interface Dialogue {
  say(line: string): void;
  /** A line that the next one takes the place of. */
  progress(line: string): void;
  /** Whether the user agrees. */
  confirm(question: string): Promise<boolean>;
}

/**
 * The dialogue with whoever sits at the terminal. Progress and questions go to the error stream.
 *
 * @param agrees Whether every question is answered by yes.
 */
export function openDialogue(agrees: boolean): Dialogue {
  const { stderr, stdin } = process;
  let width = 0;
  let shown = 0;
  return {
    say: (line) => process.stdout.write(`${line}\n`),
    progress(line) {
      if (!stderr.isTTY) return;
      // Some hundred times a second nobody can read.
      if (line !== '' && Date.now() - shown < 100) return;
      shown = Date.now();
      stderr.write(`\r${line.padEnd(width)}${line === '' ? '\r' : ''}`);
      width = line.length;
    },
    async confirm(question) {
      if (agrees) return true;
      if (!stdin.isTTY) {
        throw new Error(`${question} There is no terminal to answer on: add --yes.`);
      }
      const reader = createInterface({ input: stdin, output: stderr });
      const answer = await reader.question(`${question} [y/N] `);
      reader.close();
      return /^y(es)?$/i.test(answer.trim());
    },
  };
}
