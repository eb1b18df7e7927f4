import { parseArgs } from 'node:util';
import { SCENARIO_NAMES, type ScenarioName } from './results.ts';

export interface BenchSettings {
  readonly only: readonly ScenarioName[];
  /** How often each subject is measured; medians are reported. */
  readonly rounds: number;
  /** `engines` measures all of them, every other scenario the first. */
  readonly models: readonly string[];
  /** Little work: to see that everything runs. Its times mean nothing. */
  readonly quick: boolean;
  /** Where the results go; scenarios that did not run keep what the file has. */
  readonly out: string;
}

/** These run only where they are asked for. */
const ON_REQUEST: readonly ScenarioName[] = ['webgpu'];

/** Reads the command line. @throws Error for an unknown flag or value. */
export function readSettings(parameters: readonly string[]): BenchSettings {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      only: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      model: { type: 'string', multiple: true, default: ['minilm-l6-split'] },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const { quick } = values;
  const rounds = Number(values.rounds ?? (quick ? 1 : 5));
  if (!(Number.isInteger(rounds) && rounds >= 1)) {
    throw new Error(`--rounds must be a whole number of 1 or more, but is "${values.rounds}".`);
  }
  const only = values.only?.flatMap((names) => names.split(',')).map(readScenarioName);
  return {
    only: only ?? SCENARIO_NAMES.filter((name) => !ON_REQUEST.includes(name)),
    rounds,
    models: values.model,
    quick,
    out: values.out ?? `bench/results/${quick ? 'quick' : 'latest'}.json`,
  };
}

function readScenarioName(value: string): ScenarioName {
  const name = SCENARIO_NAMES.find((known) => known === value);
  if (name) return name;
  throw new Error(`--only must be one of ${SCENARIO_NAMES.join(', ')}, but is "${value}".`);
}
