/**
 * Copies an element's text to the clipboard; where the browser doesn't let the page, selects it.
 *
 * @returns What happened, and what is left to do.
 */
export async function copyText(element: Element): Promise<string> {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return 'Copied.';
  } catch {
    getSelection()?.selectAllChildren(element);
    return 'This browser does not let the page copy. The HTML is selected: copy it with Ctrl+C or ⌘C.';
  }
}
