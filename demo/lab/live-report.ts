import type { PairedComparison } from 'rerank-results/evaluate';
import { listComparisons, makeReport, type LabReport, type LabRun } from './lab-report.ts';
import type { PairedValues } from './lab-worker.ts';

/**
 * Shows a run as it grows. The intervals are worked out elsewhere, so a report comes a little later than its run, and always whole:
 * what is shown belongs to the same queries. Where runs come faster than reports, some are left out.
 */
export class LiveReport {
  readonly #compare: (pairs: PairedValues[]) => Promise<PairedComparison[]>;
  readonly #show: (report: LabReport) => void;
  #next: LabRun | undefined;
  #work: Promise<void> | undefined;

  constructor(
    compare: (pairs: PairedValues[]) => Promise<PairedComparison[]>,
    show: (report: LabReport) => void,
  ) {
    this.#compare = compare;
    this.#show = show;
  }

  update(run: LabRun): void {
    this.#next = run;
    this.#work ??= this.#showAll().finally(() => (this.#work = undefined));
    // Whoever settles is told.
    this.#work.catch(() => undefined);
  }

  /** Waits until the newest run is shown. */
  async settle(): Promise<void> {
    await this.#work;
  }

  async #showAll(): Promise<void> {
    while (this.#next) {
      const run = this.#next;
      this.#next = undefined;
      this.#show(makeReport(run, await this.#compare(listComparisons(run))));
    }
  }
}
