/**
 * The page's element with this id.
 *
 * @throws {Error} when the page has none, or one of another kind
 */
export function findElement<TElement extends Element>(
  id: string,
  type: abstract new () => TElement,
): TElement {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`The page has no ${type.name} with the id "${id}".`);
}

/** Makes an HTML element with a class and children; texts become text nodes. */
export function makeElement<TName extends keyof HTMLElementTagNameMap>(
  name: TName,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[TName] {
  const element = document.createElement(name);
  if (className !== '') element.className = className;
  element.append(...children);
  return element;
}
