import { availableParallelism } from 'node:os';
import type { Browser, Page } from 'playwright';
import type { BenchSettings } from './settings.ts';
import { launchChromium, openBenchPage, startBenchSite, type BenchSite } from './site.ts';
import { Workloads } from './workload.ts';

/** What a scenario returns. */
export interface Findings<TRow> {
  readonly rows: readonly TRow[];
  readonly notes: readonly string[];
}

/** More threads than this no engine starts. */
const MAX_THREADS = 4;

/** What the scenarios share: one browser, and a server for each isolation mode. */
export class Workbench implements AsyncDisposable {
  readonly settings: BenchSettings;
  readonly workloads: Workloads;
  /** How many threads or lanes an engine takes by default on this machine. */
  readonly defaultThreads = Math.min(MAX_THREADS, availableParallelism());
  readonly #browser: Browser;
  readonly #plain: BenchSite;
  readonly #isolated: BenchSite;

  static async open(settings: BenchSettings): Promise<Workbench> {
    const plain = await startBenchSite(false);
    const isolated = await startBenchSite(true);
    return new Workbench(settings, await launchChromium(), plain, isolated);
  }

  private constructor(
    settings: BenchSettings,
    browser: Browser,
    plain: BenchSite,
    isolated: BenchSite,
  ) {
    this.settings = settings;
    this.workloads = new Workloads(plain.address);
    this.#browser = browser;
    this.#plain = plain;
    this.#isolated = isolated;
  }

  /** The model of every scenario that measures one. */
  get model(): string {
    return this.settings.models[0] ?? 'minilm-l6-split';
  }

  /** One, and the default where that is more. */
  get threadCounts(): readonly number[] {
    return [...new Set([1, this.defaultThreads])];
  }

  get chromiumVersion(): string {
    return this.#browser.version();
  }

  /** `of`, or as few as show that the scenario works. */
  count(full: number, quick: number): number {
    return this.settings.quick ? quick : full;
  }

  /** Opens the benchmark's page anew. The caller closes it. */
  openPage({ isolated }: { readonly isolated: boolean }): Promise<Page> {
    return openBenchPage(this.#browser, isolated ? this.#isolated : this.#plain);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#plain[Symbol.asyncDispose]();
    await this.#isolated[Symbol.asyncDispose]();
  }
}
