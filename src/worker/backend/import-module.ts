import { RerankError, describeError } from '../../shared/errors.ts';

/**
 * Imports a module of the package by its absolute URL.
 *
 * @throws RerankError `model-load` where it cannot be fetched or run.
 */
export async function importModule<TModule>(url: string): Promise<TModule> {
  try {
    return (await import(/* @vite-ignore */ url)) as TModule;
  } catch (error) {
    throw new RerankError(
      'model-load',
      `${url} could not be loaded: ${describeError(error)}. Look whether your site serves the package's file there, as JavaScript (wasmPaths and the element's wasm-paths say where).`,
      { url },
    );
  }
}
