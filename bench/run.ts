/**
 * `npm run bench [-- --only engines,abort --rounds 5 --model minilm-l6-split --quick]`: times this package and its
 * opponents in Chromium on the demo's candidates, prints tables and the goals, and writes `bench/results/latest.json`.
 * Needs a build and a quiet machine. docs/performance.md says what each scenario is.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { judgeGoals } from './goals.ts';
import { describeMachine } from './machine.ts';
import type { BenchResults, RowOfScenario, ScenarioName } from './results.ts';
import { measureAbort } from './scenarios/abort.ts';
import { measureCandidates } from './scenarios/candidates.ts';
import { measureCascade } from './scenarios/cascade.ts';
import { measureEngines } from './scenarios/engines.ts';
import { measureKeystrokes } from './scenarios/keystrokes.ts';
import { measureLengths } from './scenarios/lengths.ts';
import { measureLoading } from './scenarios/loading.ts';
import { measureMainThread } from './scenarios/main-thread.ts';
import { measureThreads } from './scenarios/threads.ts';
import { measureWebGpu } from './scenarios/webgpu.ts';
import { readSettings } from './settings.ts';
import { tableOf } from './tables.ts';
import { Workbench, type Findings } from './workbench.ts';

const scenarios: {
  readonly [TName in ScenarioName]: (bench: Workbench) => Promise<Findings<RowOfScenario[TName]>>;
} = {
  engines: measureEngines,
  candidates: measureCandidates,
  lengths: measureLengths,
  keystrokes: measureKeystrokes,
  threads: measureThreads,
  abort: measureAbort,
  'main-thread': measureMainThread,
  loading: measureLoading,
  cascade: measureCascade,
  webgpu: measureWebGpu,
};

const settings = readSettings(process.argv.slice(2));
const { only, rounds, quick, out } = settings;
let results: BenchResults = existsSync(out)
  ? (JSON.parse(readFileSync(out, 'utf8')) as BenchResults)
  : {};
{
  await using bench = await Workbench.open(settings);
  const machine = describeMachine(bench.chromiumVersion);
  console.log(`${machine.cpu}, ${machine.cores} cores, Chromium ${machine.chromium}`);
  for (const name of only) {
    const startMs = performance.now();
    const findings = await scenarios[name](bench);
    const facts = { measuredAt: new Date().toISOString(), quick, rounds, machine };
    results = { ...results, [name]: { ...facts, ...findings } };
    // After each scenario: one that fails later loses nothing.
    writeResults();
    printScenario(name, (performance.now() - startMs) / 1000);
  }
}
console.log(`\nGoals${quick ? ' (quick: these numbers mean nothing)' : ''}`);
console.table(judgeGoals(results).map(({ scenario: _, ...goal }) => goal));
console.log(`Results: ${out}`);

function printScenario(name: ScenarioName, seconds: number): void {
  console.log(`\n${name} (${seconds.toFixed(0)} s)`);
  const table = tableOf(results, name);
  console.table(
    table?.rows.map((row) =>
      Object.fromEntries(table.columns.map((column, index) => [column, row[index]])),
    ),
  );
  for (const note of results[name]?.notes ?? []) console.log(note);
}

function writeResults(): void {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify(results, undefined, 1)}\n`);
}
