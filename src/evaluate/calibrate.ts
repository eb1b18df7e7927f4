import { sigmoid, toRelevanceScore, type Calibration } from '../shared/calibration.ts';
import { RerankError } from '../shared/errors.ts';
import { measureCalibration, type CalibrationQuality } from './calibration-quality.ts';
import { fitCalibration, type CalibrationMethod, type JudgedLogit } from './fit-calibration.ts';

/** A judged pair of a query. */
export interface JudgedPair extends JudgedLogit {
  readonly queryId: string;
}

export interface CalibrationOptions {
  /**
   * How to fit. Default: `platt` below {@link ISOTONIC_PAIRS} pairs; from there on the one with the lower
   * log loss.
   */
  readonly method?: CalibrationMethod | undefined;
  /** Parts for cross-validation, 2 or more. Default 5. */
  readonly folds?: number | undefined;
  /** Which queries share a part depends on it: a whole number. Default 1. */
  readonly seed?: number | undefined;
}

/** A calibration fitted on all pairs, and how good fits of its kind are on queries that they have not seen. */
export interface FittedCalibration {
  readonly calibration: Calibration;
  readonly queries: number;
  readonly pairs: number;
  readonly relevantPairs: number;
  /** The sigmoid of the logit taken as a probability. */
  readonly before: CalibrationQuality;
  /** Cross-validated by query: each query's pairs judge a curve that was fitted on other queries. */
  readonly after: CalibrationQuality;
  /** The share of relevant pairs among the other queries stated for every pair: what knowing no score gives. */
  readonly withoutScores: CalibrationQuality;
}

/** Least relevant and least irrelevant pairs that a calibration is fitted on. */
export const LEAST_PAIRS_OF_A_KIND = 20;

/**
 * Least pairs for isotonic regression, which follows noise where it has few. Source: Niculescu-Mizil and
 * Caruana, "Predicting good probabilities with supervised learning", ICML 2005.
 */
export const ISOTONIC_PAIRS = 1000;

/**
 * Fits a calibration on judged pairs.
 *
 * @throws RerankError `invalid-input` where there are too few pairs of a kind, fewer queries than folds,
 * or too few pairs for `isotonic`, and what {@link fitCalibration} throws.
 */
export function calibrate(
  pairs: readonly JudgedPair[],
  { method, folds = 5, seed = 1 }: CalibrationOptions = {},
): FittedCalibration {
  const relevantPairs = pairs.filter(({ relevant }) => relevant).length;
  requireEnough(pairs.length, relevantPairs, method);
  const parts = splitByQuery(pairs, folds, seed);

  const measure = (tried: CalibrationMethod): CalibrationQuality =>
    crossValidate(parts, (others) => {
      const calibration = fitCalibration(tried, others);
      return ({ logit }) => toRelevanceScore(logit, calibration);
    });
  const methods: readonly CalibrationMethod[] =
    method !== undefined
      ? [method]
      : pairs.length < ISOTONIC_PAIRS
        ? ['platt']
        : ['platt', 'isotonic'];
  const [best] = methods
    .map((tried) => ({ tried, after: measure(tried) }))
    .sort((a, b) => a.after.logLoss - b.after.logLoss);
  if (!best) throw new RerankError('invalid-input', 'There is no method to fit.');
  return {
    calibration: fitCalibration(best.tried, pairs),
    queries: new Set(pairs.map(({ queryId }) => queryId)).size,
    pairs: pairs.length,
    relevantPairs,
    before: crossValidate(
      parts,
      () =>
        ({ logit }) =>
          sigmoid(logit),
    ),
    after: best.after,
    withoutScores: crossValidate(parts, (others) => {
      const share = others.filter(({ relevant }) => relevant).length / others.length;
      return () => share;
    }),
  };
}

/** States each pair's probability by what `fit` makes of the other parts, and measures all together. */
function crossValidate(
  parts: readonly (readonly JudgedPair[])[],
  fit: (others: readonly JudgedPair[]) => (pair: JudgedPair) => number,
): CalibrationQuality {
  return measureCalibration(
    parts.flatMap((part) => {
      const state = fit(parts.filter((other) => other !== part).flat());
      return part.map((pair) => ({ probability: state(pair), relevant: pair.relevant }));
    }),
  );
}

/** Parts of about as many queries each; all pairs of a query are in one part. */
function splitByQuery(pairs: readonly JudgedPair[], folds: number, seed: number): JudgedPair[][] {
  const ofQuery = new Map<string, JudgedPair[]>();
  for (const pair of pairs) ofQuery.set(pair.queryId, [...(ofQuery.get(pair.queryId) ?? []), pair]);
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= ofQuery.size)) {
    throw new RerankError(
      'invalid-input',
      `The number of folds must be a whole number from 2 to the number of judged queries, ${ofQuery.size}, but is ${folds}.`,
    );
  }
  const parts = Array.from({ length: folds }, (): JudgedPair[] => []);
  [...ofQuery]
    .map(([queryId, own]) => ({ own, queryId, key: hashText(`${seed} ${queryId}`) }))
    // By id where two hashes are one, so that the order of the input never matters.
    .sort((a, b) => a.key - b.key || (a.queryId < b.queryId ? -1 : 1))
    .forEach(({ own }, index) => parts[index % folds]?.push(...own));
  return parts;
}

function requireEnough(
  total: number,
  relevant: number,
  method: CalibrationMethod | undefined,
): void {
  if (Math.min(relevant, total - relevant) < LEAST_PAIRS_OF_A_KIND) {
    throw new RerankError(
      'invalid-input',
      `A calibration needs at least ${LEAST_PAIRS_OF_A_KIND} relevant and ${LEAST_PAIRS_OF_A_KIND} irrelevant pairs, but there are ${relevant} and ${total - relevant}. "rerank-results judge" makes more.`,
    );
  }
  if (method === 'isotonic' && total < ISOTONIC_PAIRS) {
    throw new RerankError(
      'invalid-input',
      `Isotonic regression needs ${ISOTONIC_PAIRS} judged pairs or it follows noise, but there are ${total}. Take platt.`,
    );
  }
}

/** 32 bits that depend on the whole text: FNV-1a with the finalizer of MurmurHash3. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
