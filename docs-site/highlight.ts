import { escapeHtml } from './escape-html.ts';

/** What each language's parts look like, by the class that they get. The first that fits counts. */
type Grammar = Readonly<Record<string, RegExp>>;

const KEYWORDS =
  /\b(?:abstract|as|async|await|break|case|catch|class|const|constructor|continue|declare|default|delete|else|export|extends|false|finally|for|from|function|get|if|implements|import|in|infer|instanceof|interface|keyof|let|namespace|new|null|of|private|protected|readonly|return|satisfies|set|static|super|switch|this|throw|true|try|type|typeof|undefined|unknown|var|void|while|yield)\b/;
const STRING = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/;
const NUMBER = /\b\d[\d_]*(?:\.\d+)?\b/;
const WORD = /[A-Za-z_$][\w$]*/;

const script: Grammar = {
  comment: /\/\*[^]*?\*\/|\/\/.*/,
  string: STRING,
  keyword: KEYWORDS,
  number: NUMBER,
  word: WORD,
};
const markup: Grammar = {
  comment: /<!--[^]*?-->/,
  // The end of an arrow is none of a tag.
  tag: /<!?\/?[a-zA-Z][\w-]*|\/?(?<!=)>/,
  string: STRING,
  name: /[@:\w-]+(?==["{])/,
  keyword: KEYWORDS,
  word: WORD,
};
const shell: Grammar = {
  comment: /(?<=^|\s)#.*/m,
  string: STRING,
  name: /(?<=\s)--?[a-zA-Z][\w-]*/,
  word: /[\w./@-]+/,
};
const data: Grammar = {
  name: /"[^"\n]*"(?=\s*:)|[\w-]+(?=:(?:\s|$))/m,
  string: STRING,
  comment: /(?<=^|\s)#.*/m,
  number: NUMBER,
};
const style: Grammar = {
  comment: /\/\*[^]*?\*\//,
  string: STRING,
  name: /--?[\w-]+(?=\s*:)|[\w-]+(?=:\s)/,
  number: /\b\d[\d.]*(?:[a-z%]+)?/,
  word: WORD,
};

const GRAMMARS: Readonly<Record<string, Grammar>> = {
  js: script,
  ts: script,
  jsx: script,
  tsx: script,
  html: markup,
  vue: markup,
  svelte: markup,
  sh: shell,
  json: data,
  yaml: data,
  css: style,
};

/**
 * Code as HTML whose parts have classes. A language that is not known is left without colours.
 *
 * @param names In TypeScript: words that are links, and where they lead.
 */
export function highlight(
  code: string,
  language: string,
  names: ReadonlyMap<string, string> = new Map(),
): string {
  const grammar = GRAMMARS[language];
  if (!grammar) return escapeHtml(code);
  const parts = Object.entries(grammar).map(([kind, { source }]) => `(?<${kind}>${source})`);
  let html = '';
  let end = 0;
  for (const match of code.matchAll(new RegExp(parts.join('|'), 'gm'))) {
    const [text] = match;
    html += escapeHtml(code.slice(end, match.index));
    const kind = Object.entries<string | undefined>(match.groups ?? {}).find(
      ([, found]) => found !== undefined,
    )?.[0];
    html += kind === 'word' ? linkWord(text, language, names) : mark(text, kind ?? '');
    end = match.index + text.length;
  }
  return html + escapeHtml(code.slice(end));
}

function mark(text: string, kind: string): string {
  return `<span class="${kind}">${escapeHtml(text)}</span>`;
}

function linkWord(word: string, language: string, names: ReadonlyMap<string, string>): string {
  const target = language === 'ts' ? names.get(word) : undefined;
  return target === undefined ? word : `<a href="${escapeHtml(target)}">${word}</a>`;
}
