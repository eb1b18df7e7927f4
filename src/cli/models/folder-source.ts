import { createHash } from 'node:crypto';
import { open, readFile, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { isFileFacts, type FileFacts, type Manifest } from '../../worker/model/manifest.ts';
import { streamModelFile } from '../hosted-file.ts';
import { isObject, parseObject, type JsonObject } from './json.ts';
import { readCard, readFrontMatter, type Card } from './licence.ts';
import type { ModelSource, OfferedFile } from './source.ts';

/** What stands in place of a large file where `git clone` ran without git-lfs. */
const LFS_POINTER = 'version https://git-lfs.github.com/spec/';

/**
 * Opens a local folder in the hub's layout: `config.json`, `tokenizer.json`, `tokenizer_config.json` and
 * `onnx/model*.onnx`. Licence and languages come from its `manifest.json` where it was a model of ours, else from
 * the front matter of its `README.md`.
 *
 * @throws Error where the folder cannot be read.
 */
export async function openFolderSource(folder: string): Promise<ModelSource> {
  const files = new Map<string, OfferedFile>();
  for (const part of ['', 'onnx']) {
    const names = await readdir(join(folder, part)).catch((error: unknown) => {
      if (part === '') throw error;
      return [];
    });
    for (const name of names) {
      // Links are followed: a cache of the hub is made of them.
      const facts = await stat(join(folder, part, name)).catch(() => undefined);
      if (facts?.isFile()) files.set(part === '' ? name : `${part}/${name}`, { bytes: facts.size });
    }
  }
  const manifest = await readFolderManifest(folder);
  for (const [path, facts] of Object.entries(manifest?.files ?? {})) {
    if (files.delete(facts.stored?.path ?? '')) files.set(path, { bytes: facts.bytes });
  }
  const card = await readFolderCard(folder, manifest);
  return {
    name: folder,
    shortName: basename(resolve(folder)),
    address: `folder ${basename(resolve(folder))}`,
    files,
    card,
    readSmall: (path) => readFile(join(folder, path)),

    async copyTo(path, target, onBytes) {
      const hash = createHash('sha256');
      const file = await open(target, 'w');
      let bytes = 0;
      try {
        for await (const chunk of streamModelFile(folder, path, manifest?.files[path])) {
          const data = chunk as Buffer;
          if (bytes === 0 && data.subarray(0, LFS_POINTER.length).toString() === LFS_POINTER) {
            throw new Error(
              `${join(folder, path)} is a Git LFS pointer, not the file itself: run "git lfs pull" in the folder.`,
            );
          }
          hash.update(data);
          await file.writeFile(data);
          bytes += data.length;
          onBytes(bytes);
        }
      } finally {
        await file.close();
      }
      return { bytes, sha256: hash.digest('hex') };
    },
  };
}

/** What the manifest of a folder of ours says of its origin and files; other fields were not checked. */
async function readFolderManifest(
  folder: string,
): Promise<(Pick<Manifest, 'files'> & JsonObject) | undefined> {
  const path = join(folder, 'manifest.json');
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text === '') return undefined;
  const manifest = parseObject(text, path);
  const files = isObject(manifest.files) ? Object.entries(manifest.files) : [];
  const checked = files.filter(([, facts]) => isFileFacts(facts)) as [string, FileFacts][];
  return { ...manifest, files: Object.fromEntries(checked) };
}

async function readFolderCard(folder: string, manifest: JsonObject | undefined): Promise<Card> {
  if (manifest) return readCard({ license: manifest.licence, language: manifest.languages });
  const readme = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '');
  return readCard(readFrontMatter(readme));
}
