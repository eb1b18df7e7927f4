import { describe, expect, it } from 'vitest';
import { RerankError } from '../../src/shared/errors.ts';
import {
  chooseBackend,
  chooseFasterBackend,
  type Backend,
} from '../../src/worker/backend/backend.ts';
import { DeviceRefusal } from '../../src/worker/backend/passed-over.ts';

const gpu = { device: 'webgpu', dtype: 'q8' } as const;
const cpu = { device: 'wasm', dtype: 'q8' } as const;

/** A backend that notes its end. */
function makeBackend(choice: typeof gpu | typeof cpu, ended: string[]): Backend {
  return {
    ...choice,
    threads: 1,
    limits: { maxPairs: 1, maxTokens: 512, lengthMultiple: 1, lanes: 1 },
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
    expect(chosen.fallbackCauses).toBeUndefined();
    expect(ended).toEqual([]);
  });

  it('leaves one with wrong answers for the next, frees it, and says why', async () => {
    const ended: string[] = [];
    const chosen = await chooseBackend(
      [gpu, cpu],
      (choice) => Promise.resolve(makeBackend(choice, ended)),
      ({ device }) =>
        device === 'webgpu'
          ? Promise.reject(new DeviceRefusal('wrong-scores', 'wrong scores'))
          : Promise.resolve(),
    );
    expect(chosen).toMatchObject({
      choice: cpu,
      fallbackReason: 'webgpu q8: wrong scores',
      fallbackCauses: ['wrong-scores'],
    });
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
    expect(chosen.fallbackCauses).toEqual(['model-load']);
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

describe('chooseFasterBackend', () => {
  /** Times and memory of one trial; what was ended and remembered is seen afterwards. */
  async function choose(
    /** Of a device that fails in its trial: none. */
    times: { webgpu: number | undefined; wasm: number | undefined },
    { known, broken = [] }: { known?: 'webgpu' | 'wasm'; broken?: readonly string[] } = {},
  ) {
    const ended: string[] = [];
    const opened: string[] = [];
    let remembered: string | undefined;
    const chosen = await chooseFasterBackend(
      [gpu, cpu],
      (choice) => {
        opened.push(choice.device);
        return broken.includes(choice.device)
          ? Promise.reject(new Error('broken'))
          : Promise.resolve(makeBackend(choice, ended));
      },
      () => Promise.resolve(),
      ({ device }) => {
        const ms = times[device];
        return ms === undefined ? Promise.reject(new Error('lost')) : Promise.resolve(ms);
      },
      {
        read: () => Promise.resolve(known),
        write: (device) => Promise.resolve(void (remembered = device)),
      },
    );
    return { chosen, ended, opened, remembered };
  }

  it('takes the GPU where it is faster', async () => {
    const { chosen, ended, remembered } = await choose({ webgpu: 2, wasm: 9 });
    expect(chosen).toMatchObject({ choice: gpu });
    expect(chosen.fallbackReason).toBeUndefined();
    expect(chosen.fallbackCauses).toBeUndefined();
    expect(ended).toEqual(['wasm']);
    expect(remembered).toBe('webgpu');
  });

  it('takes WASM where that is faster, and says why', async () => {
    const { chosen, ended, remembered } = await choose({ webgpu: 9, wasm: 2 });
    expect(chosen).toMatchObject({
      choice: cpu,
      fallbackReason: 'webgpu q8: slower, 9.0 ms a pair against 2.0',
      fallbackCauses: ['slower'],
    });
    expect(ended).toEqual(['webgpu']);
    expect(remembered).toBe('wasm');
  });

  it('opens only the one that was faster before', async () => {
    const { chosen, opened } = await choose({ webgpu: 1, wasm: 2 }, { known: 'wasm' });
    expect(chosen.choice).toBe(cpu);
    expect(chosen.fallbackReason).toContain('slower when it was measured');
    expect(opened).toEqual(['wasm']);
  });

  it('opens the other where the one that was faster before fails', async () => {
    const { chosen, opened } = await choose(
      { webgpu: 1, wasm: 2 },
      { known: 'webgpu', broken: ['webgpu'] },
    );
    expect(chosen).toMatchObject({
      choice: cpu,
      fallbackReason: 'webgpu q8: broken',
      fallbackCauses: ['failed'],
    });
    expect(opened).toEqual(['webgpu', 'wasm']);
  });

  it.each([
    { broken: 'webgpu', left: cpu },
    { broken: 'wasm', left: gpu },
  ] as const)('measures nothing where $broken does not work', async ({ broken, left }) => {
    const { chosen, remembered } = await choose({ webgpu: 1, wasm: 1 }, { broken: [broken] });
    expect(chosen.choice).toBe(left);
    expect(remembered).toBeUndefined();
  });

  it.each([
    { failing: 'webgpu', left: cpu },
    { failing: 'wasm', left: gpu },
  ] as const)('keeps the other where $failing fails in its trial', async ({ failing, left }) => {
    const { chosen, ended, remembered } = await choose({
      webgpu: 1,
      wasm: 1,
      [failing]: undefined,
    });
    expect(chosen).toMatchObject({ choice: left, fallbackReason: `${failing} q8: lost` });
    expect(ended).toEqual([failing]);
    expect(remembered).toBeUndefined();
  });

  it('throws where both fail in their trials', async () => {
    await expect(choose({ webgpu: undefined, wasm: undefined })).rejects.toMatchObject({
      code: 'backend-unavailable',
    });
  });

  it('throws where nothing works', async () => {
    await expect(
      choose({ webgpu: 1, wasm: 1 }, { broken: ['webgpu', 'wasm'] }),
    ).rejects.toMatchObject({ code: 'backend-unavailable' });
  });
});
