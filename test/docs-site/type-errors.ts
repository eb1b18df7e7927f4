import { resolve } from 'node:path';
import ts from 'typescript';
import type { Example } from './examples.ts';

/** Names that an example has from its reader: unknown ones, also as a property of the same name. */
const UNKNOWN_NAMES = [2304, 2552, 18004];

/** What types cannot know in JavaScript: which event or result it is, and what stands in a folder of the site. */
const UNKNOWN_TYPES = /type '(?:Event|Element|unknown)'|module '\.\//;

/** What the compiler says of blocks of JavaScript, each as a module of its own beside this package. */
export function findTypeErrors(blocks: readonly Example[]): string[] {
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
  const base = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...base,
    fileExists: (file) => texts.has(file) || base.fileExists(file),
    readFile: (file) => texts.get(file)?.text ?? base.readFile(file),
    getSourceFile: (file, ...more) => {
      const text = texts.get(file)?.text;
      return text === undefined
        ? base.getSourceFile(file, ...more)
        : ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    },
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
