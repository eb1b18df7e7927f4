/** Writes `docs/element.md` from `custom-elements.json`, which comes from the elements' class docs. */
import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { SETTINGS_CLASS, readDefault, readElements, type Member } from './element-manifest.ts';

const elements = readElements();

const text = `# The elements

This page is generated from the elements' class docs; do not edit it. Events bubble and cross shadow roots. \`Result\` is a
candidate (\`{ id, title, text, url, document }\`), or an item of the site's own list.

${describe('rerank-results')}

${describe('rerank-search', ({ inheritedFrom }) => inheritedFrom?.name !== SETTINGS_CLASS)}

${describe('rerank-log')}
`;
writeFileSync('docs/element.md', await format(text, { parser: 'markdown', printWidth: 100 }));

/** An element's section, with those of its members that `isListed` takes. */
function describe(tagName: string, isListed: (member: Member) => boolean = () => true): string {
  const element = elements.find((declaration) => declaration.tagName === tagName);
  if (!element) throw new Error(`custom-elements.json has no ${tagName}.`);
  const properties = element.properties.filter(isListed);
  const methods = element.methods.filter(isListed);
  return `## \`<${tagName}>\`

${element.description ?? ''}

### Attributes and properties

${table(
  ['property', 'attribute', 'type', 'default', 'meaning'],
  properties.map((property) => [
    code(property.name),
    code(property.attribute),
    code(property.type?.text),
    code(readDefault(property)),
    property.description,
  ]),
)}

${list(
  'Methods',
  methods.map(({ name, description }) => [`${name}()`, description]),
)}${list(
    'Events',
    element.events.map(({ name, type, description }) => [
      name,
      `${description ?? ''} Type: ${code(type?.text)}`,
    ]),
  )}${list(
    'Slots',
    element.slots.map(({ name, description }) => [name === '' ? '(default)' : name, description]),
  )}${list(
    'CSS parts',
    element.cssParts.map(({ name, description }) => [name, description]),
  )}${list(
    'Custom states',
    element.cssStates.map(({ name, description }) => [name, description]),
  )}${list(
    'CSS custom properties',
    element.cssProperties.map(({ name, description }) => [name, description]),
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

function code(value: string | undefined): string {
  return value === undefined ? '' : `\`${value.replace(/\s+/g, ' ')}\``;
}
