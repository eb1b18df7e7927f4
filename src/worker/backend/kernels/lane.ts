import type { ScoreKind } from '../../../shared/protocol.ts';
import { kernelBinaries } from './kernel-binaries.ts';
import type { KernelExports } from './kernel-exports.ts';
import type { KernelsLayout } from './layout.ts';
import { SplitModel, type TextStates } from './split-model.ts';

/** One text of a pair: its tokens, and its states where they are known. */
export interface LaneText {
  readonly ids: Int32Array;
  readonly states?: TextStates | undefined;
}

/** A pair's score, and the states that had to be computed. */
export interface LaneAnswer {
  readonly score: number;
  readonly queryStates?: TextStates;
  readonly documentStates?: TextStates;
}

/** Scores one pair at a time. It remembers nothing: states come and go with the calls. */
export interface Lane {
  score(kind: ScoreKind, query: LaneText, document: LaneText): LaneAnswer | Promise<LaneAnswer>;
  close(): void;
}

const WARMUP_TOKENS = 32;

/** A lane in this thread. */
export async function openLane(layout: KernelsLayout, weights: Uint8Array): Promise<Lane> {
  const model = new SplitModel(await instantiateKernels(), layout, weights);
  // The first run makes the browser compile; no reader should wait for that.
  const warmup = model.readApart(new Int32Array(WARMUP_TOKENS));
  model.readJointly(warmup, warmup);
  return {
    score(kind, query, document) {
      const documentStates = document.states ? undefined : model.readApart(document.ids);
      const queryStates = query.states ? undefined : model.readApart(query.ids);
      const states = [
        (query.states ?? queryStates) as TextStates,
        (document.states ?? documentStates) as TextStates,
      ] as const;
      return {
        score: kind === 'logit' ? model.readJointly(...states) : model.compare(...states),
        ...(queryStates && { queryStates }),
        ...(documentStates && { documentStates }),
      };
    },
    close: () => undefined,
  };
}

/** The build with relaxed SIMD where the browser has it, else the plain one. */
async function instantiateKernels(): Promise<KernelExports> {
  const relaxed = decodeBase64(kernelBinaries.relaxed);
  const binary = WebAssembly.validate(relaxed) ? relaxed : decodeBase64(kernelBinaries.simd);
  const { instance } = await WebAssembly.instantiate(binary);
  return instance.exports as unknown as KernelExports;
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
