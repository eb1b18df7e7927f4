import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addModel, type AddOptions } from '../../src/cli/models/add-model.ts';
import type { AddedManifest } from '../../src/cli/models/build-manifest.ts';

/** A folder of its own for one test, gone after it. */
export interface Workplace extends Disposable {
  readonly folder: string;
  /** What was said to the user. */
  readonly said: string[];
  readonly asked: string[];
  add(model: string, options?: Partial<AddOptions>): Promise<AddedManifest | undefined>;
}

/** Path of a tiny model of random weights. */
export function testModel(name: string): string {
  return fileURLToPath(new URL(`../models/${name}`, import.meta.url));
}

/**
 * Opens a workplace. Models of random weights put texts in no sensible order, so `force` is on.
 *
 * @param agrees What the user answers.
 */
export function openWorkplace(hub = 'http://127.0.0.1:9', agrees = true): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'rerank-models-'));
  const said: string[] = [];
  const asked: string[] = [];
  return {
    folder,
    said,
    asked,
    add: (model, options) =>
      addModel(
        {
          model,
          hub,
          to: folder,
          dryRun: false,
          replace: false,
          force: true,
          skipFp32: false,
          patience: { delaysMs: [1, 1], idleTimeoutMs: 10_000 },
          ...options,
        },
        {
          say: (line) => said.push(line),
          progress: () => undefined,
          confirm: (question) => {
            asked.push(question);
            return Promise.resolve(agrees);
          },
        },
      ),
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
