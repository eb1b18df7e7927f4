import type { LoadProgress } from '../shared/types.ts';

/** What opens something that loads files. */
export interface OpenOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** What can be ended. */
interface Disposable {
  dispose(): Promise<void>;
}

/**
 * Opens several things at the same time, and all or none: where one fails, the loading of the others is ended, and what is
 * open is disposed.
 *
 * @throws the first failure.
 */
export async function openTogether<TOpened extends Disposable>(
  openers: readonly ((options: OpenOptions) => Promise<TOpened>)[],
  {
    signal,
    onProgress = () => undefined,
  }: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  },
): Promise<TOpened[]> {
  const failed = new AbortController();
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const reporters = sumProgress(openers.length, onProgress);
  const openings = openers.map((open, index) =>
    open({ signal: either, onProgress: (progress) => reporters[index]?.(progress) }),
  );
  try {
    return await Promise.all(openings);
  } catch (error) {
    failed.abort();
    for (const opening of await Promise.allSettled(openings)) {
      if (opening.status === 'fulfilled') await opening.value.dispose();
    }
    throw error;
  }
}

/**
 * Functions that take the progress of one part each, and report the sum. Nothing is reported before every part has told its
 * size: a total that grows would make the progress go back.
 */
function sumProgress(
  count: number,
  report: (progress: LoadProgress) => void,
): ((progress: LoadProgress) => void)[] {
  const newest = new Map<number, LoadProgress>();
  return Array.from({ length: count }, (_, part) => (progress) => {
    newest.set(part, progress);
    if (newest.size < count) return;
    const sum = (read: (one: LoadProgress) => number): number =>
      [...newest.values()].reduce((total, one) => total + read(one), 0);
    report({
      ...progress,
      loadedBytes: sum(({ loadedBytes }) => loadedBytes),
      totalBytes: sum(({ totalBytes }) => totalBytes),
    });
  });
}
