/** Writes `docs/element.md` from `custom-elements.json`, which comes from the elements' class docs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import * as defaults from '../src/shared/defaults.ts';

interface Named {
  readonly name: string;
  readonly description?: string;
}

interface Member extends Named {
  readonly kind: string;
  readonly privacy?: string;
  readonly static?: boolean;
  readonly attribute?: string;
  readonly default?: string;
  readonly type?: { readonly text: string };
  /** The base class that it comes from. */
  readonly inheritedFrom?: { readonly name: string };
}

interface ElementDeclaration extends Named {
  readonly tagName?: string;
  readonly members?: readonly Member[];
  readonly events?: readonly (Named & { readonly type?: { readonly text: string } })[];
  readonly slots?: readonly Named[];
  readonly cssParts?: readonly Named[];
  readonly cssStates?: readonly Named[];
  readonly cssProperties?: readonly Named[];
}

const manifest = JSON.parse(readFileSync('custom-elements.json', 'utf8')) as {
  readonly modules: readonly { readonly declarations: readonly ElementDeclaration[] }[];
};
const declarations = manifest.modules.flatMap((module) => module.declarations);

const text = `# The elements

This page is generated from the elements' class docs; do not edit it. Events bubble and cross shadow roots. \`Result\` is a
candidate (\`{ id, title, text, url, document }\`), or an item of the site's own list.

${describe('rerank-results')}

${describe('rerank-search', ({ inheritedFrom }) => inheritedFrom?.name !== 'ElementSettings')}

${describe('rerank-log')}
`;
writeFileSync('docs/element.md', await format(text, { parser: 'markdown', printWidth: 100 }));

/** An element's section, with those of its members that `isListed` takes. */
function describe(tagName: string, isListed: (member: Member) => boolean = () => true): string {
  const element = declarations.find((declaration) => declaration.tagName === tagName);
  if (!element) throw new Error(`custom-elements.json has no ${tagName}.`);
  const members = (element.members ?? []).filter(
    (member) =>
      member.privacy === undefined &&
      !member.static &&
      !member.name.startsWith('#') &&
      isListed(member),
  );
  const properties = members.filter(({ kind, description }) => kind === 'field' && description);
  const methods = members.filter(({ kind, description }) => kind === 'method' && description);
  return `## \`<${tagName}>\`

${element.description ?? ''}

### Attributes and properties

${table(
  ['property', 'attribute', 'type', 'default', 'meaning'],
  properties.map(({ name, attribute, type, default: value, description }) => [
    code(name),
    code(attribute),
    code(type?.text),
    code(readDefault(value)),
    description,
  ]),
)}

${list(
  'Methods',
  methods.map(({ name, description }) => [`${name}()`, description]),
)}${list(
    'Events',
    (element.events ?? []).map(({ name, type, description }) => [
      name,
      `${description ?? ''} Type: ${code(type?.text)}`,
    ]),
  )}${list(
    'Slots',
    (element.slots ?? []).map(({ name, description }) => [
      name === '' ? '(default)' : name,
      description,
    ]),
  )}${list(
    'CSS parts',
    (element.cssParts ?? []).map(({ name, description }) => [name, description]),
  )}${list(
    'Custom states',
    (element.cssStates ?? []).map(({ name, description }) => [name, description]),
  )}${list(
    'CSS custom properties',
    (element.cssProperties ?? []).map(({ name, description }) => [name, description]),
  )}`;
}

function table(
  head: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): string {
  const line = (cells: readonly (string | undefined)[]): string =>
    `| ${cells.map((cell = '') => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A part of an element's section; nothing where the element has none of it. */
function list(title: string, rows: readonly (readonly [string, string | undefined])[]): string {
  if (rows.length === 0) return '';
  const lines = rows.map(
    ([name, description = '']) => `- \`${name}\`: ${description.replace(/\s+/g, ' ')}\n`,
  );
  return `### ${title}\n\n${lines.join('')}\n`;
}

/** The value behind the name of a constant. */
function readDefault(value: string | undefined): string | undefined {
  const constants: Readonly<Record<string, unknown>> = defaults;
  return value !== undefined && value in constants ? JSON.stringify(constants[value]) : value;
}

function code(value: string | undefined): string {
  return value === undefined ? '' : `\`${value.replace(/\s+/g, ' ')}\``;
}
