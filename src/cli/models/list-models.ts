import { join } from 'node:path';
import { describeError } from '../../shared/errors.ts';
import { sumHostedBytes } from '../../worker/model/manifest.ts';
import { nameDevice } from './describe-model.ts';
import { listModelFolders, readManifest } from './model-files.ts';
import { PRESETS, formatBytes } from './presets.ts';

/** The presets as a table, one line each. */
export function listPresets(): string[] {
  return formatTable([
    ['preset', 'on the hub', 'WASM', 'languages', 'licence', 'tokens', 'good for'],
    ...PRESETS.map(({ name, hubId, wasmBytes, languages, licence, maxTokens, goodFor }) => [
      name,
      hubId,
      formatBytes(wasmBytes),
      languages.join(','),
      licence,
      String(maxTokens),
      goodFor,
    ]),
  ]);
}

/** The models in a folder as a table, one line each; empty where there are none. */
export async function listModels(folder: string): Promise<string[]> {
  const names = await listModelFolders(folder);
  if (names.length === 0) return [];
  const rows = await Promise.all(
    names.map(async (name) => {
      try {
        const { variants, files, languages, licence, maxTokens } = await readManifest(
          join(folder, name),
        );
        const offered = new Map<string, string>();
        for (const { device, dtype, graph, weights = [] } of variants) {
          const use = `${nameDevice(device)} ${dtype}`;
          const bytes = sumHostedBytes(files, [graph, ...weights]);
          // The first is the one that is tried first.
          if (!offered.has(use)) offered.set(use, `${use} ${formatBytes(bytes)}`);
        }
        return [
          name,
          [...offered.values()].join(', '),
          languages.join(',') || 'unknown',
          licence,
          String(maxTokens),
        ];
      } catch (error) {
        return [name, describeError(error), '', '', ''];
      }
    }),
  );
  return formatTable([['model', 'for', 'languages', 'licence', 'tokens'], ...rows]);
}

function formatTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
