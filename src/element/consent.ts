import { readStored, store } from './stored-text.ts';

/**
 * Whether the reader is asked before a model is downloaded that the browser has not kept. `auto`: where a download of
 * megabytes may hurt. `ask`: always. `given`: never. Who agreed once is not asked again.
 */
export type Consent = 'auto' | 'ask' | 'given';

/** Where the reader's yes is remembered; nothing is written without one. */
const STORAGE_KEY = 'rerank-results-consent';

/** A device with less memory, in GB, may end the page for a model. */
const SMALL_MEMORY_GB = 2;

/** The reader's yes where the browser stores nothing. */
let agreedOnThisPage = false;

/** What some browsers say of the reader's connection and device. */
interface FrugalNavigator {
  readonly connection?: { readonly saveData?: boolean; readonly type?: string };
  /** Memory in GB, rounded to a power of two. */
  readonly deviceMemory?: number;
}

/** Whether a model may be downloaded only after the reader agreed. */
export function needsConsent(consent: Consent): boolean {
  if (consent === 'given' || hasAgreed()) return false;
  return consent === 'ask' || isFrugal();
}

/** What elements on this page do when the reader agrees in one of them. */
const waiting = new Set<() => void>();

/** Calls back, once, when the reader agrees. */
export function whenAgreed(goOn: () => void, signal: AbortSignal): void {
  waiting.add(goOn);
  signal.addEventListener('abort', () => waiting.delete(goOn));
}

/** Remembers, for this site, that the reader agreed. */
export function rememberConsent(): void {
  if (!store(STORAGE_KEY, 'given')) agreedOnThisPage = true;
  wakeWaiting();
}

/** Lets those that wait look again whether the reader must be asked. */
export function wakeWaiting(): void {
  const callbacks = [...waiting];
  waiting.clear();
  for (const goOn of callbacks) goOn();
}

function hasAgreed(): boolean {
  return agreedOnThisPage || readStored(STORAGE_KEY) === 'given';
}

/** Whether the reader saves data, pays for it as far as the browser says, or has little memory. */
export function isFrugal(): boolean {
  const { connection, deviceMemory = Number.POSITIVE_INFINITY } = navigator as FrugalNavigator;
  return (
    connection?.saveData === true ||
    connection?.type === 'cellular' ||
    deviceMemory <= SMALL_MEMORY_GB
  );
}
