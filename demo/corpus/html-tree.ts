import type { DefaultTreeAdapterTypes } from 'parse5';

/** Any node of a parsed page. */
export type HtmlNode = DefaultTreeAdapterTypes.Node;
/** An element of a parsed page. */
export type HtmlElement = DefaultTreeAdapterTypes.Element;

/** True for elements; text, comments and the document itself are not. */
export function isElement(node: HtmlNode): node is HtmlElement {
  return 'tagName' in node;
}

/** The node's children, or none for a node that can have no children. */
export function childrenOf(node: HtmlNode): readonly HtmlNode[] {
  return 'childNodes' in node ? node.childNodes : [];
}

/** An attribute's value, or undefined where the element lacks it. */
export function attributeOf(element: HtmlElement, name: string): string | undefined {
  return element.attrs.find((attribute) => attribute.name === name)?.value;
}

/** The element's class names, in order. */
export function classesOf(element: HtmlElement): readonly string[] {
  return (attributeOf(element, 'class') ?? '').split(/\s+/).filter((name) => name !== '');
}

/** True when the element carries the class. */
export function hasClass(element: HtmlElement, name: string): boolean {
  return classesOf(element).includes(name);
}

/** The first element below `root`, in page order, for which `accepts` holds. */
export function findElement(
  root: HtmlNode,
  accepts: (element: HtmlElement) => boolean,
): HtmlElement | undefined {
  for (const child of childrenOf(root)) {
    if (isElement(child) && accepts(child)) return child;
    const found = findElement(child, accepts);
    if (found !== undefined) return found;
  }
  return undefined;
}
