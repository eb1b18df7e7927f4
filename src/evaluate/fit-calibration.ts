import { sigmoid, type Calibration, type CalibrationPoint } from '../shared/calibration.ts';
import { RerankError } from '../shared/errors.ts';

/** A pair's logit, and whether the document was judged relevant to the query. */
export interface JudgedLogit {
  readonly logit: number;
  readonly relevant: boolean;
}

/** Ways to fit a curve from logits to probabilities. */
export type CalibrationMethod = Calibration['method'];

/** Newton steps that Platt scaling gets; it needs about ten. */
const MOST_STEPS = 100;

/** The gradient's size at which Platt scaling has arrived. */
const ENOUGH = 1e-9;

/** Keeps the Hessian invertible where the data leaves a direction open. */
const RIDGE = 1e-12;

/** Decimals of a logit that isotonic regression sees: far below the models' noise, and short in a file. */
const LOGIT_DECIMALS = 4;

/**
 * Fits a calibration.
 *
 * @throws RerankError `invalid-input` where the judgments are all of one kind, or where relevant documents
 * have no higher logits than the others: no rising curve says more than the share of relevant ones.
 */
export function fitCalibration(
  method: CalibrationMethod,
  judged: readonly JudgedLogit[],
): Calibration {
  const { relevantCount, targets } = smoothTargets(judged);
  if (relevantCount === 0 || relevantCount === judged.length) {
    throw new RerankError(
      'invalid-input',
      `A calibration needs relevant and irrelevant documents, but ${relevantCount} of ${judged.length} are relevant.`,
    );
  }
  if (method === 'platt') {
    const { slope, intercept } = fitPlatt(judged, targets);
    if (!(slope > 0)) throw notRising();
    return { method, slope, intercept };
  }
  const points = fitIsotonic(judged, targets);
  if (points.at(-1)?.probability === points[0]?.probability) throw notRising();
  return { method, points };
}

/**
 * The targets of Platt 1999, (N₊ + 1) / (N₊ + 2) and 1 / (N₋ + 2) in place of 1 and 0: no curve then says
 * "certain" after seeing a few judgments. Isotonic regression gets them too.
 */
function smoothTargets(judged: readonly JudgedLogit[]): {
  relevantCount: number;
  targets: number[];
} {
  const relevantCount = judged.filter(({ relevant }) => relevant).length;
  const high = (relevantCount + 1) / (relevantCount + 2);
  const low = 1 / (judged.length - relevantCount + 2);
  return { relevantCount, targets: judged.map(({ relevant }) => (relevant ? high : low)) };
}

/**
 * Platt scaling: the slope and intercept of greatest likelihood, by Newton's method with backtracking.
 *
 * Source: Platt, "Probabilistic outputs for support vector machines", 1999; the algorithm of Lin, Lin and
 * Weng, "A note on Platt's probabilistic outputs for support vector machines", Machine Learning 68, 2007.
 * Their A and B are our −slope and −intercept.
 */
function fitPlatt(
  judged: readonly JudgedLogit[],
  targets: readonly number[],
): { slope: number; intercept: number } {
  const loss = (slope: number, intercept: number): number =>
    judged.reduce((total, { logit }, index) => {
      const z = slope * logit + intercept;
      const target = targets[index] ?? 0;
      // −target · log p − (1 − target) · log(1 − p), in the form that does not overflow.
      return total + (z >= 0 ? (1 - target) * z : -target * z) + Math.log1p(Math.exp(-Math.abs(z)));
    }, 0);

  const relevantCount = judged.filter(({ relevant }) => relevant).length;
  let slope = 0;
  let intercept = Math.log((relevantCount + 1) / (judged.length - relevantCount + 1));
  let present = loss(slope, intercept);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    let [gradientSlope, gradientIntercept] = [0, 0];
    let [curveSlope, curveBoth, curveIntercept] = [RIDGE, 0, RIDGE];
    for (const [index, { logit }] of judged.entries()) {
      const p = sigmoid(slope * logit + intercept);
      const error = p - (targets[index] ?? 0);
      const weight = p * (1 - p);
      gradientSlope += error * logit;
      gradientIntercept += error;
      curveSlope += weight * logit * logit;
      curveBoth += weight * logit;
      curveIntercept += weight;
    }
    if (Math.hypot(gradientSlope, gradientIntercept) < ENOUGH * judged.length) break;

    const determinant = curveSlope * curveIntercept - curveBoth * curveBoth;
    const moveSlope =
      -(curveIntercept * gradientSlope - curveBoth * gradientIntercept) / determinant;
    const moveIntercept =
      -(curveSlope * gradientIntercept - curveBoth * gradientSlope) / determinant;
    const descent = gradientSlope * moveSlope + gradientIntercept * moveIntercept;
    let length = 1;
    let next = loss(slope + moveSlope, intercept + moveIntercept);
    while (next > present + 1e-4 * length * descent && length > 1e-10) {
      length /= 2;
      next = loss(slope + length * moveSlope, intercept + length * moveIntercept);
    }
    // Not even the shortest step goes down: what is left is rounding.
    if (!(next < present)) break;
    slope += length * moveSlope;
    intercept += length * moveIntercept;
    present = next;
  }
  return { slope, intercept };
}

/** The first and the last logit of each level of the rising step function that is nearest to the targets. */
function fitIsotonic(
  judged: readonly JudgedLogit[],
  targets: readonly number[],
): CalibrationPoint[] {
  const targetsOfLogit = new Map<number, number[]>();
  for (const [index, { logit }] of judged.entries()) {
    const rounded = Number(logit.toFixed(LOGIT_DECIMALS));
    const known = targetsOfLogit.get(rounded) ?? [];
    known.push(targets[index] ?? 0);
    targetsOfLogit.set(rounded, known);
  }
  const columns = [...targetsOfLogit].sort(([a], [b]) => a - b);
  const levels = poolAdjacentViolators(
    columns.map(([, values]) => ({
      value: values.reduce((sum, value) => sum + value, 0) / values.length,
      weight: values.length,
    })),
  );
  return columns.flatMap(([logit], index) => {
    const probability = levels[index] ?? 0;
    const isInside = levels[index - 1] === probability && levels[index + 1] === probability;
    return isInside ? [] : [{ logit, probability }];
  });
}

/**
 * The rising sequence that is nearest to the values by weighted squares.
 *
 * Source: the pool-adjacent-violators algorithm; Ayer et al., Annals of Mathematical Statistics 26, 1955.
 * For calibration: Zadrozny and Elkan, KDD 2002.
 */
export function poolAdjacentViolators(
  columns: readonly { readonly value: number; readonly weight: number }[],
): number[] {
  const blocks: { value: number; weight: number; length: number }[] = [];
  for (const { value, weight } of columns) {
    let block = { value, weight, length: 1 };
    for (
      let former = blocks.at(-1);
      former && former.value >= block.value;
      former = blocks.at(-1)
    ) {
      const total = former.weight + block.weight;
      block = {
        value: (former.value * former.weight + block.value * block.weight) / total,
        weight: total,
        length: former.length + block.length,
      };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ value, length }) => new Array<number>(length).fill(value));
}

function notRising(): RerankError {
  return new RerankError(
    'invalid-input',
    'The model gives the relevant documents no higher scores than the others. It does not fit these texts, or the judgments are not what the manual says; no calibration mends that.',
  );
}
