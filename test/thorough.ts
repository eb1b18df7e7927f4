/// <reference types="vite/client" />
/**
 * Whether tests run that take long on a GPU that the CPU imitates, and show little that others do not: with
 * `RERANK_RESULTS_THOROUGH=1`. In the page it comes from vitest.config.ts.
 */
export const isThorough = import.meta.env.RERANK_RESULTS_THOROUGH === '1';

/** Why such a test is skipped. */
export const skippedUnlessThorough = 'slow without a GPU: RERANK_RESULTS_THOROUGH=1 runs it';
