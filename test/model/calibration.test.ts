import { describe, expect, it } from 'vitest';
import { parseCalibration } from '../../src/worker/model/calibration.ts';

const url = 'https://example.org/models/m/calibration.json';
const parse = (value: unknown): unknown =>
  parseCalibration(new TextEncoder().encode(JSON.stringify(value)), url);
const platt = { formatVersion: 1, method: 'platt', slope: 0.5, intercept: -2 };
const points = [
  { logit: -1, probability: 0.1 },
  { logit: 1, probability: 0.1 },
  { logit: 2, probability: 1 },
];
const isotonic = { formatVersion: 1, method: 'isotonic', points };

describe('parseCalibration', () => {
  it('takes curves of both kinds, and leaves out what is for people', () => {
    expect(parse({ ...platt, queries: 40 })).toEqual({
      method: 'platt',
      slope: 0.5,
      intercept: -2,
    });
    expect(parse({ ...isotonic, date: '2026-01-01' })).toEqual({ method: 'isotonic', points });
  });

  it.each([
    ['it', null],
    ['it', 'platt'],
    ['formatVersion', { ...platt, formatVersion: 2 }],
    ['method', { ...platt, method: 'temperature' }],
    ['slope', { ...platt, slope: 0 }],
    ['slope', { ...platt, slope: '1' }],
    ['intercept', { ...platt, intercept: null }],
    ['points', { ...isotonic, points: [] }],
    ['points', { ...isotonic, points: undefined }],
    ['points[0]', { ...isotonic, points: [null] }],
    ['points[0]', { ...isotonic, points: [{ logit: 0, probability: -0.1 }] }],
    ['points[1]', { ...isotonic, points: [points[2], points[0]] }],
    ['points[1]', { ...isotonic, points: [points[0], points[0]] }],
    ['points[1]', { ...isotonic, points: [points[2], { logit: 3, probability: 0.5 }] }],
    ['points[1]', { ...isotonic, points: [points[0], { logit: 3, probability: 1.5 }] }],
  ])('refuses a file whose %s is wrong, and names it', (field, value) => {
    expect(() => parse(value)).toThrow(
      expect.objectContaining({ code: 'model-integrity', details: { url, field } }),
    );
  });

  it('refuses what is no JSON', () => {
    expect(() => parseCalibration(new TextEncoder().encode('{'), url)).toThrow(
      expect.objectContaining({ code: 'model-integrity' }),
    );
  });
});
