import type { Page } from 'playwright';

/** What the browser itself measured in a page. */
export interface PageVitals {
  /** Cumulative layout shift over the whole visit, without what followed a press or key within half a second. */
  readonly layoutShift: number;
  /** Which elements moved, for a message. */
  readonly shifted: readonly string[];
  /** Milliseconds of each task on the page's thread of more than 50 ms. */
  readonly longTasksMs: readonly number[];
}

interface LayoutShiftSource {
  /** Null for what stands in a shadow root. */
  readonly node?: Node | null;
  readonly previousRect: DOMRectReadOnly;
  readonly currentRect: DOMRectReadOnly;
}

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly LayoutShiftSource[];
}

/** Collects vitals in pages of this kind; call it before the page opens. */
export async function recordVitals(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts: { readonly value: number; readonly moved: string }[] = [];
    const longTasksMs: number[] = [];
    Object.assign(window, { vitals: { shifts, longTasksMs } });
    const show = ({ x, y, width, height }: DOMRectReadOnly): string =>
      [x, y, width, height].map(Math.round).join(' ');
    const describe = ({ node, previousRect, currentRect }: LayoutShiftSource): string => {
      const name = node instanceof Element ? node.outerHTML.slice(0, 60) : node?.nodeName;
      return `${name ?? 'in a shadow root'} [${show(previousRect)} to ${show(currentRect)}]`;
    };
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as LayoutShift[]) {
        if (!hadRecentInput) shifts.push({ value, moved: sources.map(describe).join('; ') });
      }
    }).observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => {
      longTasksMs.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: 'longtask', buffered: true });
  });
}

/** What was measured so far. */
export function readVitals(page: Page): Promise<PageVitals> {
  return page.evaluate(async () => {
    // Entries come after the frame that they are about.
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)));
    const { shifts, longTasksMs } = (
      window as unknown as {
        vitals: {
          readonly shifts: readonly { readonly value: number; readonly moved: string }[];
          readonly longTasksMs: readonly number[];
        };
      }
    ).vitals;
    return {
      layoutShift: shifts.reduce((sum, { value }) => sum + value, 0),
      shifted: shifts.map(({ value, moved }) => `${value.toFixed(4)} ${moved}`),
      longTasksMs,
    };
  });
}
