/**
 * A curve from a model's logit to the probability that a document is relevant, fitted on judgments. It
 * never falls, so it moves no document past another.
 */
export type Calibration =
  | {
      /** Platt scaling: `sigmoid(slope · logit + intercept)`. */
      readonly method: 'platt';
      /** Above 0. */
      readonly slope: number;
      readonly intercept: number;
    }
  | {
      /** Isotonic regression: straight lines between points, flat beyond the first and the last. */
      readonly method: 'isotonic';
      readonly points: readonly CalibrationPoint[];
    };

/** One point of an isotonic curve. */
export interface CalibrationPoint {
  /** Greater than the point's before. */
  readonly logit: number;
  /** 0 to 1, and not below the point's before. */
  readonly probability: number;
}

/** 1 / (1 + e⁻ˣ), without overflow at either end. */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/**
 * A logit's relevance score: the calibrated probability where there is a calibration, else the sigmoid.
 * The only place where a logit becomes a score.
 */
export function toRelevanceScore(logit: number, calibration: Calibration | undefined): number {
  if (!calibration) return sigmoid(logit);
  if (calibration.method === 'platt') {
    return sigmoid(calibration.slope * logit + calibration.intercept);
  }
  return interpolate(calibration.points, logit);
}

function interpolate(points: readonly CalibrationPoint[], logit: number): number {
  // The first point that is not below the logit, by halving.
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.logit ?? Number.NaN) < logit) low = middle + 1;
    else high = middle;
  }
  const above = points[low];
  const below = points[low - 1];
  if (!above || !below) return (above ?? below)?.probability ?? Number.NaN;
  // Halves: the distance of two great numbers may be none any more.
  const share = (logit / 2 - below.logit / 2) / (above.logit / 2 - below.logit / 2);
  // Clamped: the sum's last bit must not lie outside its two ends, or the curve could fall.
  return Math.min(
    above.probability,
    below.probability + share * (above.probability - below.probability),
  );
}
