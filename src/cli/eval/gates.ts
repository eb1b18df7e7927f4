import {
  formatMetricName,
  parseMetricName,
  type NamedMetric,
} from '../../evaluate/metric-names.ts';
import { describeError } from '../../shared/errors.ts';
import { UsageError } from '../command.ts';

/** The least mean that a metric of the reranked order must reach. */
export interface Gate {
  readonly metric: NamedMetric;
  readonly least: number;
}

/** What came of a gate. */
export interface GateResult {
  /** The metric's name, such as `nDCG@10`. */
  readonly metric: string;
  readonly least: number;
  readonly value: number;
  readonly passed: boolean;
}

/**
 * Reads a gate, such as `ndcg@10=0.70`.
 *
 * @throws UsageError for an unknown metric or a value that is not from 0 to 1.
 */
export function parseGate(text: string): Gate {
  const [name = '', value = '', ...more] = text.split('=');
  const least = Number(value);
  if (value.trim() === '' || more.length > 0 || !(least >= 0 && least <= 1)) {
    throw new UsageError(
      `--gate must be METRIC=VALUE with a value from 0 to 1, as in ndcg@10=0.70, but is "${text}".`,
    );
  }
  try {
    return { metric: parseMetricName(name), least };
  } catch (error) {
    throw new UsageError(`--gate ${text}: ${describeError(error)}`);
  }
}

/** Holds a gate against the mean that was reached. */
export function checkGate({ metric, least }: Gate, value: number): GateResult {
  return { metric: formatMetricName(metric), least, value, passed: value >= least };
}

/** One line that says what a gate that was missed wanted, and what there was. */
export function describeMiss({ metric, least, value }: GateResult): string {
  // Enough digits that the two numbers never read the same.
  const digits = least.toFixed(4) === value.toFixed(4) ? 8 : 4;
  return `Gate missed: ${metric} is ${value.toFixed(digits)}, below ${least.toFixed(digits)}.`;
}
