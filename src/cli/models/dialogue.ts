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
 * A line without control characters, a space for each: names and labels of a hub could else write over what
 * the terminal shows, or steer it.
 */
export function cleanLine(line: string): string {
  return line.replace(/\p{Cc}/gu, ' ');
}

/** {@link cleanLine} for a text whose line breaks are its own. */
export function cleanText(text: string): string {
  return text.split('\n').map(cleanLine).join('\n');
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
    say: (line) => process.stdout.write(`${cleanLine(line)}\n`),
    progress(text) {
      const line = cleanLine(text);
      if (!stderr.isTTY) return;
      // Some hundred times a second nobody can read.
      if (line !== '' && Date.now() - shown < 100) return;
      shown = Date.now();
      stderr.write(`\r${line.padEnd(width)}${line === '' ? '\r' : ''}`);
      width = line.length;
    },
    async confirm(text) {
      const question = cleanLine(text);
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
