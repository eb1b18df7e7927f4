import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/** How each framework's JSX is checked; Vue's and Svelte's checkers read the types that the files name. */
const frameworks: Readonly<Record<string, { file: string; jsxImportSource?: string }>> = {
  react: { file: 'react.tsx', jsxImportSource: 'react' },
  preact: { file: 'preact.tsx', jsxImportSource: 'preact' },
  solid: { file: 'solid.tsx', jsxImportSource: 'solid-js' },
  svelte: { file: 'svelte.ts' },
  vue: { file: 'vue.ts' },
};

/** What TypeScript says of a file that uses the built package. */
function check(file: string, options: ts.CompilerOptions): string[] {
  const program = ts.createProgram([`test/fixtures/templates/${file}`], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    paths: { 'rerank-results/*': ['./dist/types/templates/*.d.ts'] },
    ...options,
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText, file: source, start }) =>
      [
        source && start !== undefined && source.getLineAndCharacterOfPosition(start).line + 1,
        ts.flattenDiagnosticMessageText(messageText, ' '),
      ].join(': '),
    );
}

describe.each(Object.entries(frameworks))('templates of %s', (_name, { file, ...jsx }) => {
  test('take the attributes, properties and events of both elements, and no others', () => {
    expect(check(file, { ...jsx, jsx: ts.JsxEmit.ReactJSX })).toEqual([]);
  });
});

test('the attributes are those of the reference', () => {
  const manifest = JSON.parse(readFileSync('custom-elements.json', 'utf8')) as {
    modules: {
      declarations: { tagName?: string; attributes?: { name: string }[] }[];
    }[];
  };
  const documented = manifest.modules
    .flatMap(({ declarations }) => declarations)
    .find(({ tagName }) => tagName === 'rerank-results')
    ?.attributes?.map(({ name }) => name);
  const source = `
    import type { Attributes, RerankElements } from '../../../dist/types/templates/attributes.d.ts';
    export const names: Record<keyof Attributes<RerankElements['rerank-results']>, true> = {} as never;
  `;
  expect(readTypeKeys(source).sort()).toEqual(documented?.sort());
});

/** Names of the properties of `names` in a module. */
function readTypeKeys(source: string): string[] {
  const name = `${process.cwd()}/test/fixtures/templates/keys.ts`;
  const options = {
    strict: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
  } satisfies ts.CompilerOptions;
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  host.fileExists = (path) => path === name || fileExists(path);
  host.getSourceFile = (path, ...rest) =>
    path === name
      ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022)
      : getSourceFile(path, ...rest);
  const program = ts.createProgram([name], options, host);
  const module = program.getSourceFile(name);
  const checker = program.getTypeChecker();
  const symbol = module && checker.getSymbolAtLocation(module);
  const [variable] = symbol ? checker.getExportsOfModule(symbol) : [];
  return variable
    ? checker
        .getTypeOfSymbol(variable)
        .getProperties()
        .map((p) => p.getName())
    : [];
}
