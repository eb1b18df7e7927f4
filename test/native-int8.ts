import { existsSync, readFileSync } from 'node:fs';

/**
 * Whether the native runtime gives wrong int8 scores on this CPU: with AVX2 or AVX-512 but without VNNI, it adds products of 8-bit
 * numbers in 16 bits, which overflow for weights beyond ±63. The tiny models have such weights; the shipped ones were made without.
 */
export const overflowsInt8 = (() => {
  if (!existsSync('/proc/cpuinfo')) return false;
  const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  return / avx2 /.test(`${flags} `) && !/vnni/.test(flags);
})();
