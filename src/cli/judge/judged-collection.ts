import { appendFileSync, closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  FILES,
  claimFolder,
  formatBeirQrels,
  formatDocuments,
  formatFirstStage,
  formatQueries,
  readDocuments,
  readJsonLines,
  replaceFile,
  toJsonLines,
  type SearchedQuery,
} from './collection-files.ts';
import type { JudgeDocument } from './first-stage.ts';

/** How the documents to judge are chosen. One folder keeps to one choice. */
export interface PoolSettings {
  readonly source: string;
  readonly model: string;
  readonly revision: string;
  readonly depth: number;
  readonly candidates: number;
}

/** A query with the documents that were chosen for it. */
export interface Pool extends SearchedQuery {
  /** Document ids to judge, in the order that they are shown. */
  readonly pool: readonly string[];
}

const JOURNAL = 'judge-grades.jsonl';
const POOLS = 'judge-pools.jsonl';

interface JournalLine {
  readonly query: string;
  readonly document: string;
  /** null takes the grade back. */
  readonly grade: number | null;
  readonly time: string;
}

/**
 * A BEIR folder that grows while people judge. Each grade is on the disk before the next is given;
 * whatever moment the process ends at, the next one goes on from there.
 */
export class JudgedCollection {
  readonly #folder: string;
  readonly #pools = new Map<string, Pool>();
  readonly #documents = new Map<string, JudgeDocument>();
  readonly #grades = new Map<string, Map<string, number>>();

  /**
   * Opens a folder, which is made where it is missing.
   *
   * @throws RerankError `invalid-input` where the folder was made with other settings, or holds another
   * collection.
   */
  constructor(folder: string, settings: PoolSettings) {
    this.#folder = folder;
    claimFolder(folder, { judgedBy: 'hand', ...settings });
    for (const document of readDocuments(this.#path(FILES.corpus))) {
      this.#documents.set(document.id, document);
    }
    for (const pool of readJsonLines<Pool>(this.#path(POOLS))) this.#pools.set(pool.query.id, pool);
    const journal = readJsonLines<JournalLine>(this.#path(JOURNAL));
    for (const line of journal) this.#keepGrade(line);

    // Anew from what was read, without what a crash left half-written.
    const pools = [...this.#pools.values()];
    replaceFile(this.#path(FILES.corpus), formatDocuments(this.#documents.values()));
    replaceFile(this.#path(FILES.queries), formatQueries(pools));
    replaceFile(this.#path(FILES.run), formatFirstStage(pools));
    replaceFile(this.#path(POOLS), toJsonLines(pools));
    replaceFile(this.#path(JOURNAL), toJsonLines(journal));
    this.#writeQrels();
  }

  pool(queryId: string): Pool | undefined {
    return this.#pools.get(queryId);
  }

  document(id: string): JudgeDocument | undefined {
    return this.#documents.get(id);
  }

  grade(queryId: string, documentId: string): number | undefined {
    return this.#grades.get(queryId)?.get(documentId);
  }

  /** How many documents of a query have a grade. */
  countGrades(queryId: string): number {
    return this.#grades.get(queryId)?.size ?? 0;
  }

  /** Adds a query's documents. A document that is known by its id keeps its first text. */
  addPool(pool: Pool, documents: readonly JudgeDocument[]): void {
    const added = documents.filter(({ id }) => !this.#documents.has(id));
    for (const document of added) this.#documents.set(document.id, document);
    appendFileSync(this.#path(FILES.corpus), formatDocuments(added));
    appendFileSync(this.#path(FILES.queries), formatQueries([pool]));
    appendFileSync(this.#path(FILES.run), formatFirstStage([pool]));
    // Last: the files above are made again from the pools that are complete.
    appendFileSync(this.#path(POOLS), toJsonLines([pool]));
    this.#pools.set(pool.query.id, pool);
  }

  /** Sets a document's grade, 0 or more, or takes it away with null. */
  setGrade(queryId: string, documentId: string, grade: number | null): void {
    const line = { query: queryId, document: documentId, grade, time: new Date().toISOString() };
    const journal = openSync(this.#path(JOURNAL), 'a');
    try {
      writeSync(journal, toJsonLines([line]));
      fsyncSync(journal);
    } finally {
      closeSync(journal);
    }
    this.#keepGrade(line);
    this.#writeQrels();
  }

  #keepGrade({ query, document, grade }: JournalLine): void {
    const ofQuery = this.#grades.get(query) ?? new Map<string, number>();
    if (grade === null) ofQuery.delete(document);
    else ofQuery.set(document, grade);
    this.#grades.set(query, ofQuery);
  }

  #writeQrels(): void {
    replaceFile(this.#path(FILES.qrels), formatBeirQrels(this.#grades));
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}
