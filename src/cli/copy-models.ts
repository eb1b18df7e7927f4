import { cpSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_MODEL } from '../shared/defaults.ts';

/**
 * Copies model folders of this package to `<directory>/models/`, which is made where it is missing.
 *
 * @param models Folder names; the default model's if empty.
 * @returns One line for each model, for people.
 * @throws Error naming the models that there are, where one is unknown.
 */
export function copyModels(directory: string, models: readonly string[]): string[] {
  const source = fileURLToPath(new URL('../public/models', import.meta.url));
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
