import { RerankError, describeError } from '../../shared/errors.ts';

/** `\0asm`, version 1, and nothing else. */
const EMPTY_MODULE = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** One function, which makes a vector of an i32: `i32.const 0, i8x16.splat, drop`. */
const SIMD_MODULE = [
  ...EMPTY_MODULE,
  ...[1, 4, 1, 0x60, 0, 0],
  ...[3, 2, 1, 0],
  ...[10, 9, 1, 7, 0, 0x41, 0, 0xfd, 15, 0x1a, 0x0b],
];

/**
 * Checks that WebAssembly runs here. Every engine needs it, on a GPU too.
 *
 * @throws RerankError `backend-unavailable` that says what is missing.
 */
export function requireWasm(): void {
  const problem = findProblem();
  if (problem === undefined) return;
  throw new RerankError('backend-unavailable', `No device can run the model: ${problem}.`, {
    problem,
  });
}

function findProblem(): string | undefined {
  // Typed as always there.
  const { WebAssembly: wasm } = globalThis as { readonly WebAssembly?: typeof WebAssembly };
  if (!wasm) return 'this browser has no WebAssembly, or it is turned off';
  if (!wasm.validate(Uint8Array.from(SIMD_MODULE))) {
    return 'the WebAssembly of this browser or computer has no SIMD';
  }
  try {
    // Validating is allowed everywhere, compiling is not.
    new wasm.Module(Uint8Array.from(EMPTY_MODULE));
  } catch (error) {
    return `the site's Content-Security-Policy forbids WebAssembly. Its script-src must have 'wasm-unsafe-eval', in the answer with the worker's script as well as with the page (${describeError(error)})`;
  }
  return undefined;
}
