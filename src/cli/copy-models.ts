import { cpSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEFAULT_MODEL } from '../shared/defaults.ts';
import { UsageError, type Command } from './command.ts';
import { locateInPackage } from './package-files.ts';

/** `rerank-results copy`. */
export const copyCommand: Command = {
  usage: `Usage: rerank-results copy <directory> [model …]

Copies models of this package to <directory>/models/, where the element looks for them when <directory>
is what your site serves at its root. Without a model's name, the default model is copied.
`,
  run([directory, ...models]) {
    if (directory === undefined) throw new UsageError('The directory is missing.');
    for (const line of copyModels(directory, models)) process.stdout.write(`${line}\n`);
    return Promise.resolve(undefined);
  },
};

/**
 * Copies model folders of this package to `<directory>/models/`, which is made where it is missing.
 *
 * @param models Folder names; the default model's if empty.
 * @returns One line for each model, for people.
 * @throws Error naming the models that there are, where one is unknown.
 */
export function copyModels(directory: string, models: readonly string[]): string[] {
  const source = locateInPackage('public', 'models');
  const known = readdirSync(source);
  const wanted = models.length > 0 ? models : [DEFAULT_MODEL];
  for (const model of wanted) {
    if (!known.includes(model)) {
      throw new Error(`There is no model "${model}". This package has: ${known.join(', ')}.`);
    }
  }
  return wanted.map((model) => {
    const target = join(directory, 'models', model);
    cpSync(join(source, model), target, { recursive: true });
    return `Copied ${model} to ${resolve(target)}.`;
  });
}
