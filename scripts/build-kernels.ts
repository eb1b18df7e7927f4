/**
 * `npm run build:kernels`: compiles kernels (AssemblyScript) without and with relaxed SIMD, and writes both binaries into
 * src/worker/backend/kernels/kernel-binaries.ts. They are a few kilobytes: inside the worker they need no URL and no request.
 */
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { compileKernels } from './compile-kernels.ts';

const TARGET = 'src/worker/backend/kernels/kernel-binaries.ts';

const { simd, relaxed } = compileKernels();
const code = `/** Made from kernels by \`npm run build:kernels\`. WebAssembly binaries as base64. */
export const kernelBinaries = {
  simd: '${simd}',
  relaxed: '${relaxed}',
};
`;
writeFileSync(
  TARGET,
  await format(code, { ...(await resolveConfig(TARGET)), parser: 'typescript' }),
);
