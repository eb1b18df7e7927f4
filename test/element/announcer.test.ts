import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Announcer } from '../../src/element/announcer.ts';
import { createPhrase } from '../../src/element/phrases.ts';

let heard: string[];
let announcer: Announcer;

beforeEach(() => {
  vi.useFakeTimers();
  heard = [];
  announcer = new Announcer(({ text }) => heard.push(text));
});

afterEach(() => vi.useRealTimers());

const announce = (text: string): void => announcer.announce(createPhrase(text), 'a query');

it('gives what the reader asked for a second of its own before a status follows', () => {
  announce('3 results.');
  vi.advanceTimersByTime(900);
  announcer.say(createPhrase('The reason.'));
  vi.advanceTimersByTime(900);
  expect(heard).toEqual(['', 'The reason.']);
  vi.advanceTimersByTime(200);
  expect(heard).toEqual(['', 'The reason.', '3 results.']);
});

it('repeats no status after what the reader asked for', () => {
  announce('3 results.');
  vi.advanceTimersByTime(1100);
  announcer.say(createPhrase('The reason.'));
  announce('3 results.');
  vi.advanceTimersByTime(5000);
  expect(heard).toEqual(['', '3 results.', 'The reason.']);
});

it('says that something is made only where that takes a second', () => {
  announcer.sayLater(createPhrase('Wait.'));
  vi.advanceTimersByTime(900);
  announcer.say(createPhrase('The reason.'));
  vi.advanceTimersByTime(5000);
  expect(heard).toEqual(['', 'The reason.']);
  announcer.sayLater(createPhrase('Wait.'));
  vi.advanceTimersByTime(1100);
  announcer.say(createPhrase('The reason.'));
  expect(heard).toEqual(['', 'The reason.', '', 'Wait.', 'The reason.']);
});

it('says nothing more once it is stopped', () => {
  announce('3 results.');
  announcer.sayLater(createPhrase('Wait.'));
  announcer.stop();
  vi.advanceTimersByTime(5000);
  expect(heard).toEqual(['', '']);
});
