import { RerankError } from '../../shared/errors.ts';
import type { Device, Dtype } from '../../shared/types.ts';
import {
  describePassedOver,
  DeviceRefusal,
  summarizePassedOver,
  type Fallback,
  type PassedOver,
} from './passed-over.ts';

/** Pairs for one call of the model, padded to one length, row after row. */
export interface Batch {
  readonly rows: number;
  /** Tokens in a row, padding included. */
  readonly length: number;
  /** rows × length token ids. */
  readonly inputIds: Int32Array;
  /** 1 for a token, 0 for padding. */
  readonly attentionMask: Uint8Array;
  /** 0 up to the document, 1 for the document. */
  readonly tokenTypeIds: Uint8Array;
}

/** One loaded model on one device. No more calls may overlap than it has lanes. */
export interface Backend {
  readonly device: Device;
  readonly dtype: Dtype;
  readonly threads: number;
  readonly limits: {
    readonly maxPairs: number;
    readonly maxTokens: number;
    readonly lengthMultiple: number;
    /** How many batches may be in flight at the same time, 1 or more. */
    readonly lanes: number;
  };
  /**
   * The model's logits, rows × labels.
   *
   * @throws RerankError `device-lost` where the GPU is gone.
   */
  run(batch: Batch): Promise<Float32Array>;
  /**
   * What running this pair costs, as a share of a pair that was never read: less than 1 where the engine keeps states of its
   * document. Absent where nothing is kept.
   */
  readonly costOf?: (inputIds: Int32Array) => number;
  /**
   * How alike query and document are by their states after the lower layers, one number from −1 to 1 a row: late
   * interaction. Only where the model reads them apart there, and the engine keeps the states.
   */
  readonly compare?: (batch: Batch) => Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** A device and dtype that could serve. */
export interface BackendChoice {
  readonly device: Device;
  readonly dtype: Dtype;
}

/** A backend that passed, and why earlier choices did not. */
export interface ChosenBackend<TChoice> extends Fallback {
  readonly backend: Backend;
  readonly choice: TChoice;
}

/**
 * Opens the first choice that works: it opens, and it passes `verify`.
 *
 * @returns The backend, and why earlier choices were passed over.
 * @throws RerankError `backend-unavailable` with every reason; where the last choice failed for one of
 * the model's files, that error.
 */
export async function chooseBackend<TChoice extends BackendChoice>(
  choices: readonly TChoice[],
  open: (choice: TChoice) => Promise<Backend>,
  verify: (backend: Backend, choice: TChoice) => Promise<void>,
): Promise<ChosenBackend<TChoice>> {
  const { chosen, reasons, lastError } = await openFirst(choices, open, verify);
  if (chosen) return withReasons(chosen, reasons);
  throw noDevice(reasons, lastError);
}

/** Which device was the faster one before, for a model on this computer. */
export interface DeviceMemory {
  read(): Promise<Device | undefined>;
  write(device: Device): Promise<void>;
}

/**
 * Opens the first choice of each device that works, and keeps the faster one. What was measured once decides from then on.
 *
 * @param measureMs How long a pair takes, in milliseconds.
 * @throws As `chooseBackend`.
 */
export async function chooseFasterBackend<TChoice extends BackendChoice>(
  choices: readonly TChoice[],
  open: (choice: TChoice) => Promise<Backend>,
  verify: (backend: Backend, choice: TChoice) => Promise<void>,
  measureMs: (backend: Backend) => Promise<number>,
  memory: DeviceMemory,
): Promise<ChosenBackend<TChoice>> {
  const known = await memory.read();
  const first = choices.filter(({ device }) => device === (known ?? choices[0]?.device));
  const others = choices.filter((choice) => !first.includes(choice));
  const opened = await openFirst(first, open, verify);
  if (opened.chosen && known !== undefined) {
    const reasons: readonly PassedOver[] =
      choices[0]?.device === known
        ? []
        : [{ cause: 'slower', reason: 'webgpu was slower when it was measured' }];
    return withReasons(opened.chosen, [...reasons, ...opened.reasons]);
  }
  const other = await openFirst(others, open, verify);
  const reasons = [...opened.reasons, ...other.reasons];
  if (!opened.chosen || !other.chosen) {
    const chosen = opened.chosen ?? other.chosen;
    if (chosen) return withReasons(chosen, reasons);
    throw noDevice(reasons, other.lastError ?? opened.lastError);
  }
  return keepFaster(opened.chosen, other.chosen, reasons, measureMs, memory);
}

/** The faster of two; one that fails in its trial loses, and then nothing is remembered. */
async function keepFaster<TChoice extends BackendChoice>(
  first: ChosenBackend<TChoice>,
  other: ChosenBackend<TChoice>,
  reasons: readonly PassedOver[],
  measureMs: (backend: Backend) => Promise<number>,
  memory: DeviceMemory,
): Promise<ChosenBackend<TChoice>> {
  const failures: PassedOver[] = [];
  const measure = async ({ backend, choice }: ChosenBackend<TChoice>): Promise<number> => {
    try {
      return await measureMs(backend);
    } catch (error) {
      failures.push(describePassedOver(choice, error));
      return Number.POSITIVE_INFINITY;
    }
  };
  const ms = await measure(first);
  const otherMs = await measure(other);
  const [winner, loser] = ms <= otherMs ? [first, other] : [other, first];
  await loser.backend.dispose().catch(() => undefined);
  if (failures.length === 2) {
    await winner.backend.dispose().catch(() => undefined);
    throw noDevice(failures, undefined);
  }
  if (failures.length > 0) return withReasons(winner, [...reasons, ...failures]);
  await memory.write(winner.choice.device);
  if (winner === first) return withReasons(winner, reasons);
  const { device, dtype } = first.choice;
  return withReasons(winner, [
    ...reasons,
    {
      cause: 'slower',
      reason: `${device} ${dtype}: slower, ${ms.toFixed(1)} ms a pair against ${otherMs.toFixed(1)}`,
    },
  ]);
}

/** The first choice that opens and passes; why others did not. */
async function openFirst<TChoice extends BackendChoice>(
  choices: readonly TChoice[],
  open: (choice: TChoice) => Promise<Backend>,
  verify: (backend: Backend, choice: TChoice) => Promise<void>,
): Promise<{
  readonly chosen?: ChosenBackend<TChoice>;
  readonly reasons: readonly PassedOver[];
  readonly lastError?: unknown;
}> {
  const reasons: PassedOver[] = [];
  let lastError: unknown;
  for (const choice of choices) {
    let backend: Backend | undefined;
    try {
      backend = await open(choice);
      await verify(backend, choice);
    } catch (error) {
      await backend?.dispose().catch(() => undefined);
      lastError = error;
      reasons.push(describePassedOver(choice, error));
      continue;
    }
    return { chosen: { backend, choice }, reasons };
  }
  return { reasons, lastError };
}

function withReasons<TChoice>(
  { backend, choice }: ChosenBackend<TChoice>,
  reasons: readonly PassedOver[],
): ChosenBackend<TChoice> {
  return { backend, choice, ...summarizePassedOver(reasons) };
}

function noDevice(passedOver: readonly PassedOver[], lastError: unknown): unknown {
  if (lastError instanceof RerankError && lastError.code.startsWith('model-')) return lastError;
  const reasons = passedOver.map(({ reason }) => reason);
  return new RerankError(
    'backend-unavailable',
    `No device can run the model. ${reasons.join('; ')}`,
    Object.fromEntries(reasons.map((reason, index) => [`reason${index + 1}`, reason])),
  );
}

/**
 * The GPU for a dtype.
 *
 * @param acceptSoftware Whether a GPU that the CPU imitates will do. It is slower than WASM, so only
 * an explicit wish for WebGPU takes it.
 * @throws Error that says why not.
 */
export async function requireWebGpu(dtype: Dtype, acceptSoftware: boolean): Promise<GPUAdapter> {
  // Typed as always there; browsers without WebGPU have no `navigator.gpu`.
  const gpu = navigator.gpu as GPU | undefined;
  if (!gpu) throw new DeviceRefusal('no-webgpu', 'this browser has no WebGPU');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new DeviceRefusal('no-adapter', 'the browser offers no GPU adapter');
  if (adapter.info.isFallbackAdapter && !acceptSoftware) {
    throw new DeviceRefusal(
      'software-gpu',
      'the GPU is imitated in software, which is slower than WASM',
    );
  }
  if (dtype === 'fp16' && !adapter.features.has('shader-f16')) {
    throw new DeviceRefusal('no-fp16', 'the GPU has no shader-f16');
  }
  return adapter;
}

/** Whether the browser's WGSL has products of four int8. Where the GPU has none, the browser builds them from others. */
export function hasIntegerProducts(): boolean {
  return navigator.gpu.wgslLanguageFeatures.has('packed_4x8_integer_dot_product');
}
