import type { EngineName } from 'rerank-results';

/** An engine that takes part. */
export interface RacingEngine {
  readonly name: EngineName;
  readonly title: string;
  readonly note: string;
}

/** In the order of the page, and of the race where they run one after the other. */
export const ENGINES: readonly RacingEngine[] = [
  { name: 'kernels', title: 'rerank-results', note: 'our own kernels' },
  { name: 'onnxruntime', title: 'onnxruntime-web', note: 'in our worker' },
  { name: 'transformers', title: 'transformers.js', note: 'in our worker' },
];

/** An engine's title. */
export function nameEngine(name: EngineName): string {
  return ENGINES.find((engine) => engine.name === name)?.title ?? name;
}
