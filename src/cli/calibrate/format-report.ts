import type { FittedCalibration } from '../../evaluate/calibrate.ts';
import type { CalibrationQuality } from '../../evaluate/calibration-quality.ts';

/** What a calibration brings, for people: curve, losses, and how often each stated share came true. */
export function formatReport(fitted: FittedCalibration, folds: number): string {
  const { calibration, before, after, withoutScores } = fitted;
  const curve =
    calibration.method === 'platt'
      ? `probability = sigmoid(${calibration.slope.toFixed(4)} · logit ${calibration.intercept < 0 ? '−' : '+'} ${Math.abs(calibration.intercept).toFixed(4)})`
      : `${calibration.points.length} points`;
  const row = (name: string, { logLoss, brier, expectedCalibrationError }: CalibrationQuality) =>
    `${name.padEnd(34)}${[logLoss, brier, expectedCalibrationError]
      .map((value) => value.toFixed(4).padStart(10))
      .join('')}\n`;
  const bins = ({ bins }: CalibrationQuality): string =>
    bins
      .map(({ from, count, stated, observed }) => {
        const range = `${from.toFixed(1)}–${(from + 0.1).toFixed(1)}`;
        const shares = [stated, observed].map((value) => value.toFixed(3).padStart(10)).join('');
        return `  ${range}${String(count).padStart(9)}${shares}\n`;
      })
      .join('');
  const head = `  score${'pairs'.padStart(11)}${'stated'.padStart(10)}${'observed'.padStart(10)}\n`;
  return [
    `${fitted.pairs} judged pairs of ${fitted.queries} queries, ${fitted.relevantPairs} relevant\n`,
    `${calibration.method}: ${curve}\n\n`,
    `${`cross-validated, ${folds} parts by query`.padEnd(34)}  log loss     Brier       ECE\n`,
    row('before: sigmoid of the logit', before),
    row('after: calibrated', after),
    row('the share of relevant pairs alone', withoutScores),
    `\nbefore\n${head}${bins(before)}\nafter\n${head}${bins(after)}`,
    after.logLoss < withoutScores.logLoss
      ? ''
      : '\nThe scores say no more than the share of relevant pairs does: judge more queries, or do not rely on them.\n',
  ].join('');
}
