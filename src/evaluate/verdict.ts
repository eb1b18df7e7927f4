import type { MeanInterval, PairedComparison } from './paired-comparison.ts';

/** What the interval of the difference of nDCG@10 says. */
export interface Verdict {
  /** `better`, `worse`: the whole 95 % interval is on that side of 0. `unclear`: it holds 0. */
  readonly kind: 'better' | 'worse' | 'unclear';
  readonly text: string;
  /** What to keep in mind. */
  readonly notes: readonly string[];
}

/** Below this many queries an interval is rough. */
const FEW_QUERIES = 30;

/**
 * Says in words what the interval of the difference of nDCG@10 means.
 *
 * @param queries How many the interval is of.
 * @param truncatedShare Part of the documents that were longer than the model reads, 0 to 1.
 */
export function judgeComparison(
  { difference: { mean: change, low, high } }: PairedComparison,
  { queries, truncatedShare }: { readonly queries: number; readonly truncatedShare: number },
): Verdict {
  const kind = low > 0 ? 'better' : high < 0 ? 'worse' : 'unclear';
  const size = `nDCG@10 ${formatSigned(change)}, 95 % interval ${formatSigned(low)} to ${formatSigned(high)}`;
  const texts: Record<Verdict['kind'], string> = {
    better: `This model makes this search better: ${size}.`,
    worse: `This model makes this search worse: ${size}. Do not use it here as it is.`,
    unclear: `No clear difference on these queries: ${size}.`,
  };
  const notes = [
    ...(queries < FEW_QUERIES
      ? [`Only ${queries} queries: with fewer than ${FEW_QUERIES} the intervals are rough.`]
      : []),
    ...(kind !== 'better' && truncatedShare > 0.5
      ? ['Most documents were cut to fit: more tokens, or shorter documents, may change this.']
      : []),
  ];
  return { kind, text: texts[kind], notes };
}

/** `+0.0123 [+0.0100, +0.0150]`. */
export function formatInterval({ mean, low, high }: MeanInterval): string {
  return `${formatSigned(mean)} [${formatSigned(low)}, ${formatSigned(high)}]`;
}

/** A difference with its sign, to four digits. */
export function formatSigned(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
