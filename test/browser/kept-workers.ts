import { vi } from 'vitest';

/** The workers that the page started since {@link keepWorkers}, one for each model that was opened. */
export const workers: KeptWorker[] = [];

/** Their threads, which the page starts too. */
export const lanes: KeptWorker[] = [];

class KeptWorker extends Worker {
  isEnded = false;
  messageCount = 0;

  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args);
    workers.push(this);
  }

  override postMessage(...args: unknown[]): void {
    const [message] = args as [{ readonly path?: readonly string[] }];
    if (message.path?.[0] === 'serveLane') lanes.push(...workers.splice(workers.indexOf(this), 1));
    this.messageCount += 1;
    super.postMessage(...(args as Parameters<Worker['postMessage']>));
  }

  override terminate(): void {
    super.terminate();
    this.isEnded = true;
  }
}

/** Begins anew, until `vi.unstubAllGlobals()`. */
export function keepWorkers(): void {
  workers.length = 0;
  lanes.length = 0;
  vi.stubGlobal('Worker', KeptWorker);
}
