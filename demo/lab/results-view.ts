import { formatInterval, type PairedComparison } from 'rerank-results/evaluate';
import { findElement } from '../find-element.ts';
import { formatMs } from '../format-numbers.ts';
import { makeScrollTable } from '../make-table.ts';
import { CurveChart } from './curve-chart.ts';
import { writeTrecRun, type LabReport, type MeasuredQuery, type StepRow } from './lab-report.ts';
import { QueryList } from './query-list.ts';

const STEPS: Readonly<Record<StepRow['step'], string>> = {
  search: 'the search',
  tokenize: 'tokenizing',
  infer: 'the model',
  total: 'reranking, whole',
};

/** All that the page shows of an evaluation, from its first query on. */
export class ResultsView {
  readonly #root = findElement('results', HTMLElement);
  readonly #curve = new CurveChart();
  readonly #queries = new QueryList();
  #report: LabReport | undefined;

  constructor() {
    findElement('curve', HTMLElement).append(this.#curve.root);
    findElement('queries-list', HTMLElement).append(this.#queries.root);
    findElement('export-json', HTMLElement).addEventListener('click', () => {
      if (!this.#report) return;
      const text = `${JSON.stringify(this.#report, undefined, 2)}\n`;
      saveFile('report.json', 'application/json', text);
    });
    findElement('export-run', HTMLElement).addEventListener('click', () => {
      if (this.#report) saveFile('reranked.trec', 'text/plain', writeTrecRun(this.#report));
    });
  }

  clear(): void {
    this.#root.hidden = true;
    this.#report = undefined;
    this.#queries.clear();
  }

  addQuery(measured: MeasuredQuery): void {
    this.#queries.add(measured);
  }

  show(report: LabReport): void {
    this.#report = report;
    this.#root.hidden = false;
    const { verdict, setting, truncatedShare, queries, times } = report;
    setText('verdict', verdict?.text ?? 'The intervals are being worked out …');
    setText('notes', [...(verdict?.notes ?? []), describeSet(report)].join(' '));
    findElement('metrics', HTMLElement).replaceChildren(makeMeans(report), makeDifferences(report));
    findElement('times', HTMLElement).replaceChildren(
      makeScrollTable(
        {
          columns: ['A query', 'p50', 'p95', 'p99'],
          rows: times.map(({ step, p50Ms, p95Ms, p99Ms }) => [
            STEPS[step],
            ...[p50Ms, p95Ms, p99Ms].map(formatMs),
          ]),
        },
        'Times',
      ),
    );
    const { runs } = setting;
    const threads = runs.threads === 1 ? '1 thread' : `${runs.threads} threads`;
    const device = runs.device === 'webgpu' ? 'WebGPU' : `WASM, ${threads}`;
    setText(
      'times-note',
      `${runs.id}, ${runs.dtype}, ${device}, in this browser; ${queries.length} ${plural(queries.length, 'query', 'queries')}. ` +
        `${(truncatedShare * 100).toFixed(1)} % of the documents were longer than the model reads, and were cut.`,
    );
    this.#curve.show(report);
  }
}

function describeSet({ set, setting, queries }: LabReport): string {
  const count = queries.length;
  const unfound = set.unfoundQueries;
  return (
    `${set.name}: ${count} of ${set.judgedQueries} judged queries, the first ${setting.candidates} results of each; ` +
    `first stage: ${set.firstStage}.` +
    (unfound === 0 ? '' : ` For ${unfound} more it found nothing.`)
  );
}

function makeMeans({ metrics, setting }: LabReport): HTMLElement {
  const columns = [
    'Mean',
    'first stage',
    'model alone',
    `reranked (weight ${setting.priorWeight})`,
    `oracle@${setting.candidates}`,
  ];
  const rows = metrics.map(({ metric, means }) => [
    metric,
    ...[means.firstStage, means.model, means.reranked, means.oracle].map((mean) => mean.toFixed(4)),
  ]);
  return makeScrollTable({ columns, rows }, 'Means');
}

function makeDifferences({ metrics }: LabReport): HTMLElement {
  const columns = ['Difference (95 %)', 'model alone', 'win/tie/loss', 'reranked', 'win/tie/loss'];
  const rows = metrics.map(({ metric, model, reranked }) => [
    metric,
    ...formatComparison(model),
    ...formatComparison(reranked),
  ]);
  return makeScrollTable({ columns, rows }, 'Differences from the first stage');
}

function formatComparison(comparison: PairedComparison | undefined): string[] {
  if (!comparison) return ['…', '…'];
  const { difference, wins, ties, losses } = comparison;
  return [formatInterval(difference), `${wins}/${ties}/${losses}`];
}

function saveFile(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function setText(id: string, text: string): void {
  findElement(id, HTMLElement).textContent = text;
}

function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}
