import { childrenOf, hasClass, isElement } from './html-tree.ts';
import type { HtmlNode } from './html-tree.ts';

/** The node's text as the source has it, line breaks included; index and footnote marks left out. */
export function rawText(node: HtmlNode): string {
  if (node.nodeName === '#text' && 'value' in node) return node.value;
  if (isElement(node)) {
    if (node.tagName === 'br') return '\n';
    if (hasClass(node, 'indexterm') || hasClass(node, 'footnote')) return '';
  }
  return childrenOf(node).map(rawText).join('');
}

/** Joins all runs of white space, non-breaking ones included, into single spaces. */
export function normalizeSpace(text: string): string {
  return text.replace(/[\s\u00a0\u200b]+/gu, ' ').trim();
}

/** The node's text on one line. */
export function lineText(node: HtmlNode): string {
  return normalizeSpace(rawText(node));
}

/** A code listing's text: indentation and inner line breaks kept, blank edges removed. */
export function codeText(node: HtmlNode): string {
  return rawText(node)
    .replace(/\u00a0/gu, ' ')
    .replace(/[ \t]+$/gmu, '')
    .replace(/\n{3,}/gu, '\n\n')
    .replace(/^\n+|\s+$/gu, '');
}

/** Words of a text, counted between white space. */
export function countWords(text: string): number {
  return text.split(/\s+/u).filter((word) => word !== '').length;
}

/** A heading without its number: `20.8.1. Where to Log` and `Chapter 20. …` lose what precedes. */
export function stripHeadingNumber(heading: string): string {
  const number =
    /^(?:(?:Chapter|Appendix|Part|Table|Example|Figure)\s+)?(?:[A-Z]|[IVX]+|\d+)(?:\.\d+)*\.\s+/u;
  return heading.replace(number, '');
}
