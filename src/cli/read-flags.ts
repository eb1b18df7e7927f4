import { UsageError } from './command.ts';

/**
 * Reads a flag that is a whole number.
 *
 * @param name The flag's name without dashes.
 * @param text What was given; undefined where the flag is absent.
 * @param least The least number allowed. Default 1.
 * @returns undefined where the flag is absent.
 * @throws UsageError naming the flag and the value.
 */
export function readCount(name: string, text: string | undefined, least = 1): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (text.trim() !== '' && Number.isInteger(count) && count >= least) return count;
  throw new UsageError(`--${name} must be a whole number of ${least} or more, but is "${text}".`);
}

/**
 * Reads a flag that is a number from 0 to 1.
 *
 * @returns undefined where the flag is absent.
 * @throws UsageError naming the flag and the value.
 */
export function readShare(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const share = Number(text);
  if (text.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new UsageError(`--${name} must be a number from 0 to 1, but is "${text}".`);
}
