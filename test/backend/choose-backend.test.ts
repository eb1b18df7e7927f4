import { describe, expect, it } from 'vitest';
import { RerankError } from '../../src/shared/errors.ts';
import { chooseBackend, type Backend } from '../../src/worker/backend/backend.ts';

const gpu = { device: 'webgpu', dtype: 'q8' } as const;
const cpu = { device: 'wasm', dtype: 'q8' } as const;

/** A backend that notes its end. */
function makeBackend(choice: typeof gpu | typeof cpu, ended: string[]): Backend {
  return {
    ...choice,
    threads: 1,
    limits: { maxPairs: 1, maxTokens: 512, lengthMultiple: 1 },
    run: () => Promise.resolve(new Float32Array()),
    dispose: () => Promise.resolve(void ended.push(choice.device)),
  };
}

describe('chooseBackend', () => {
  it('takes the first that opens and gives the right answers', async () => {
    const ended: string[] = [];
    const chosen = await chooseBackend(
      [gpu, cpu],
      (choice) => Promise.resolve(makeBackend(choice, ended)),
      () => Promise.resolve(),
    );
    expect(chosen).toMatchObject({ choice: gpu });
    expect(chosen.fallbackReason).toBeUndefined();
    expect(ended).toEqual([]);
  });

  it('leaves one with wrong answers for the next, frees it, and says why', async () => {
    const ended: string[] = [];
    const chosen = await chooseBackend(
      [gpu, cpu],
      (choice) => Promise.resolve(makeBackend(choice, ended)),
      ({ device }) =>
        device === 'webgpu' ? Promise.reject(new Error('wrong scores')) : Promise.resolve(),
    );
    expect(chosen).toMatchObject({ choice: cpu, fallbackReason: 'webgpu q8: wrong scores' });
    expect(ended).toEqual(['webgpu']);
  });

  it('goes on to a device whose files are there', async () => {
    const missing = new RerankError('model-load', 'ort.jspi.js answered with HTTP status 404');
    const chosen = await chooseBackend(
      [gpu, cpu],
      (choice) =>
        choice === gpu ? Promise.reject(missing) : Promise.resolve(makeBackend(choice, [])),
      () => Promise.resolve(),
    );
    expect(chosen.fallbackReason).toBe(`webgpu q8: ${missing.message}`);
  });

  it('throws the error of a file that no device can do without', async () => {
    const missing = new RerankError('model-load', 'tokenizer.json answered with HTTP status 404');
    await expect(
      chooseBackend(
        [gpu, cpu],
        () => Promise.reject(missing),
        () => Promise.resolve(),
      ),
    ).rejects.toBe(missing);
  });

  it('names every reason where no device can serve', async () => {
    await expect(
      chooseBackend(
        [gpu, cpu],
        ({ device }) => Promise.reject(new Error(`no ${device} here`)),
        () => Promise.resolve(),
      ),
    ).rejects.toMatchObject({
      code: 'backend-unavailable',
      details: { reason1: 'webgpu q8: no webgpu here', reason2: 'wasm q8: no wasm here' },
    });
  });
});
