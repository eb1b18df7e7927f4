import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Both builds of `kernels/`, as base64. */
export function compileKernels(): { simd: string; relaxed: string } {
  return { simd: compile('simd'), relaxed: compile('simd,relaxed-simd') };
}

/** By the command: the compiler's module brings global types that are not TypeScript's. */
function compile(features: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'kernels-'));
  const binary = join(folder, 'kernels.wasm');
  try {
    execFileSync(
      process.execPath,
      [
        'node_modules/assemblyscript/bin/asc.js',
        'kernels/index.ts',
        '-O3',
        '--noAssert',
        ...['--runtime', 'stub'],
        ...['--use', 'abort='],
        ...['--enable', features],
        ...['--outFile', binary],
      ],
      { stdio: 'inherit' },
    );
    return readFileSync(binary).toString('base64');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
