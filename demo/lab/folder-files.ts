import type { CollectionFiles, Line } from 'rerank-results/evaluate';

/** A file that the reader gave to the page, with its path from the folder that was given on. */
export interface FolderFile {
  readonly path: string;
  readonly file: File;
}

/** Files of a BEIR folder that are read; others stay where they are. */
const READ = /(?:^|\/)(?:corpus\.jsonl|queries\.jsonl|qrels\/[^/]+\.tsv|runs\/[^/]+\.trec)$/;

/** Whether a file of this path can be a part of a collection. */
export function isCollectionFile(path: string): boolean {
  return READ.test(path);
}

/** The folder that the collection's files stand in: the outermost one that has queries or a corpus. Empty where that is no folder. */
export function findDataFolder(paths: readonly string[]): string {
  const folders = paths
    .filter((path) => /(?:^|\/)(?:corpus|queries)\.jsonl$/.test(path))
    .map((path) => path.split('/').slice(0, -1))
    .sort((a, b) => a.length - b.length);
  // Where there is neither, the errors name what is missing in the folder that was given.
  const [first = paths[0]?.split('/').slice(0, -1).slice(0, 1) ?? []] = folders;
  return first.join('/');
}

/** Files that were given to the page, as a collection is read from a disk. */
export function openFolder(files: readonly FolderFile[]): CollectionFiles {
  const byPath = new Map(files.map(({ path, file }) => [path, file]));
  const find = (path: string): File => {
    const file = byPath.get(path);
    if (file) return file;
    throw new Error(`There is no file ${path}.`);
  };
  return {
    list: (folder) => {
      const names = [...byPath.keys()]
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1));
      return Promise.resolve(names.filter((name) => !name.includes('/')));
    },
    readText: async (path) => find(path).text(),
    readLines: (path) => readLines(find(path)),
    adviseChoice: (kind) =>
      `the page reads the only one, or test.${kind === 'run' ? 'trec' : 'tsv'}`,
  };
}

async function* readLines(file: File): AsyncGenerator<Line> {
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  let number = 0;
  let rest = '';
  try {
    for (;;) {
      const { done, value = '' } = await reader.read();
      const lines = (rest + value).split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) {
        number += 1;
        const content = line.endsWith('\r') ? line.slice(0, -1) : line;
        if (content.trim() !== '') yield { number, content };
      }
      if (done) return;
    }
  } finally {
    // Whoever has what it wants reads no further.
    await reader.cancel();
  }
}
