import { describe, expect, it } from 'vitest';
import { readSettings } from '../../bench/settings.ts';

describe('npm run bench', () => {
  it('measures everything but WebGPU, and keeps the results, where nothing is asked for', () => {
    const settings = readSettings([]);
    expect(settings.only).toContain('engines');
    expect(settings.only).not.toContain('webgpu');
    expect(settings.out).toBe('bench/results/latest.json');
  });

  it('takes several scenarios, in either form', () => {
    expect(readSettings(['--only', 'abort,webgpu', '--only', 'engines']).only).toEqual([
      'abort',
      'webgpu',
      'engines',
    ]);
  });

  it('keeps a quick run’s numbers out of the results', () => {
    expect(readSettings(['--quick']).out).toBe('bench/results/quick.json');
  });

  it('says what a scenario may be called', () => {
    expect(() => readSettings(['--only', 'speed'])).toThrow(/engines, .*"speed"/);
    expect(() => readSettings(['--rounds', '0'])).toThrow(/whole number/);
  });
});
