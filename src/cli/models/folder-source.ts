import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseObject } from './json.ts';
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
  const card = await readFolderCard(folder);
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
        for await (const chunk of createReadStream(join(folder, path))) {
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

async function readFolderCard(folder: string): Promise<Card> {
  const read = (name: string): Promise<string> =>
    readFile(join(folder, name), 'utf8').catch(() => '');
  const manifest = await read('manifest.json');
  if (manifest === '') return readCard(readFrontMatter(await read('README.md')));
  const { licence, languages } = parseObject(manifest, join(folder, 'manifest.json'));
  return readCard({ license: licence, language: languages });
}
