import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Dtype } from '../../shared/types.ts';
import { UsageError, type Command } from '../command.ts';
import { readManifestIntegrity } from '../manifest-integrity.ts';
import { addModel } from './add-model.ts';
import type { AddedManifest } from './build-manifest.ts';
import { checkModel } from './check-model.ts';
import { cleanLine, cleanText, openDialogue } from './dialogue.ts';
import { listModels, listPresets } from './list-models.ts';
import { listModelFolders } from './model-files.ts';
import { DEFAULT_HUB, parseHub } from './open-source.ts';
import { formatBytes } from './presets.ts';

const DTYPES: readonly string[] = ['fp32', 'fp16', 'q8', 'q4'] satisfies Dtype[];

/** `rerank-results models`. */
export const modelsCommand: Command = {
  usage: `Usage: rerank-results models add <hub id[@revision] | preset | folder> [options]
       rerank-results models list [--to <directory>]
       rerank-results models check [<model folder> …]

add looks whether a reranker can work in a browser, says why not before any weights are fetched, and else
puts it with its manifest and known answers where pages look for it. list shows the presets and the models
that are there. check compares model folders with their manifests, and prints the hash that pins each one
(the element's integrity="…").

  --to <directory>          the folder of model folders (default public/models)
  --id <name>               the new folder's name, which is the element's model="<name>"
  --dtype <q8,fp16,…>       graphs to fetch, the preferred first: q8, q4, fp16, fp32 (default: q8 for WASM,
                            fp16 for WebGPU, else what there is)
  --max-tokens <number>     most tokens in a pair (default: the model's limit, at most 2048)
  --positive-label <name>   the label that means "relevant", where its name does not say so
  --hub <URL>               a hub or its mirror (default ${DEFAULT_HUB}); HF_TOKEN is sent to it alone
  --dry-run                 look and say, fetch no weights
  --skip-fp32               compute known answers with the chosen graphs; do not fetch the fp32 one for them
  --replace                 take the place of a model of the same name
  --force                   keep a model whose scores look wrong
  --yes                     do not ask
`,
  async run([action, ...args]) {
    try {
      if (action === 'add') return await runAdd(args);
      if (action === 'list') return await runList(args);
      if (action === 'check') return await runCheck(args);
    } catch (error) {
      // Messages name what a hub or a manifest says.
      if (error instanceof Error) error.message = cleanText(error.message);
      throw error;
    }
    throw new UsageError(
      action === undefined ? 'Say add, list or check.' : `There is no "models ${action}".`,
    );
  },
};

const TO = { to: { type: 'string', default: join('public', 'models') } } as const;

async function runAdd(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...TO,
      id: { type: 'string' },
      dtype: { type: 'string' },
      'max-tokens': { type: 'string' },
      'positive-label': { type: 'string' },
      hub: { type: 'string', default: DEFAULT_HUB },
      'dry-run': { type: 'boolean', default: false },
      'skip-fp32': { type: 'boolean', default: false },
      replace: { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      yes: { type: 'boolean', short: 'y', default: false },
    },
  });
  const [model, ...others] = positionals;
  if (model === undefined) throw new UsageError('Name a hub id, a preset or a folder.');
  if (others.length > 0)
    throw new UsageError(`One model at a time, not also ${others.join(', ')}.`);
  const token = process.env.HF_TOKEN?.trim();
  const manifest = await addModel(
    {
      model,
      hub: parseHub(values.hub),
      token: token === '' ? undefined : token,
      to: values.to,
      id: values.id,
      dtypes: parseDtypes(values.dtype),
      maxTokens: parseMaxTokens(values['max-tokens']),
      positiveLabel: values['positive-label'],
      dryRun: values['dry-run'],
      skipFp32: values['skip-fp32'],
      replace: values.replace,
      force: values.force,
    },
    openDialogue(values.yes),
  );
  if (manifest) for (const line of explainUse(manifest, values.to)) print(line);
  return manifest || values['dry-run'] ? 0 : 1;
}

async function runList(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: TO });
  for (const line of listPresets()) print(line);
  const models = await listModels(values.to);
  print('');
  print(models.length > 0 ? `In ${values.to}:` : `There is no model in ${values.to}.`);
  for (const line of models) print(line);
  return 0;
}

async function runCheck(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: TO });
  const folders =
    positionals.length > 0
      ? positionals
      : (await listModelFolders(values.to)).map((name) => join(values.to, name));
  if (folders.length === 0) throw new UsageError(`There is no model in ${values.to}.`);
  let isWrong = false;
  for (const folder of folders) {
    const { id, faults, passed } = await checkModel(folder);
    print(`${id}: ${faults.length === 0 ? 'right' : 'WRONG'}`);
    for (const line of [...faults, ...passed]) print(`  ${line}`);
    if (faults.length === 0) print(`  to pin it: integrity="${readManifestIntegrity(folder)}"`);
    isWrong ||= faults.length > 0;
  }
  return isWrong ? 1 : 0;
}

function parseDtypes(list: string | undefined): Dtype[] | undefined {
  if (list === undefined) return undefined;
  const names = [...new Set(list.split(',').map((name) => name.trim()))];
  const unknown = names.filter((name) => !DTYPES.includes(name));
  if (unknown.length > 0 || names.length === 0) {
    throw new UsageError(`--dtype takes ${DTYPES.join(', ')}, not "${list}".`);
  }
  return names as Dtype[];
}

function parseMaxTokens(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 16) {
    throw new UsageError(`--max-tokens takes a whole number of 16 or more, not "${text}".`);
  }
  return number;
}

function explainUse({ id, revision, files, languages }: AddedManifest, to: string): string[] {
  const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
  return [
    `Added ${join(to, id)}, revision ${revision}, ${formatBytes(bytes)} on disk.`,
    '',
    `Use it, where your site serves ${to} as /models/:`,
    `  <rerank-results model="${id}" for="search"> … </rerank-results>`,
    'Measure it on your own queries before you ship it:',
    `  npx rerank-results eval --data <BEIR folder> --models ${to} --model ${id}`,
    ...(languages.length === 0
      ? ['Its languages are unknown: write them into its manifest.json.']
      : []),
  ];
}

function print(line: string): void {
  process.stdout.write(`${cleanLine(line)}\n`);
}
