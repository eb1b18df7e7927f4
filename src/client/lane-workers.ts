import { transfer, wrap } from 'comlink';
import { RerankError } from '../shared/errors.ts';
import type { WorkerApi } from '../shared/protocol.ts';
import { describeFailure } from './worker-reply.ts';

/**
 * The workers that score pairs for an engine's worker. The page starts them, because in Firefox a worker that starts workers now
 * and then waits in `new Worker` for ever.
 */
export class LaneWorkers {
  readonly #owner: Worker;
  readonly #spawn: () => Worker;
  readonly #onFailure: (message: string) => void;
  readonly #workers = new Set<Worker>();
  #isEnded = false;

  /**
   * @param owner The engine's worker.
   * @param spawn Makes a new worker that runs this package's worker script.
   * @param onFailure Called where one that ran fails.
   */
  constructor(owner: Worker, spawn: () => Worker, onFailure: (message: string) => void) {
    this.#owner = owner;
    this.#spawn = spawn;
    this.#onFailure = onFailure;
  }

  /**
   * Starts one more and gives the port to its `LaneApi`.
   *
   * @throws Error where it cannot start, or all were ended. Where all are ended meanwhile, it does not settle.
   */
  async start(): Promise<MessagePort> {
    if (this.#isEnded) throw new RerankError('worker-failed', 'The worker was ended.');
    const worker = this.#spawn();
    if (worker === this.#owner || this.#workers.has(worker)) {
      throw new RerankError(
        'worker-failed',
        'The function in `worker` gave the same worker twice.',
      );
    }
    this.#workers.add(worker);
    const drop = (): void => {
      worker.terminate();
      this.#workers.delete(worker);
    };
    const { port1, port2 } = new MessageChannel();
    await new Promise<void>((resolve, reject) => {
      let isRunning = false;
      const fail = (event: Event): void => {
        // It is told by the calls that it rejects; unhandled, it would be an error of the page too.
        event.preventDefault();
        drop();
        const message = `A worker of the model ended. ${describeFailure(event)}`;
        if (isRunning) this.#onFailure(message);
        else reject(new RerankError('worker-failed', message));
      };
      worker.addEventListener('error', fail);
      worker.addEventListener('messageerror', fail);
      const start = (): void => {
        isRunning = true;
        resolve();
      };
      wrap<WorkerApi>(worker)
        .serveLane(transfer(port1, [port1]))
        .then(start, reject);
    }).catch((error: unknown) => {
      drop();
      throw error;
    });
    return transfer(port2, [port2]);
  }

  end(): void {
    this.#isEnded = true;
    for (const worker of this.#workers) worker.terminate();
    this.#workers.clear();
  }
}
