import { expect, it } from 'vitest';
import { normalizeAddress } from '../../src/shared/page-address.ts';

it.each([
  ['/a/index.html#b', '/a#b', '/a'],
  ['/a/', '/a', '/a'],
  ['/index.htm', '/', '/'],
  ['/a?v=1#b:~:text=word', '/a?v=1#b', '/a?v=1'],
  ['/#/guide', '/#/guide', '/#/guide'],
  ['/#/guide#b', '/#/guide#b', '/#/guide'],
  ['https://one.example/a/#', 'https://one.example/a', 'https://one.example/a'],
  ['mailto:a@one.example', 'mailto:a@one.example', 'mailto:a@one.example'],
  ['https://[bad#b', 'https://[bad#b', 'https://[bad'],
])('%s is %s, and as a page %s', (url, section, page) => {
  expect(normalizeAddress(url, { keepsSection: true })).toBe(section);
  expect(normalizeAddress(url, { keepsSection: false })).toBe(page);
});
