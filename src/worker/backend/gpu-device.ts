import { RerankError } from '../../shared/errors.ts';

/** Watches a GPU device, whose loss leaves a run waiting for ever. */
export class GpuWatch {
  #loss: RerankError | undefined;
  #onLoss: (error: RerankError) => void = () => undefined;

  constructor(device: GPUDevice) {
    void device.lost.then(({ message, reason }) => {
      this.#loss = new RerankError('device-lost', `The GPU device was lost: ${message || reason}`, {
        reason,
      });
      this.#onLoss(this.#loss);
    });
  }

  /**
   * Settles as `run` does. One run at a time.
   *
   * @throws RerankError `device-lost` when the device goes away meanwhile, or went before.
   */
  guard<TValue>(run: () => Promise<TValue>): Promise<TValue> {
    return new Promise((resolve, reject) => {
      if (this.#loss) {
        reject(this.#loss);
        return;
      }
      this.#onLoss = reject;
      run().then(resolve, (error: unknown) => {
        reject(this.#loss ?? (error as Error));
      });
    });
  }
}
