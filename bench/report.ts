/** The parts of docs/performance.md that are numbers, as Markdown. */
import { judgeGoals } from './goals.ts';
import {
  SCENARIO_NAMES,
  type BenchResults,
  type Machine,
  type ScenarioName,
  type ScenarioResult,
} from './results.ts';
import { tableOf, type Table } from './tables.ts';

/** Everything between `<!-- results: NAME -->` and `<!-- end -->` is written anew; NAME: `machine`, `goals` or a scenario. */
const PLACE = /(<!-- results: ([\w-]+) -->)[^]*?(<!-- end -->)/g;

/**
 * The page with the results in its places.
 *
 * @throws Error for a place with an unknown name.
 */
export function fillReport(page: string, results: BenchResults): string {
  return page.replace(PLACE, (_all, start: string, name: string, end: string) => {
    return `${start}\n\n${describe(name, results)}\n\n${end}`;
  });
}

function describe(place: string, results: BenchResults): string {
  if (place === 'machine') return describeMachines(results);
  if (place === 'goals') return describeGoals(results);
  const scenario = SCENARIO_NAMES.find((name) => name === place);
  if (!scenario)
    throw new Error(`docs/performance.md has a place for "${place}", which nothing fills.`);
  return describeScenario(results, scenario);
}

function describeMachines(results: BenchResults): string {
  const measured = listMeasured(results);
  const machines = new Set(measured.map(({ machine }) => describeMachine(machine)));
  if (machines.size === 0) return 'Nothing was measured yet.';
  const warning = measured.some(({ quick }) => quick)
    ? '\n\n**Parts of this were measured with `--quick` and mean nothing.**'
    : '';
  return [...machines].map((machine) => `- ${machine}`).join('\n') + warning;
}

/** One line. */
export function describeMachine({ cpu, cores, memoryBytes, ...rest }: Machine): string {
  const { platform, chromium, node, packages } = rest;
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  const hardware = `${cpu}, ${cores} cores, ${(memoryBytes / 2 ** 30).toFixed(0)} GiB, ${platform}`;
  return [hardware, `Chromium ${chromium}`, `Node ${node}`, ...versions].join('; ');
}

function describeGoals(results: BenchResults): string {
  const goals = judgeGoals(results);
  return toMarkdown({
    columns: ['goal', 'target', 'measured', ''],
    rows: goals.map(({ name, target, value, state }) => [name, target, value, state]),
  });
}

function describeScenario(results: BenchResults, name: ScenarioName): string {
  const result = results[name];
  const table = tableOf(results, name);
  if (!result || !table) return 'Not measured yet.';
  const { measuredAt, rounds, quick, notes } = result;
  const date = measuredAt.slice(0, 10);
  const measured = `Measured on ${date}, rounds: ${rounds}${quick ? ', with `--quick`: the times mean nothing' : ''}.`;
  return [
    ...(table.rows.length > 0 ? [toMarkdown(table)] : []),
    [measured, ...notes].map((note) => `- ${note}`).join('\n'),
  ].join('\n\n');
}

/** What was measured, whatever its rows are. */
export function listMeasured(results: BenchResults): ScenarioResult<unknown>[] {
  return SCENARIO_NAMES.flatMap((name): ScenarioResult<unknown>[] => {
    const result = results[name];
    return result ? [result] : [];
  });
}

function toMarkdown({ columns, rows }: Table): string {
  const toLine = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const lines = [columns, columns.map(() => '---'), ...rows].map(toLine);
  return lines.join('\n');
}
