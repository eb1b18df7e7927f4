import { RerankError } from '../../shared/errors.ts';
import type { Calibration, CalibrationPoint } from '../../shared/calibration.ts';

/** The format that this version reads and writes. A file with another number is refused. */
export const CALIBRATION_FORMAT = 1;

/**
 * Reads the curve of a model folder's calibration file, which `npx rerank-results calibrate` writes. What
 * else stands in the file is for people.
 *
 * @throws RerankError `model-integrity` naming the first field that is wrong.
 */
export function parseCalibration(bytes: Uint8Array, url: string): Calibration {
  const require = (condition: boolean, field: string, expected: string): void => {
    if (condition) return;
    throw new RerankError(
      'model-integrity',
      `The calibration ${url} is not usable: ${field} must be ${expected}.`,
      { url, field },
    );
  };
  const value = parseRecord(bytes);
  require(value !== undefined, 'it', 'a JSON object');
  const { formatVersion, method, slope, intercept, points } = value ?? {};
  require(formatVersion ===
    CALIBRATION_FORMAT, 'formatVersion', `${CALIBRATION_FORMAT}, the format that this version reads`);
  require(method === 'platt' || method === 'isotonic', 'method', '"platt" or "isotonic"');

  if (method === 'platt') {
    // A slope of 0 or less would turn the order round.
    require(isFinite(slope) && slope > 0, 'slope', 'a number above 0');
    require(isFinite(intercept), 'intercept', 'a number');
    return { method, slope: slope as number, intercept: intercept as number };
  }
  require(Array.isArray(points) && points.length > 0, 'points', 'a list with at least one point');
  let former: CalibrationPoint = { logit: Number.NEGATIVE_INFINITY, probability: 0 };
  const read = (points as unknown[]).map((point, index) => {
    const { logit, probability } = (point ?? {}) as Record<string, unknown>;
    const isPoint =
      isFinite(logit) &&
      isFinite(probability) &&
      logit > former.logit &&
      probability >= former.probability &&
      probability <= 1;
    require(isPoint, `points[${index}]`, 'a logit above the one before with a probability of 0 to 1 that is not below the one before');
    former = { logit: logit as number, probability: probability as number };
    return former;
  });
  return { method: 'isotonic', points: read };
}

function parseRecord(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // The caller says it, with the URL.
  }
  return undefined;
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value);
}
