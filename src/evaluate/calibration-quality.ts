import { RerankError } from '../shared/errors.ts';

/** A probability that was stated, and what was then judged. */
export interface Forecast {
  /** 0 to 1. */
  readonly probability: number;
  readonly relevant: boolean;
}

/** How far stated probabilities are from what was judged. Less is better; all are 0 at best. */
export interface CalibrationQuality {
  /** Mean of −ln of the probability that was given to what was judged. */
  readonly logLoss: number;
  /** Mean squared difference between probability and 0 or 1. Source: Brier, Monthly Weather Review 78, 1950. */
  readonly brier: number;
  /**
   * Expected calibration error: the mean difference between stated and observed share over `bins`, each
   * weighted by its count. Source: Naeini, Cooper and Hauskrecht, AAAI 2015.
   */
  readonly expectedCalibrationError: number;
  /** Ten bins of equal width, lowest first; empty ones are left out. */
  readonly bins: readonly ReliabilityBin[];
}

/** The pairs whose stated probability is in one tenth of the scale. */
export interface ReliabilityBin {
  /** The bin's lower end; it is 0.1 wide. */
  readonly from: number;
  readonly count: number;
  /** Mean of the stated probabilities. */
  readonly stated: number;
  /** Share of these pairs that were judged relevant. */
  readonly observed: number;
}

const BINS = 10;

/** What a certain and wrong forecast costs is finite: −ln of this, about 27.6. */
const LEAST_PROBABILITY = 1e-12;

/**
 * Compares stated probabilities with judgments.
 *
 * @throws RerankError `invalid-input` for an empty list.
 */
export function measureCalibration(forecasts: readonly Forecast[]): CalibrationQuality {
  if (forecasts.length === 0) {
    throw new RerankError('invalid-input', 'There are no judged pairs to measure.');
  }
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const bins = Array.from({ length: BINS }, (_, bin) => {
    const inside = forecasts.filter(
      ({ probability }) => Math.min(BINS - 1, Math.floor(probability * BINS)) === bin,
    );
    return {
      from: bin / BINS,
      count: inside.length,
      stated: mean(inside.map(({ probability }) => probability)),
      observed: mean(inside.map(({ relevant }) => Number(relevant))),
    };
  }).filter(({ count }) => count > 0);
  return {
    logLoss: mean(
      forecasts.map(
        ({ probability, relevant }) =>
          -Math.log(Math.max(LEAST_PROBABILITY, relevant ? probability : 1 - probability)),
      ),
    ),
    brier: mean(
      forecasts.map(({ probability, relevant }) => (probability - Number(relevant)) ** 2),
    ),
    expectedCalibrationError: bins.reduce(
      (sum, { count, stated, observed }) =>
        sum + (count / forecasts.length) * Math.abs(stated - observed),
      0,
    ),
    bins,
  };
}
