import { resolve } from 'node:path';
import ts from 'typescript';
import { listSubpaths, type Subpath } from './subpaths.ts';

/** What a docstring says. */
export interface Docs {
  readonly text: string;
  /** By tag, such as `param` and `throws`: what stands after each. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

/** A property or method. */
export interface ApiMember {
  readonly name: string;
  readonly isOptional: boolean;
  /** As it is written; one for each overload. */
  readonly types: readonly string[];
  readonly docs: Docs;
}

export type ApiKind = 'function' | 'class' | 'constant' | 'type';

/** One export. */
export interface ApiEntry {
  readonly name: string;
  readonly kind: ApiKind;
  /** TypeScript, as the declarations have it. */
  readonly signatures: readonly string[];
  readonly docs: Docs;
  readonly members: readonly ApiMember[];
  /** The element that the class is, such as `rerank-results`. */
  readonly tagName?: string;
}

/** What one entry point exports. */
export interface ApiModule extends Subpath {
  readonly entries: readonly ApiEntry[];
  /** Names that another entry point has as well, and that one's specifier. */
  readonly shared: Readonly<Record<string, string>>;
  /** Declarations for other modules, where it exports nothing. */
  readonly augmentations: readonly string[];
}

/** Reads every entry point of the built package. What several export is described where it comes first. */
export function readApi(): ApiModule[] {
  const subpaths = listSubpaths();
  const program = ts.createProgram(
    subpaths.map(({ types }) => types),
    {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      types: [],
    },
  );
  const checker = program.getTypeChecker();
  const owners = new Map<ts.Symbol, string>();
  return subpaths.map((subpath) => {
    const file = program.getSourceFile(subpath.types);
    if (!file) throw new Error(`${subpath.types} is not there: run "npm run build" first.`);
    const module = checker.getSymbolAtLocation(file);
    const entries: ApiEntry[] = [];
    const shared: Record<string, string> = {};
    for (const exported of module ? checker.getExportsOfModule(module) : []) {
      const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
      const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
      const owner = owners.get(symbol);
      if (owner === undefined) {
        owners.set(symbol, subpath.specifier);
        entries.push(readEntry(exported.name, symbol, checker));
      } else shared[exported.name] = owner;
    }
    const augmentations = file.statements
      .filter((statement) => ts.isModuleDeclaration(statement))
      .map((statement) => statement.getText());
    return { ...subpath, entries, shared, augmentations };
  });
}

function readEntry(name: string, symbol: ts.Symbol, checker: ts.TypeChecker): ApiEntry {
  const declarations = symbol.declarations ?? [];
  const [first] = declarations;
  if (!first) throw new Error(`${name} has no declaration.`);
  const docs = readDocs(symbol, checker);
  if (ts.isFunctionDeclaration(first)) {
    return { name, kind: 'function', signatures: declarations.map(print), docs, members: [] };
  }
  if (ts.isVariableDeclaration(first)) {
    return { name, kind: 'constant', signatures: [`const ${first.getText()}`], docs, members: [] };
  }
  if (ts.isClassDeclaration(first)) {
    const [tagName] = docs.tags['tagname'] ?? [];
    // The element's own page lists them.
    if (tagName !== undefined) {
      return { name, kind: 'class', signatures: [printHead(first)], docs, members: [], tagName };
    }
    const members = readMembers(symbol, checker);
    return { name, kind: 'class', signatures: [print(first)], docs, members };
  }
  // An interface's members are read from its type: those of what it extends are its own to a reader.
  const members = ts.isInterfaceDeclaration(first) ? readMembers(symbol, checker) : [];
  return {
    name,
    kind: 'type',
    signatures: ts.isInterfaceDeclaration(first) ? declarations.map(print) : [first.getText()],
    docs,
    members,
  };
}

function readMembers(symbol: ts.Symbol, checker: ts.TypeChecker): ApiMember[] {
  return checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)).flatMap((member) => {
    const declarations = (member.declarations ?? []).filter(isOurs);
    const [first] = declarations;
    if (!first || isPrivate(first)) return [];
    return [
      {
        // The compiler's own name of a symbol's property is a number.
        name: ts.getNameOfDeclaration(first)?.getText() ?? member.name,
        isOptional: (member.flags & ts.SymbolFlags.Optional) !== 0,
        types: declarations.map(readType),
        docs: readDocs(member, checker),
      },
    ];
  });
}

/** A member's type as it is written: what the compiler infers is longer and says less. */
function readType(declaration: ts.Declaration): string {
  if (ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration)) {
    const type = declaration.type?.getText() ?? 'unknown';
    // Every optional property may be undefined.
    return type.replace(/\s+/g, ' ').replace(/ \| undefined$/, '');
  }
  return declaration.getText().replace(/\s+/g, ' ').replace(/;$/, '');
}

function isOurs(declaration: ts.Declaration): boolean {
  return declaration
    .getSourceFile()
    .fileName.startsWith(resolve('dist/types').replaceAll('\\', '/'));
}

function isPrivate(declaration: ts.Declaration): boolean {
  const flags = ts.getCombinedModifierFlags(declaration);
  const name = ts.getNameOfDeclaration(declaration);
  return (
    (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0 ||
    (name !== undefined && ts.isPrivateIdentifier(name))
  );
}

const printer = ts.createPrinter({ removeComments: true });

/** A declaration without its docstrings, which stand beside it. */
function print(declaration: ts.Declaration): string {
  return printer
    .printNode(ts.EmitHint.Unspecified, declaration, declaration.getSourceFile())
    .replace(/^\s*#private;\n/m, '');
}

function printHead(declaration: ts.ClassDeclaration): string {
  const heritage = (declaration.heritageClauses ?? []).map((clause) => clause.getText()).join(' ');
  return `declare class ${declaration.name?.text ?? ''} ${heritage} {}`;
}

function readDocs(symbol: ts.Symbol, checker: ts.TypeChecker): Docs {
  const tags: Record<string, string[]> = {};
  for (const { name, text } of symbol.getJsDocTags(checker)) {
    (tags[name] ??= []).push(tidy(ts.displayPartsToString(text)));
  }
  return { text: tidy(ts.displayPartsToString(symbol.getDocumentationComment(checker))), tags };
}

function tidy(text: string): string {
  return text.replace(/\{@link (\S+?)\}/g, '`$1`').trim();
}
