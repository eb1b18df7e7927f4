#!/usr/bin/env node
import { UsageError, type Command } from './command.ts';

/** Each command's one-line summary and module. */
const commands: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  copy: {
    summary: 'copy models, and files for pages without a bundler, to where your site serves them',
    load: async () => (await import('./copy-command.ts')).copyCommand,
  },
  models: {
    summary: 'add rerankers from a hub or a folder, list them, check them',
    load: async () => (await import('./models/models-command.ts')).modelsCommand,
  },
  eval: {
    summary: 'measure what reranking does to your search, by judged queries',
    load: async () => (await import('./eval/eval-command.ts')).evalCommand,
  },
  judge: {
    summary: 'grade results for your own queries, or read grades from a click log',
    load: async () => (await import('./judge/judge-command.ts')).judgeCommand,
  },
  calibrate: {
    summary: "make a model's scores probabilities, by judged results",
    load: async () => (await import('./calibrate/calibrate-command.ts')).calibrateCommand,
  },
};

const overview = `Usage: rerank-results <command> [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}\n`)
  .join('')}
rerank-results <command> --help says more.
`;

process.exitCode = await main(process.argv.slice(2));

async function main([name = '', ...args]: string[]): Promise<number> {
  if (name === '--help' || name === 'help') {
    process.stdout.write(overview);
    return 0;
  }
  if (!Object.hasOwn(commands, name)) {
    process.stderr.write(name === '' ? overview : `There is no command "${name}".\n${overview}`);
    return 2;
  }
  const command = await commands[name]?.load();
  if (!command) return 2;
  if (args.includes('--help')) {
    process.stdout.write(command.usage);
    return 0;
  }
  try {
    return (await command.run(args)) ?? 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    // `parseArgs` throws TypeErrors with such codes for options that it does not know.
    const isUsage =
      error instanceof UsageError ||
      (error instanceof TypeError &&
        String(Reflect.get(error, 'code')).startsWith('ERR_PARSE_ARGS'));
    if (isUsage) process.stderr.write(command.usage);
    return isUsage ? 2 : 1;
  }
}
