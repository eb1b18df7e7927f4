import { expect, it } from 'vitest';
import { compileKernels } from '../../scripts/compile-kernels.ts';
import { kernelBinaries } from '../../src/worker/backend/kernels/kernel-binaries.ts';

it('ships the kernels that the sources make: else run "npm run build:kernels"', () => {
  expect(kernelBinaries).toEqual(compileKernels());
});
