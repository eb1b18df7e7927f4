import { RerankError, describeError, type ErrorDetails } from '../../shared/errors.ts';

/**
 * Watches a GPU device. Its loss leaves a run waiting for ever; what it refuses otherwise, for want of memory as a rule, leaves
 * numbers that mean nothing. After either the device is not to be used again.
 */
export class GpuWatch {
  #failure: RerankError | undefined;
  #onFailure: (error: RerankError) => void = () => undefined;

  constructor(device: GPUDevice) {
    void device.lost.then(({ message, reason }) => {
      this.#fail(`The GPU device was lost: ${message || reason}`, { reason });
    });
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#fail(`The GPU failed: ${error.message}`, { reason: error.constructor.name });
    });
  }

  /**
   * Settles as `run` does. One run at a time.
   *
   * @throws RerankError `device-lost` when the device goes away or fails meanwhile, or did so before, and for whatever `run`
   * throws.
   */
  guard<TValue>(run: () => Promise<TValue>): Promise<TValue> {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      this.#onFailure = reject;
      run().then(resolve, (error: unknown) => {
        this.#fail(`The GPU failed: ${describeError(error)}`, {});
      });
    });
  }

  /** The first reason counts: what follows is its consequence. */
  #fail(message: string, details: ErrorDetails): void {
    this.#failure ??= new RerankError('device-lost', message, details);
    this.#onFailure(this.#failure);
  }
}
