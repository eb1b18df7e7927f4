import { readClockMs } from '../shared/clock.ts';
import { RerankError, toErrorData, type RerankErrorCode } from '../shared/errors.ts';
import type { Reply, Scorer, WorkerApi } from '../shared/protocol.ts';
import { measureDownload } from './measure-download.ts';
import { openEngine } from './open-engine.ts';

/**
 * The worker's side of the contract, over one engine.
 *
 * @param release Frees a callback that came from the page, once it is called no more.
 */
export function createWorkerApi(release: (callback: object) => void): Omit<WorkerApi, 'serveLane'> {
  let opened: Scorer | undefined;
  const jobs = new Map<number, AbortController>();
  const requireEngine = (): Scorer => {
    if (opened) return opened;
    throw new RerankError(
      'worker-failed',
      'The worker was asked to score before a model was loaded.',
    );
  };

  /** Replies after the page has seen every call of `callback`: a reply must not overtake scores. */
  async function withCallback<TArgument, TValue>(
    code: RerankErrorCode,
    callback: (argument: TArgument) => unknown,
    work: (report: (argument: TArgument) => void) => Promise<TValue>,
  ): Promise<Reply<TValue>> {
    const seen: unknown[] = [];
    const result = await reply(code, () =>
      work((argument) => {
        seen.push(callback(argument));
      }),
    );
    await Promise.allSettled(seen);
    release(callback);
    return result;
  }

  return {
    measureDownload: (options) => reply('model-load', () => measureDownload(options)),

    async load(options, onProgress, startLane) {
      const result = await withCallback('model-load', onProgress, async (report) => {
        opened = await openEngine(options, report, startLane);
        return opened.model;
      });
      release(startLane);
      return result;
    },

    score: (job, onScores) =>
      withCallback('worker-failed', onScores, async (report) => {
        const controller = new AbortController();
        jobs.set(job.id, controller);
        try {
          const { signal } = controller;
          const { query, texts, leftMs, ...options } = job;
          return await requireEngine().score(query, texts, {
            ...options,
            deadlineMs: leftMs === undefined ? undefined : readClockMs() + leftMs,
            signal,
            onScores: report,
          });
        } finally {
          jobs.delete(job.id);
        }
      }),

    abort(jobId) {
      jobs.get(jobId)?.abort();
    },

    warmup: () =>
      reply('worker-failed', async () => {
        await requireEngine().warmup();
        return undefined;
      }),
  };
}

async function reply<TValue>(
  code: RerankErrorCode,
  work: () => Promise<TValue>,
): Promise<Reply<TValue>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: toErrorData(error, code) };
  }
}
