import { readFileSync, readdirSync } from 'node:fs';
import { parseFragment, type DefaultTreeAdapterTypes } from 'parse5';

/** A block of code in the README or a guide. */
export interface Example {
  /** The file, and which of its blocks: `docs/looks.md 3`. */
  readonly place: string;
  readonly language: string;
  readonly code: string;
}

/** An element of this library in a block of HTML. */
export interface ElementTag {
  readonly tagName: string;
  readonly attributes: readonly string[];
}

/** The blocks of code of the README and all guides. The generated reference has none. */
export function listExamples(): Example[] {
  const guides = readdirSync('docs').filter((name) => name.endsWith('.md'));
  return ['README.md', ...guides.map((name) => `docs/${name}`)].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(
      ([, language = '', code = ''], index) => ({ place: `${file} ${index + 1}`, language, code }),
    ),
  );
}

/** The elements of this library in a block of HTML, each with the names of its attributes. */
export function readElementTags(html: string): ElementTag[] {
  const read = (nodes: readonly DefaultTreeAdapterTypes.ChildNode[]): ElementTag[] =>
    nodes.flatMap((node) => {
      if (!('tagName' in node)) return [];
      const inside = read(node.childNodes);
      return node.tagName.startsWith('rerank-')
        ? [{ tagName: node.tagName, attributes: node.attrs.map(({ name }) => name) }, ...inside]
        : inside;
    });
  return read(parseFragment(html).childNodes);
}

/** The names that a block imports from this package. */
export function readImportedNames(code: string): string[] {
  return [...code.matchAll(/import \{([^}]*)\} from 'rerank-results\b[^']*'/g)].flatMap(
    ([, names = '']) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
  );
}
