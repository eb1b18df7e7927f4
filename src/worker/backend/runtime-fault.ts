import { RerankError, describeError } from '../../shared/errors.ts';
import type { RuntimeFiles } from '../../shared/protocol.ts';

/** A runtime that failed is looked at for so long. A slow network is no fault. */
const LOOK_MS = 10_000;

const ADVICE =
  "The runtime is the package's folder dist/runtime: look whether your site serves it there as it is, or say where with wasmPaths (the element's wasm-paths).";

/** What was found out about a runtime, by its binary, for as long as the worker lives: no longer than one load that failed. */
const looks = new Map<string, Promise<RerankError | undefined>>();

/**
 * Looks whether the files of a runtime are to blame that did not start: its own words do not tell a missing file from a
 * device that cannot run it.
 *
 * @returns RerankError `model-load` that names the file; undefined where the files are sound.
 */
export function findRuntimeFault(files: RuntimeFiles): Promise<RerankError | undefined> {
  // Another form of the model fails with the same runtime as a rule.
  const known = looks.get(files.binary) ?? look(files);
  looks.set(files.binary, known);
  return known;
}

async function look({ glue, binary }: RuntimeFiles): Promise<RerankError | undefined> {
  for (const url of [glue, binary]) {
    const fault = await findFault(url, url === binary);
    if (fault !== undefined) {
      return new RerankError('model-load', `${url} ${fault}. ${ADVICE}`, { url });
    }
  }
  return undefined;
}

async function findFault(url: string, isBinary: boolean): Promise<string | undefined> {
  const signal = AbortSignal.timeout(LOOK_MS);
  try {
    // It has just been fetched.
    const response = await fetch(url, { signal, cache: 'force-cache' });
    if (!response.ok) return `answered with HTTP status ${response.status}`;
    const bytes = new Uint8Array(await response.arrayBuffer());
    // A web page in the place of either begins so.
    if (bytes[0] === '<'.charCodeAt(0)) return 'is a web page';
    const isWebAssembly = new TextDecoder().decode(bytes.subarray(0, 4)) === '\0asm';
    return isBinary && !isWebAssembly ? 'is no WebAssembly' : undefined;
  } catch (error) {
    return signal.aborted ? undefined : `could not be fetched: ${describeError(error)}`;
  }
}
