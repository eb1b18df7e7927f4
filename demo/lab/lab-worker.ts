/** The lab's own work that would hold up the page: reading a folder, and drawing queries anew for the intervals. */
import { expose } from 'comlink';
import { comparePaired, type PairedComparison } from 'rerank-results/evaluate';
import { readFolder } from './read-folder.ts';

/** Values of the same queries in two orders. */
export interface PairedValues {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const labWorker = {
  readFolder,
  compare: (pairs: readonly PairedValues[]): PairedComparison[] =>
    pairs.map(({ before, after }) => comparePaired(before, after)),
};

export type LabWorker = typeof labWorker;

expose(labWorker);
