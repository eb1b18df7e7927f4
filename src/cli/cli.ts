#!/usr/bin/env node
import { copyModels } from './copy-models.ts';

const usage = `Usage: rerank-results copy <directory> [model …]

Copies models of this package to <directory>/models/, where the element looks for them when <directory>
is what your site serves at its root. Without a model's name, the default model is copied.
`;

const [command, directory, ...models] = process.argv.slice(2);
if (command === '--help' || command === 'help') {
  process.stdout.write(usage);
} else if (command !== 'copy' || directory === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  try {
    for (const line of copyModels(directory, models)) process.stdout.write(`${line}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
