import { readFileSync } from 'node:fs';
import * as defaults from '../src/shared/defaults.ts';

/** Something with a name and a line about it. */
export interface Named {
  readonly name: string;
  readonly description?: string;
}

/** A property or method. */
export interface Member extends Named {
  readonly kind: string;
  readonly privacy?: string;
  readonly static?: boolean;
  readonly attribute?: string;
  readonly default?: string;
  readonly type?: { readonly text: string };
  /** The base class that it comes from. */
  readonly inheritedFrom?: { readonly name: string };
}

/** An element as `custom-elements.json` describes it, with its public members that have a docstring. */
export interface ElementDeclaration extends Named {
  readonly tagName: string;
  readonly properties: readonly Member[];
  readonly methods: readonly Member[];
  readonly events: readonly (Named & { readonly type?: { readonly text: string } })[];
  readonly slots: readonly Named[];
  readonly cssParts: readonly Named[];
  readonly cssStates: readonly Named[];
  readonly cssProperties: readonly Named[];
}

/** The class whose properties all elements that rerank have. */
export const SETTINGS_CLASS = 'ElementSettings';

/** The elements, which `npm run build` reads from their class docs. */
export function readElements(): ElementDeclaration[] {
  const { modules } = JSON.parse(readFileSync('custom-elements.json', 'utf8')) as {
    readonly modules: readonly {
      readonly declarations: readonly (Partial<ElementDeclaration> & {
        readonly name: string;
        readonly members?: readonly Member[];
      })[];
    }[];
  };
  return modules
    .flatMap(({ declarations }) => declarations)
    .flatMap(({ tagName, members = [], ...declaration }) => {
      if (tagName === undefined) return [];
      const listed = members.filter(
        (member) =>
          member.privacy === undefined &&
          !member.static &&
          !member.name.startsWith('#') &&
          member.description,
      );
      return [
        {
          events: [],
          slots: [],
          cssParts: [],
          cssStates: [],
          cssProperties: [],
          ...declaration,
          tagName,
          properties: listed.filter(({ kind }) => kind === 'field'),
          methods: listed.filter(({ kind }) => kind === 'method'),
        },
      ];
    });
}

/** The value behind the name of a constant. */
export function readDefault({ default: value }: Member): string | undefined {
  const constants: Readonly<Record<string, unknown>> = defaults;
  return value !== undefined && value in constants ? JSON.stringify(constants[value]) : value;
}
