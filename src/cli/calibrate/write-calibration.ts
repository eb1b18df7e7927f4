import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Calibration } from '../../shared/calibration.ts';
import { CALIBRATION_FORMAT } from '../../worker/model/calibration.ts';
import type { FileFacts, Manifest } from '../../worker/model/manifest.ts';
import { computeRevision } from '../model-revision.ts';

/** The calibration's place in a model's folder. */
export const CALIBRATION_FILE = 'calibration.json';

/** What stands in a calibration file beside the curve, for people. */
export interface CalibrationFacts {
  readonly fittedOn: {
    readonly model: string;
    /** Revision of the model without its calibration. */
    readonly revision: string;
    readonly dtype: string;
    readonly maxTokens: number;
  };
  readonly [fact: string]: unknown;
}

/** The revision of a model's files without its calibration. */
export function computeBaseRevision({ files, calibration }: Manifest): string {
  return computeRevision(
    Object.fromEntries(Object.entries(files).filter(([path]) => path !== calibration)),
  );
}

/**
 * Writes a calibration beside a model's manifest and names it there, in place of a former one.
 *
 * @param folder The model's folder.
 * @returns The model's new revision.
 */
export async function writeCalibration(
  folder: string,
  calibration: Calibration,
  facts: CalibrationFacts,
): Promise<string> {
  const text = toJson({ formatVersion: CALIBRATION_FORMAT, ...calibration, ...facts });
  const file = { bytes: Buffer.byteLength(text), sha256: hash(text) };
  await replaceFile(join(folder, CALIBRATION_FILE), text);
  return changeManifest(folder, CALIBRATION_FILE, file);
}

/**
 * Takes a model's calibration away.
 *
 * @returns The model's new revision.
 */
export async function removeCalibration(folder: string): Promise<string> {
  const revision = await changeManifest(folder);
  await rm(join(folder, CALIBRATION_FILE), { force: true });
  return revision;
}

async function changeManifest(folder: string, path?: string, facts?: FileFacts): Promise<string> {
  const manifestPath = join(folder, 'manifest.json');
  const { calibration, ...manifest } = JSON.parse(await readFile(manifestPath, 'utf8')) as Manifest;
  const kept = Object.entries(manifest.files).filter(([name]) => name !== calibration);
  const files = Object.fromEntries(
    [
      ...kept.filter(([name]) => name !== path),
      ...(path && facts ? [[path, facts] as const] : []),
    ].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const revision = computeRevision(files);
  const changed = {
    ...manifest,
    revision,
    files,
    ...(path !== undefined && { calibration: path }),
  };
  await replaceFile(manifestPath, toJson(changed));
  return revision;
}

/** A reader of the file sees the old text or the new one, never a part. */
async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

function toJson(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
