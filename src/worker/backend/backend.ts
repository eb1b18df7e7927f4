import { RerankError, describeError } from '../../shared/errors.ts';
import type { Device, Dtype } from '../../shared/types.ts';

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

/** One loaded model on one device. Calls must not overlap. */
export interface Backend {
  readonly device: Device;
  readonly dtype: Dtype;
  readonly threads: number;
  readonly limits: {
    readonly maxPairs: number;
    readonly maxTokens: number;
    readonly lengthMultiple: number;
  };
  /**
   * The model's logits, rows × labels.
   *
   * @throws RerankError `device-lost` where the GPU is gone.
   */
  run(batch: Batch): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** A device and dtype that could serve. */
export interface BackendChoice {
  readonly device: Device;
  readonly dtype: Dtype;
}

/** A backend that passed, and why earlier choices did not. */
export interface ChosenBackend<TChoice> {
  readonly backend: Backend;
  readonly choice: TChoice;
  readonly fallbackReason?: string;
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
  const reasons: string[] = [];
  let lastError: unknown;
  for (const choice of choices) {
    let backend: Backend | undefined;
    try {
      backend = await open(choice);
      await verify(backend, choice);
    } catch (error) {
      await backend?.dispose().catch(() => undefined);
      lastError = error;
      reasons.push(`${choice.device} ${choice.dtype}: ${describeError(error)}`);
      continue;
    }
    return { backend, choice, ...(reasons.length > 0 && { fallbackReason: reasons.join('; ') }) };
  }
  if (lastError instanceof RerankError && lastError.code.startsWith('model-')) throw lastError;
  throw new RerankError(
    'backend-unavailable',
    `No device can run the model. ${reasons.join('; ')}`,
    Object.fromEntries(reasons.map((reason, index) => [`reason${index + 1}`, reason])),
  );
}

/**
 * Checks that a GPU is there for the dtype.
 *
 * @param acceptSoftware Whether a GPU that the CPU imitates will do. It is slower than WASM, so only
 * an explicit wish for WebGPU takes it.
 * @throws Error that says why not.
 */
export async function requireWebGpu(dtype: Dtype, acceptSoftware: boolean): Promise<void> {
  // Typed as always there; browsers without WebGPU have no `navigator.gpu`.
  const gpu = navigator.gpu as GPU | undefined;
  if (!gpu) throw new Error('this browser has no WebGPU');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('the browser offers no GPU adapter');
  if (adapter.info.isFallbackAdapter && !acceptSoftware) {
    throw new Error('the GPU is imitated in software, which is slower than WASM');
  }
  if (dtype === 'fp16' && !adapter.features.has('shader-f16')) {
    throw new Error('the GPU has no shader-f16');
  }
}
