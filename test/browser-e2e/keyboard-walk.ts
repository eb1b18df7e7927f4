import type { Page } from 'playwright';

/** More stops than any room has. */
const MOST_STOPS = 200;

/**
 * What is wrong for a reader who has only a keyboard: Tab goes once through the page, from its beginning, and must stop at every
 * control in the order of the page, each with an outline to be seen.
 */
export async function findKeyboardFaults(page: Page): Promise<string[]> {
  // Tab goes on from where the page was pressed last.
  await page.mouse.click(1, 1);
  await page.evaluate(() => {
    scrollTo(0, 0);
    Object.assign(window, { stops: [] });
  });
  for (let count = 0; count < MOST_STOPS; count += 1) {
    await page.keyboard.press('Tab');
    if (!(await page.evaluate(noteStop))) break;
  }
  return page.evaluate(compareStops);
}

/** Notes where the focus is, and whether it is seen there. False at the page's end. */
function noteStop(): boolean {
  const { stops } = window as unknown as { stops: { element: Element; isSeen: boolean }[] };
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element || element === document.body || stops[0]?.element === element) return false;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { top, bottom } = element.getBoundingClientRect();
  const isInWindow = bottom > 0 && top < innerHeight;
  const isSeen = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && isInWindow;
  stops.push({ element, isSeen });
  return true;
}

/** Compares the stops with the controls that the page has. */
function compareStops(): string[] {
  const CONTROLS =
    'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex="0"]';
  const { stops } = window as unknown as { stops: { element: Element; isSeen: boolean }[] };
  const listAll = (root: Document | ShadowRoot): Element[] =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      element,
      ...(element.shadowRoot ? listAll(element.shadowRoot) : []),
    ]);
  const isStop = (element: Element): boolean =>
    element.matches(CONTROLS) &&
    element.checkVisibility({ visibilityProperty: true }) &&
    // Of a group of radio buttons, Tab stops at the chosen one.
    !element.matches('input[type="radio"]:not(:checked)');
  const name = (element: Element | undefined): string =>
    element ? element.outerHTML.slice(0, 80).replace(/\s+/g, ' ') : 'nothing';
  const controls = listAll(document).filter(isStop);
  const order = Array.from({ length: Math.max(controls.length, stops.length) }, (_, index) => {
    const [control, stop] = [controls[index], stops[index]?.element];
    return control === stop ? '' : `stop ${index + 1} is ${name(stop)} and not ${name(control)}`;
  });
  const unseen = stops.map(({ element, isSeen }) => (isSeen ? '' : `not seen: ${name(element)}`));
  return [...order, ...unseen].filter((fault) => fault !== '');
}
