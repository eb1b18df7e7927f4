import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { readElements } from '../../scripts/element-manifest.ts';
import { listExamples, readElementTags, readImportedNames, type Example } from './examples.ts';

const examples = listExamples();

describe('the README and the guides', () => {
  it('have an example of each attribute', () => {
    const shown = new Set(
      examples
        .filter(({ language }) => language === 'html')
        .flatMap(({ code }) => readElementTags(code))
        .flatMap(({ attributes }) => attributes),
    );
    const attributes = readElements().flatMap(({ properties }) =>
      properties.flatMap(({ attribute = [] }) => attribute),
    );
    expect(attributes).toContain('budget-ms');
    expect(attributes.filter((name) => !shown.has(name))).toEqual([]);
  });

  it('have an example of each name that the package exports', () => {
    const imported = new Set(examples.flatMap(({ code }) => readImportedNames(code)));
    const missing = listExports().filter(({ name }) => !imported.has(name));
    expect(missing.map(({ path, name }) => `${path}: ${name}`)).toEqual([]);
  });
});

describe('the code of the README and the guides', () => {
  it('has no errors of types, but for what it leaves to its reader', () => {
    const blocks = examples.filter(({ language }) => language === 'js');
    expect(findTypeErrors(blocks)).toEqual([]);
  });
});

/** Names that an example has from its reader: unknown ones, also as a property of the same name. */
const UNKNOWN_NAMES = [2304, 2552, 18004];

/** What types cannot know in JavaScript: which event or result it is, and what stands in a folder of the site. */
const UNKNOWN_TYPES = /type '(?:Event|Element|unknown)'|module '\.\//;

/** What the compiler says of examples, each a module of its own. */
function findTypeErrors(blocks: readonly Example[]): string[] {
  const texts = new Map(
    blocks.map(({ place, code }, index) => [
      resolve('docs', `example-${index}.js`),
      { place, text: `${code}\nexport {};` },
    ]),
  );
  const config = ts.getParsedCommandLineOfConfigFile(
    'tsconfig.node.json',
    {
      strict: false,
      exactOptionalPropertyTypes: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const options = config?.options ?? {};
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file)?.text ?? readFile(file);
  host.getSourceFile = (file, ...more) => {
    const text = texts.get(file)?.text;
    return text === undefined
      ? getSourceFile(file, ...more)
      : ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts].flatMap(([file, { place }]) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .filter(({ code }) => !UNKNOWN_NAMES.includes(code))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
      .filter((message) => !UNKNOWN_TYPES.test(message))
      .map((message) => `${place}: ${message}`);
  });
}

/** Of these, one is for workers alone, and the other has what the rest exports. */
const NOT_FOR_NODE = ['./worker', './standalone'];

/** The names that each subpath exports at run time, as Node sees them. */
function listExports(): { readonly path: string; readonly name: string }[] {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly exports: Readonly<Record<string, string | { readonly default?: string }>>;
  };
  const files = Object.entries(exports).flatMap(([path, target]) => {
    const file = typeof target === 'string' ? undefined : target.default;
    return file === undefined || path.includes('*') || NOT_FOR_NODE.includes(path)
      ? []
      : [[path, file]];
  });
  const code = `const found = [];
    for (const [path, file] of ${JSON.stringify(files)})
      for (const name of Object.keys(await import(file))) found.push({ path, name });
    console.log(JSON.stringify(found));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code]);
  return JSON.parse(output.toString()) as ReturnType<typeof listExports>;
}
