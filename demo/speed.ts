/** Speed: what the benchmark measured last, as bars and tables. */
import { judgeGoals } from '../bench/goals.ts';
import latest from '../bench/results/latest.json';
import { SCENARIO_NAMES, type BenchResults, type ScenarioName } from '../bench/results.ts';
import { tableOf } from '../bench/tables.ts';
import { makeChart } from './bar-chart.ts';
import { findElement, makeElement } from './find-element.ts';
import { makeScrollTable, makeTable } from './make-table.ts';
import { chartEngines, chartKeystrokes, chartLengths } from './speed-charts.ts';

/** What the types of JSON cannot say: which texts a field may have. */
const results = latest as unknown as BenchResults;

const TITLES: Readonly<Record<ScenarioName, string>> = {
  engines: 'Engines',
  candidates: 'Waiting, by the number of candidates',
  lengths: 'Lengths',
  keystrokes: 'Keystrokes',
  threads: 'Lanes',
  abort: 'Aborts',
  'main-thread': 'The page’s main thread',
  loading: 'Loading',
  cascade: 'Cascade',
  webgpu: 'WebGPU',
};

showMachine();
findElement('goals', HTMLElement).append(
  makeTable({
    columns: ['Goal', 'Target', 'Measured', 'State'],
    rows: judgeGoals(results).map(({ name, target, value, state }) => [name, target, value, state]),
  }),
);
findElement('charts', HTMLElement).append(
  ...[chartEngines(results), chartLengths(results), chartKeystrokes(results)].map(makeChart),
);
findElement('tables', HTMLElement).append(...SCENARIO_NAMES.flatMap(makeDetails));

function showMachine(): void {
  const measured = SCENARIO_NAMES.flatMap((name) => results[name] ?? []);
  const [first] = measured;
  if (first) {
    const { cpu, cores, chromium } = first.machine;
    const date = first.measuredAt.slice(0, 10);
    findElement('machine', HTMLElement).textContent =
      `${cpu}, ${cores} cores, Chromium ${chromium}, ${date}.`;
  }
  findElement('warning', HTMLElement).hidden = !measured.some(({ quick }) => quick);
}

/** A scenario's table, folded; nothing where it was not measured. */
function makeDetails(name: ScenarioName): HTMLElement[] {
  const table = tableOf(results, name);
  if (!table) return [];
  const frame = makeScrollTable(table, TITLES[name]);
  const notes = (results[name]?.notes ?? []).map((note) => makeElement('p', 'note', note));
  const details = makeElement('details', '', makeElement('summary', '', TITLES[name]), frame);
  details.append(...notes);
  return [details];
}
