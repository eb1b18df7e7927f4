/**
 * What is used of the browser's Prompt API (https://webmachinelearning.github.io/prompt-api/). TypeScript's DOM types do not have it yet.
 * Names of older versions, which extensions still have, stand beside the present ones.
 */
export interface LanguageModelApi {
  availability(options?: LanguageModelCreateOptions): Promise<Availability>;
  create(options?: LanguageModelCreateOptions): Promise<LanguageModelSession>;
}

export type Availability = 'unavailable' | 'downloadable' | 'downloading' | 'available';

export interface LanguageModelCreateOptions {
  readonly initialPrompts?: readonly { readonly role: 'system'; readonly content: string }[];
  readonly expectedInputs?: readonly ExpectedContent[];
  readonly expectedOutputs?: readonly ExpectedContent[];
  readonly signal?: AbortSignal;
  readonly monitor?: (monitor: EventTarget) => void;
}

interface ExpectedContent {
  readonly type: 'text';
  readonly languages: readonly string[];
}

export interface PromptOptions {
  /** A JSON schema that the answer has to keep to. */
  readonly responseConstraint?: object;
  readonly signal?: AbortSignal;
}

export interface LanguageModelSession {
  prompt(input: string, options?: PromptOptions): Promise<string>;
  clone(options?: { readonly signal?: AbortSignal }): Promise<LanguageModelSession>;
  destroy(): void;
  measureContextUsage?(input: string, options?: PromptOptions): Promise<number>;
  measureInputUsage?(input: string, options?: PromptOptions): Promise<number>;
  readonly contextUsage?: number;
  readonly inputUsage?: number;
  /** In tokens; may be infinite. */
  readonly contextWindow?: number;
  readonly inputQuota?: number;
}

/** The API of this browser; undefined where it has none. */
export function findLanguageModel(): LanguageModelApi | undefined {
  return (globalThis as { readonly LanguageModel?: LanguageModelApi }).LanguageModel;
}
