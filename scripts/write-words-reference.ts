/** Writes the table of the elements' words in `docs/translations.md`, from the docs of `Messages` and the words in English. */
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import ts from 'typescript';
import { createFormats } from '../src/element/formats.ts';
import { makeEnglish } from '../src/element/messages.ts';

const SOURCE = 'src/element/messages.ts';
const PAGE = 'docs/translations.md';

/** What stands in the examples, by the names of parameters. */
const EXAMPLES: Readonly<Record<string, unknown>> = {
  query: 'disk full',
  shown: 10,
  count: 50,
  scored: 12,
  downloadBytes: 11e6,
  places: 3,
  score: 0.93,
  words: ['disk', 'full'],
};

const english: Readonly<Record<string, unknown>> = { ...makeEnglish(createFormats('en')) };
const source = ts.createSourceFile(
  SOURCE,
  readFileSync(SOURCE, 'utf8'),
  ts.ScriptTarget.ES2022,
  true,
);
const rows = source.statements
  .filter(ts.isInterfaceDeclaration)
  .filter(({ name }) => name.text === 'Messages')
  .flatMap(({ members }) => members.filter(ts.isPropertySignature).map(describeWord));
const table = ['| name | when it is shown | in English |', '| --- | --- | --- |', ...rows].join(
  '\n',
);
const page = readFileSync(PAGE, 'utf8').replace(
  /(<!-- words -->)[^]*(<!-- \/words -->)/,
  (_, start: string, end: string) => `${start}\n\n${table}\n\n${end}`,
);
writeFileSync(PAGE, await format(page, { parser: 'markdown', printWidth: 100, singleQuote: true }));

/** A row of the table. */
function describeWord(member: ts.PropertySignature): string {
  const name = member.name.getText();
  const parameters =
    member.type && ts.isFunctionTypeNode(member.type)
      ? member.type.parameters.map((parameter) => parameter.name.getText())
      : [];
  const word = english[name];
  const values = parameters.map((parameter) => EXAMPLES[parameter] ?? 3);
  const example =
    typeof word === 'string' ? word : (word as (...values: unknown[]) => string)(...values);
  const signature = parameters.length > 0 ? `${name}(${parameters.join(', ')})` : name;
  return `| \`${signature}\` | ${describe(member)} | ${example} |`;
}

/** The doc of a word, with what it says of the parameters. */
function describe(member: ts.PropertySignature): string {
  const [doc] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
  const parameters = [...(doc?.tags ?? [])].filter(ts.isJSDocParameterTag).map((tag) => {
    return `\`${tag.name.getText()}\`: ${ts.getTextOfJSDocComment(tag.comment) ?? ''}`;
  });
  return [ts.getTextOfJSDocComment(doc?.comment) ?? '', ...parameters]
    .join(' ')
    .replace(/\s+/g, ' ');
}
