import { expect, it } from 'vitest';
import { SpeedEstimate } from '../../src/worker/pipeline/speed-estimate.ts';

it('knows nothing before the first batch, nor where the clock stood still', () => {
  const speed = new SpeedEstimate();
  expect(speed.tokensPerSecond).toBeUndefined();
  speed.add(100, 0);
  expect(speed.tokensPerSecond).toBeUndefined();
});

it('takes the first batch until there is another: it may have compiled', () => {
  const speed = new SpeedEstimate();
  speed.add(100, 1000);
  expect(speed.tokensPerSecond).toBe(100);
  speed.add(100, 50);
  expect(speed.tokensPerSecond).toBe(2000);
});

it('follows a device that becomes slower', () => {
  const speed = new SpeedEstimate();
  for (let batch = 0; batch < 20; batch += 1) speed.add(100, 50);
  expect(speed.tokensPerSecond).toBeCloseTo(2000, 6);
  speed.add(100, 100);
  expect(speed.tokensPerSecond).toBeLessThan(2000);
  expect(speed.tokensPerSecond).toBeGreaterThan(1500);
  for (let batch = 0; batch < 50; batch += 1) speed.add(100, 100);
  expect(speed.tokensPerSecond).toBeGreaterThan(1000);
  expect(speed.tokensPerSecond).toBeLessThan(1010);
});
