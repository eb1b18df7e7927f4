import type { Page } from 'playwright';
import type { SubjectFacts } from '../results.ts';
import { openInPage, openNative, type AbortableSubject, type OpenedSubject } from '../subjects.ts';
import type { Workbench } from '../workbench.ts';

/** Which subject, with how many threads. */
export type WantedSubject = Pick<SubjectFacts, 'subject' | 'threads'> &
  Partial<Pick<SubjectFacts, 'isolated'>>;

interface SubjectsOptions {
  readonly model: string;
  readonly maxTokens: number;
}

/** Subjects that are loaded, and the pages that they live in. */
export interface OpenedSubjects<TSubject extends OpenedSubject> extends AsyncDisposable {
  readonly subjects: readonly TSubject[];
}

/**
 * Loads subjects, those of each isolation mode into one page. Threads of onnxruntime-web need an isolated page; all
 * others get a plain one, unless they say otherwise.
 */
export async function openSubjects(
  bench: Workbench,
  wanted: readonly WantedSubject[],
  options: SubjectsOptions,
): Promise<OpenedSubjects<OpenedSubject>> {
  const pages = new PagePair(bench);
  const subjects: OpenedSubject[] = [];
  for (const one of wanted) {
    subjects.push(
      one.subject === 'native'
        ? await openNative({ ...options, threads: one.threads })
        : await openOne(pages, one, options),
    );
  }
  return { subjects, [Symbol.asyncDispose]: () => closeAll(subjects, pages) };
}

/** The same for subjects that all live in pages and can be aborted. */
export async function openAbortable(
  bench: Workbench,
  wanted: readonly WantedSubject[],
  options: SubjectsOptions,
): Promise<OpenedSubjects<AbortableSubject>> {
  const pages = new PagePair(bench);
  const subjects: AbortableSubject[] = [];
  for (const one of wanted) subjects.push(await openOne(pages, one, options));
  return { subjects, [Symbol.asyncDispose]: () => closeAll(subjects, pages) };
}

async function openOne(
  pages: PagePair,
  { subject, threads, isolated }: WantedSubject,
  options: SubjectsOptions,
): Promise<AbortableSubject> {
  if (subject === 'native') throw new Error('Native onnxruntime does not run in a page.');
  const page = await pages.get(isolated ?? (subject !== 'kernels' && threads > 1));
  return openInPage(page, { ...options, subject, threads });
}

async function closeAll(subjects: readonly OpenedSubject[], pages: PagePair): Promise<void> {
  for (const subject of subjects) await subject.close();
  await pages.close();
}

/** A page of each isolation mode, opened when it is needed. */
class PagePair {
  readonly #bench: Workbench;
  readonly #pages = new Map<boolean, Page>();

  constructor(bench: Workbench) {
    this.#bench = bench;
  }

  async get(isolated: boolean): Promise<Page> {
    const page = this.#pages.get(isolated) ?? (await this.#bench.openPage({ isolated }));
    this.#pages.set(isolated, page);
    return page;
  }

  async close(): Promise<void> {
    for (const page of this.#pages.values()) await page.close();
  }
}
