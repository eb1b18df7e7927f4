/** Reference numbers of one model, made by the Python original (`models/golden.py`). */
export interface GoldenFile {
  readonly model: string;
  readonly revision: string;
  readonly pairs: readonly GoldenPair[];
}

export interface GoldenPair {
  readonly name: string;
  readonly query: string;
  readonly document: string;
  /** The pair as the original tokenizer and our truncation rule make it. */
  readonly inputIds: readonly number[];
  /** Tokens of the document before it was cut. */
  readonly documentTokens: number;
  readonly truncated: boolean;
  /** fp32 logits of the original, one for each label. */
  readonly logits: readonly number[];
  /** Logits of the shipped int8 graph on the native runtime, where the model has one. */
  readonly q8Native?: readonly number[];
}

/** Tiny models of the model families, one each, made by `models/build_families.py`. */
export const families = [
  'tiny-electra',
  'tiny-distilbert',
  'tiny-roberta',
  'tiny-xlm-roberta',
  'tiny-deberta-v2',
  'tiny-modernbert',
];

/** Greatest accepted difference between a family's logit and the Python original's, fp32 on any device. */
export const FAMILY_TOLERANCE = 0.001;
