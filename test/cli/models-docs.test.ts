import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAMILY_NAMES } from '../../src/cli/models/family.ts';
import { PRESETS, findPreset, formatBytes } from '../../src/cli/models/presets.ts';

const docs = readFileSync(new URL('../../docs/models.md', import.meta.url), 'utf8');

/** A table's cells, without the spaces that align them. */
function readRows(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.replace(/\s*\|\s*/g, '|'));
}

describe('the presets', () => {
  it('are in docs/models.md as they are in the code, in the same order', () => {
    const rows = PRESETS.map(
      ({ name, hubId, revision, wasmBytes, languages, licence, maxTokens, goodFor }) =>
        `|\`${name}\`|\`${hubId}\`|${revision?.slice(0, 12) ?? 'newest'}|${formatBytes(wasmBytes)}|${languages.join(', ')}|${licence}|${maxTokens}|${goodFor}|`,
    );
    const found = readRows(docs.slice(docs.indexOf('## Presets'))).filter((row) =>
      row.startsWith('|`'),
    );
    expect(found).toEqual(rows);
  });

  it('are found by name and by hub id, in any case', () => {
    for (const preset of PRESETS) {
      expect(findPreset(preset.name.toUpperCase())).toBe(preset);
      expect(findPreset(preset.hubId)).toBe(preset);
    }
    expect(findPreset('nothing')).toBeUndefined();
  });

  it('have names that are folders, pins that are commits, and families that are known', () => {
    for (const {
      name,
      revision = '0'.repeat(40),
      wasmSha256 = '0'.repeat(64),
      family,
    } of PRESETS) {
      expect(name).toMatch(/^[a-z0-9][a-z0-9.-]*$/);
      expect(revision).toMatch(/^[0-9a-f]{40}$/);
      expect(wasmSha256).toMatch(/^[0-9a-f]{64}$/);
      expect(FAMILY_NAMES).toContain(family);
    }
  });
});
