import { isObject, readStrings, type JsonObject } from './json.ts';

/** What a model's card says about it. */
export interface Card {
  /** As the card writes it, such as `apache-2.0`. Absent where it says none. */
  readonly licence?: string | undefined;
  /** BCP 47 tags; `mul` for many languages. Empty where the card names none. */
  readonly languages: readonly string[];
  /** Hub ids of the models that it was made from. */
  readonly baseModels: readonly string[];
  /** Whether the hub hands it out only to people who agreed to its terms. */
  readonly gated: boolean;
}

/** Stands for "nobody said" in an SPDX licence field. */
export const UNKNOWN_LICENCE = 'NOASSERTION';

/** The hub's names of licences in SPDX's spelling, where they differ in more than case. */
const SPDX: Readonly<Record<string, string>> = {
  'apache-2.0': 'Apache-2.0',
  mit: 'MIT',
  'bsd-2-clause': 'BSD-2-Clause',
  'bsd-3-clause': 'BSD-3-Clause',
  'mpl-2.0': 'MPL-2.0',
  isc: 'ISC',
  'afl-3.0': 'AFL-3.0',
  'gpl-3.0': 'GPL-3.0-only',
  'lgpl-3.0': 'LGPL-3.0-only',
  'agpl-3.0': 'AGPL-3.0-only',
  unlicense: 'Unlicense',
  'cc0-1.0': 'CC0-1.0',
};

/** A card's licence as an SPDX identifier; what SPDX does not know becomes a `LicenseRef-`. */
export function toSpdx(licence: string | undefined): string {
  const name = licence?.trim() ?? '';
  if (/^(unknown|noassertion|)$/i.test(name)) return UNKNOWN_LICENCE;
  const known = SPDX[name.toLowerCase()];
  if (known !== undefined) return known;
  if (/^cc-by[a-z-]*-\d\.\d$/i.test(name)) return name.toUpperCase();
  if (Object.values(SPDX).includes(name) || name.startsWith('LicenseRef-')) return name;
  return `LicenseRef-${name.replace(/[^a-z0-9.]+/gi, '-')}`;
}

/** What a site owner must know of a licence (SPDX) before shipping a model under it, or undefined. */
export function warnOfLicence(spdx: string): string | undefined {
  if (spdx === UNKNOWN_LICENCE) {
    return 'The licence is unknown: ask the model’s makers before you serve it.';
  }
  if (/(^|-)NC(-|$)|non-?commercial|research/i.test(spdx)) {
    return `The licence ${spdx} forbids commercial use: a company’s site may not serve this model without another agreement.`;
  }
  if (spdx.startsWith('LicenseRef-')) {
    return `The licence "${spdx.slice('LicenseRef-'.length)}" is none of the usual ones: read it before you serve the model.`;
  }
  return undefined;
}

/** Reads the card of the hub's API (`cardData`), or the front matter of a `README.md` as an object. */
export function readCard(data: unknown, gated = false): Card {
  const card: JsonObject = isObject(data) ? data : {};
  const [name] = readStrings(card.license);
  const licence = name === 'other' ? (readStrings(card.license_name)[0] ?? 'see-model-card') : name;
  return {
    licence,
    // Norwegian's tag `no` is YAML's word for false.
    languages: (Array.isArray(card.language) ? (card.language as unknown[]) : [card.language])
      .flatMap((tag) => (tag === false ? ['no'] : readStrings(tag)))
      .map((tag) => (tag === 'multilingual' ? 'mul' : tag)),
    baseModels: readStrings(card.base_model),
    gated,
  };
}

/**
 * The simple fields of a README's front matter: `key: value` and lists of plain values. Nested fields
 * are left out.
 */
export function readFrontMatter(readme: string): JsonObject {
  const block = /^---\r?\n([^]*?)\r?\n---/.exec(readme.trimStart())?.[1] ?? '';
  const fields = new Map<string, string | string[]>();
  let list: string[] | undefined;
  for (const line of block.split(/\r?\n/)) {
    const field = /^([\w-]+):(.*)$/.exec(line);
    const item = /^\s*-\s(.*)$/.exec(line);
    if (field?.[1] !== undefined) {
      const value = field[2]?.trim() ?? '';
      const inline = /^\[(.*)\]$/.exec(value)?.[1];
      list = value === '' ? [] : inline?.split(',').map((part) => unquote(part.trim()));
      fields.set(field[1], list ?? unquote(value));
    } else if (item?.[1] !== undefined) {
      list?.push(unquote(item[1].trim()));
    }
  }
  return Object.fromEntries(fields);
}

function unquote(value: string): string {
  return value.replace(/^(['"])(.*)\1$/, '$2');
}
