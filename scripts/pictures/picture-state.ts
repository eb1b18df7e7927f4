import type { Page } from 'playwright';

/** Longest wait in a page, the loading of a model included. */
export const TIMEOUT_MS = 60_000;

/** A state of a page that is photographed. */
export interface PictureState {
  /**
   * Brings a page into the state, by what a reader does.
   *
   * @param address Where the pages are, with a slash at its end.
   * @returns Another page of the same reader, where that is the one to photograph.
   */
  readonly open: (page: Page, address: string) => Promise<Page | undefined>;
  /** Whether the picture is of the window and not of the whole page: for what hangs in the window. */
  readonly isOfWindow: boolean;
}

/** States by their names. */
export type PictureStates = Readonly<Record<string, PictureState>>;

type Open = (page: Page, address: string) => Promise<void>;

/** A state whose pictures are of the whole page. */
export function ofPage(open: Open): PictureState {
  return { open: (page, address) => open(page, address).then(() => undefined), isOfWindow: false };
}

/** A state whose pictures are of the window. */
export function ofWindow(open: Open): PictureState {
  return { ...ofPage(open), isOfWindow: true };
}
