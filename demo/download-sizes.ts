/**
 * What the demo downloads, in megabytes of 10⁶ bytes as the files are on the server; hosts that compress send less. A test holds
 * these numbers to the files.
 */

/** A model's files for all three engines on WASM. */
export const MODEL_MEGABYTES: Readonly<Record<string, number>> = {
  'minilm-l6-split': 11.1,
  'gte-small-split': 18.0,
};

/** An engine's runtime on WASM. Our own kernels stand in the worker's script. */
export const RUNTIME_MEGABYTES = { onnxruntime: 14.3, transformers: 27.4 } as const;

/** The runtime for a GPU: which of the two depends on the browser. */
export const GPU_RUNTIME_MEGABYTES = [16.9, 26.9] as const;

/** The manual as a JSON list, which is searched in the page. */
export const LIST_MEGABYTES = 7.5;
