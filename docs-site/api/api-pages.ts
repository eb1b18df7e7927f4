import { posix } from 'node:path';
import { format } from 'prettier';
import { linkGuides } from '../links.ts';
import type { PageSource } from '../site-map.ts';
import { readApi, type ApiEntry, type ApiKind, type ApiModule, type Docs } from './read-api.ts';

/** The pages, and where each exported name is described: `api/sources.html#searchAlgolia`. */
export interface ApiPages {
  readonly pages: readonly PageSource[];
  readonly places: ReadonlyMap<string, string>;
}

const KINDS: Readonly<Record<ApiKind, string>> = {
  function: 'Functions',
  class: 'Classes',
  constant: 'Constants',
  type: 'Types',
};

/** Wide enough for most signatures in one line of the page. */
const CODE_WIDTH = 78;

/** A page for each entry point of the package, made from its declarations and docstrings. */
export async function listApiPages(): Promise<ApiPages> {
  const modules = readApi();
  const places = new Map(
    modules.flatMap((module) =>
      module.entries.map(({ name }) => [name, `${toPath(module.specifier)}#${name}`] as const),
    ),
  );
  const pages = await Promise.all(
    modules.map(async (module) => ({
      origin: `docs/${toPath(module.specifier).replace(/html$/, 'md')}`,
      path: toPath(module.specifier),
      label: module.specifier,
      group: 'API',
      markdown: linkGuides(await describeModule(module)),
    })),
  );
  return { pages, places };
}

/** `rerank-results/sources` stands in `api/sources.html`. */
function toPath(specifier: string): string {
  return `api/${posix.basename(specifier)}.html`;
}

async function describeModule(module: ApiModule): Promise<string> {
  const { specifier, purpose, entries, shared, augmentations } = module;
  const parts = [`# \`${specifier}\``, purpose];
  for (const [kind, heading] of Object.entries(KINDS)) {
    const ofKind = entries.filter((entry) => entry.kind === kind);
    if (ofKind.length === 0) continue;
    parts.push(`## ${heading}`);
    for (const entry of ofKind) parts.push(await describeEntry(entry));
  }
  for (const code of augmentations) parts.push(await toCode([code]));
  const others = Object.entries(shared);
  if (others.length > 0) {
    const list = others.map(
      ([name, owner]) => `- [\`${name}\`](${posix.basename(owner)}.md#${name}) of \`${owner}\``,
    );
    parts.push('## Also exported here', list.join('\n'));
  }
  return parts.join('\n\n');
}

async function describeEntry(entry: ApiEntry): Promise<string> {
  const { name, signatures, docs, members, tagName } = entry;
  const described = members.filter(
    (member) => member.docs.text !== '' || member.docs.tags['throws'],
  );
  return [
    `### ${name} {#${name}}`,
    await toCode(signatures),
    tagName === undefined
      ? describeDocs(docs)
      : `The class of [\`<${tagName}>\`](../element/${tagName}.md), where its properties, methods and events are.`,
    ...described.map((member) =>
      [
        `#### ${member.name}${member.isOptional ? '?' : ''} {#${name}.${member.name.replace(/[^\w$.]/g, '')}}`,
        member.types.map((type) => `\`${type}\``).join('\\\n'),
        describeDocs(member.docs),
      ].join('\n\n'),
    ),
  ].join('\n\n');
}

function describeDocs({ text, tags }: Docs): string {
  const parameters = (tags['param'] ?? []).map((line) => line.replace(/^(\S+)\s*/, '- `$1`: '));
  const named = (label: string, tag: string): string[] =>
    (tags[tag] ?? []).map((line) => `**${label}** ${line}`);
  return [
    text,
    parameters.length > 0 ? `**Parameters**\n\n${parameters.join('\n')}` : '',
    ...named('Returns', 'returns'),
    ...named('Default', 'default'),
    ...named('Throws', 'throws'),
    ...(tags['example'] ?? []),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Declarations as a block of code, without the words that a file of types needs. */
async function toCode(signatures: readonly string[]): Promise<string> {
  const code = await format(signatures.join('\n'), {
    parser: 'typescript',
    singleQuote: true,
    printWidth: CODE_WIDTH,
  });
  return `\`\`\`ts\n${code.replace(/^(?:export )?(?:declare )?(?=function|class|interface|type|const|abstract)/gm, '').trimEnd()}\n\`\`\``;
}
