import { describe, expect, it } from 'vitest';
import { openTogether, type OpenOptions } from '../../src/client/open-together.ts';
import type { LoadProgress } from '../../src/shared/types.ts';

const at = (loadedBytes: number, totalBytes: number, file: string): LoadProgress => ({
  loadedBytes,
  totalBytes,
  file,
  fromCache: false,
});

/** Something that is opened, and what became of it. */
function createOpened() {
  const opened = {
    disposals: 0,
    dispose: () => {
      opened.disposals += 1;
      return Promise.resolve();
    },
  };
  return opened;
}

describe('openTogether', () => {
  it('opens all at the same time, in order', async () => {
    const [a, b] = [createOpened(), createOpened()];
    let openB: (() => void) | undefined;
    const opened = await openTogether(
      [
        async () => {
          // It would wait for ever if the second one were not begun yet.
          await new Promise((resolve) => setTimeout(resolve));
          openB?.();
          return a;
        },
        () => new Promise<typeof b>((resolve) => (openB = () => resolve(b))),
      ],
      {},
    );
    expect(opened).toEqual([a, b]);
  });

  it('reports the sum of all bytes, from when all sizes are known', async () => {
    const reports: LoadProgress[] = [];
    const open =
      (...steps: LoadProgress[]) =>
      ({ onProgress }: OpenOptions) => {
        for (const step of steps) onProgress(step);
        return Promise.resolve(createOpened());
      };
    await openTogether([open(at(5, 10, 'a')), open(at(0, 100, 'b'), at(100, 100, 'b'))], {
      onProgress: (progress) => reports.push(progress),
    });
    expect(reports).toEqual([at(5, 110, 'b'), at(105, 110, 'b')]);
  });

  it('ends the others where one fails, disposes what is open, and says the first failure', async () => {
    const opened = createOpened();
    let wasAborted = false;
    const opening = openTogether(
      [
        () => Promise.resolve(opened),
        () => Promise.reject(new Error('no such model')),
        ({ signal }) =>
          new Promise<typeof opened>((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              wasAborted = true;
              reject(new Error('aborted'));
            });
          }),
      ],
      {},
    );
    await expect(opening).rejects.toThrow('no such model');
    expect(opened.disposals).toBe(1);
    expect(wasAborted).toBe(true);
  });

  it('hands the caller’s abort on', async () => {
    const controller = new AbortController();
    const opening = openTogether(
      [
        ({ signal }) =>
          new Promise<ReturnType<typeof createOpened>>((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason as Error));
          }),
      ],
      { signal: controller.signal },
    );
    controller.abort(new Error('left'));
    await expect(opening).rejects.toThrow('left');
  });
});
