import type { Device } from '../../shared/types.ts';
import type { InspectedModel } from './inspect-model.ts';
import { UNKNOWN_LICENCE, toSpdx, warnOfLicence } from './licence.ts';
import { formatBytes, type Preset } from './presets.ts';
import type { ModelSource } from './source.ts';

/** Licence and languages, and who says so. */
export interface Provenance {
  readonly licence: string;
  readonly licenceBy: string;
  readonly languages: readonly string[];
}

/** A page's readers wait for this much over a usual line: 40 Mbit/s bring 200 MB in 40 seconds. */
const HEAVY_BYTES = 200e6;

/** The card's word, else the preset's. */
export function readProvenance({ card }: ModelSource, preset: Preset | undefined): Provenance {
  const stated = toSpdx(card.licence);
  const usesPreset = stated === UNKNOWN_LICENCE && preset !== undefined;
  return {
    licence: usesPreset ? preset.licence : stated,
    licenceBy: usesPreset
      ? 'of the preset; the card names none'
      : stated === UNKNOWN_LICENCE
        ? 'the card names none'
        : 'by its card',
    languages: card.languages.length > 0 ? card.languages : (preset?.languages ?? []),
  };
}

/** What a user should know before anything large is fetched, line by line. */
export function describeModel(
  source: ModelSource,
  model: InspectedModel,
  provenance: Provenance,
  reference: { readonly bytes: number } | undefined,
): string[] {
  const { family, head, limit, graphs, offered } = model;
  const labels =
    head.labels.length === 1
      ? '1 label'
      : `${head.labels.length} labels, "${head.positiveLabel}" means relevant`;
  const fetched = graphs.map(
    ({ dtype, bytes, devices }) =>
      `${dtype} ${formatBytes(bytes)} for ${devices.map(nameDevice).join(' and ')}`,
  );
  if (reference)
    fetched.push(`fp32 ${formatBytes(reference.bytes)} for the known answers, not kept`);
  const rows: readonly (readonly [string, string])[] = [
    ['from', source.address],
    ['family', `${family.name}, ${labels}`],
    ['tokens', `${limit.tokens} in a pair (${limit.setBy})`],
    ['languages', provenance.languages.join(', ') || 'unknown'],
    [
      'licence',
      `${provenance.licence === UNKNOWN_LICENCE ? 'unknown' : provenance.licence} (${provenance.licenceBy})`,
    ],
    ['offered', offered.map(({ dtype, bytes }) => `${dtype} ${formatBytes(bytes)}`).join(', ')],
    ['to fetch', fetched.join('; ')],
  ];
  return [
    source.name,
    ...rows.map(([name, value]) => `  ${name.padEnd(11)}${value}`),
    ...warnings(source, model, provenance).map((warning) => `  ! ${warning}`),
  ];
}

/** How large what must be fetched is, in bytes. */
export function sumBytes(
  model: InspectedModel,
  reference: { readonly bytes: number } | undefined,
): number {
  return model.graphs.reduce((sum, { bytes }) => sum + bytes, reference?.bytes ?? 0);
}

export function nameDevice(device: Device): string {
  return device === 'wasm' ? 'WASM' : 'WebGPU';
}

function warnings(
  source: ModelSource,
  { family, graphs, notes, limit }: InspectedModel,
  { licence, languages }: Provenance,
): string[] {
  const list = [...notes];
  const licenceWarning = warnOfLicence(licence);
  if (licenceWarning !== undefined) list.push(licenceWarning);
  if (source.card.gated)
    list.push('The hub hands it out only to people who agreed to its terms; your readers did not.');
  if (languages.length === 0) list.push('Its languages are unknown: add them to the manifest.');
  if (!family.hasGolden) {
    list.push(
      `This project has no golden numbers of the family ${family.name}; measure the model with care.`,
    );
  }
  if (limit.tokens > 512) {
    list.push(
      `Pairs of ${limit.tokens} tokens are slow on WASM: set max-tokens on the element, 256 or 512 say.`,
    );
  }
  for (const device of ['wasm', 'webgpu'] as const) {
    const first = graphs.find(({ devices }) => devices.includes(device));
    if (!first) {
      list.push(
        device === 'wasm'
          ? 'Nothing is planned for WASM: readers without a GPU keep the search’s order.'
          : 'Nothing is planned for WebGPU: every reader uses WASM.',
      );
    } else if (first.bytes > HEAVY_BYTES) {
      list.push(
        `${formatBytes(first.bytes)} on ${nameDevice(device)} are a long wait on a public page.`,
      );
    }
  }
  return list;
}
