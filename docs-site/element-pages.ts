import {
  SETTINGS_CLASS,
  readDefault,
  readElements,
  type ElementDeclaration,
  type Member,
  type Named,
} from '../scripts/element-manifest.ts';
import { linkGuides } from './links.ts';
import { ELEMENTS_ORIGIN, REFERENCE, type PageSource } from './site-map.ts';

/** The element whose page has the settings that all share. */
const FIRST_ELEMENT = 'rerank-results';

/** A page for each element, and one that leads to them. */
export function listElementPages(): PageSource[] {
  const elements = readElements().sort(
    (a, b) => Number(b.tagName === FIRST_ELEMENT) - Number(a.tagName === FIRST_ELEMENT),
  );
  const overview = elements.map(
    ({ tagName, description = '' }) =>
      `## [\`<${tagName}>\`](element/${tagName}.md)\n\n${description.split('\n\n')[0] ?? ''}`,
  );
  return [
    {
      origin: ELEMENTS_ORIGIN,
      path: 'element.html',
      label: 'The elements',
      group: REFERENCE,
      markdown: ['# The elements', ...overview].join('\n\n'),
    },
    ...elements.map((element) => ({
      origin: `docs/element/${element.tagName}.md`,
      path: `element/${element.tagName}.html`,
      label: `<${element.tagName}>`,
      group: REFERENCE,
      markdown: linkGuides(describeElement(element)),
    })),
  ];
}

function describeElement(element: ElementDeclaration): string {
  const { tagName, description = '', properties, methods, events } = element;
  const isShared = (member: Member): boolean =>
    tagName !== FIRST_ELEMENT && member.inheritedFrom?.name === SETTINGS_CLASS;
  const shared = properties.filter(isShared);
  const own = properties.filter((property) => !isShared(property));
  const hasAttribute = ({ attribute }: Member): boolean => attribute !== undefined;
  return [
    `# \`<${tagName}>\``,
    description,
    '## Attributes and properties',
    shared.length > 0
      ? `It has these of [\`<${FIRST_ELEMENT}>\`](${FIRST_ELEMENT}.md) too: ${shared.map(linkToShared).join(', ')}.`
      : '',
    ...own.filter(hasAttribute).map(describeProperty),
    ...own.filter((property) => !hasAttribute(property)).map(describeProperty),
    methods.length > 0 ? '## Methods' : '',
    ...methods.map(({ name, description: text = '' }) => `### ${name}() {#${name}}\n\n${text}`),
    events.length > 0 ? '## Events\n\nEvents bubble and cross shadow roots.' : '',
    ...events.map(
      ({ name, type, description: text = '' }) =>
        `### ${name} {#${name}}\n\n${text}${type ? `\n\n\`\`\`ts\n${type.text}\n\`\`\`` : ''}`,
    ),
    describeList('Slots', element.slots),
    describeList('CSS parts', element.cssParts),
    describeList('Custom states', element.cssStates),
    describeList('CSS custom properties', element.cssProperties),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Readers look for the attribute, where there is one. */
function describeProperty(property: Member): string {
  const { name, attribute, type, description = '' } = property;
  const value = readDefault(property);
  const facts = [
    attribute === undefined ? 'Property only' : `Property \`${name}\``,
    ...(type ? [`Type \`${type.text.replace(/\s+/g, ' ')}\``] : []),
    ...(value === undefined ? [] : [`Default \`${value}\``]),
  ];
  return `### ${attribute ?? name} {#${name}}\n\n${facts.join(' · ')}\n\n${description}`;
}

function linkToShared({ name, attribute }: Member): string {
  return `[\`${attribute ?? name}\`](${FIRST_ELEMENT}.md#${name})`;
}

function describeList(title: string, rows: readonly Named[]): string {
  const lines = rows.map(
    ({ name, description = '' }) =>
      `- \`${name === '' ? '(default)' : name}\`: ${description.replace(/\s+/g, ' ')}`,
  );
  return lines.length === 0 ? '' : `## ${title}\n\n${lines.join('\n')}`;
}
