import { isCollectionFile, type FolderFile } from './folder-files.ts';

/** The collection's files of a folder that was chosen with a file input. */
export function listChosenFiles(input: HTMLInputElement): FolderFile[] {
  return [...(input.files ?? [])]
    .map((file) => ({
      path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
      file,
    }))
    .filter(({ path }) => isCollectionFile(path));
}

/** The collection's files of what was dropped onto the page: a folder, or the files of one. */
export async function listDroppedFiles(transfer: DataTransfer): Promise<FolderFile[]> {
  // The list is empty after the first wait.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const files = await Promise.all(entries.map(listEntry));
  return files.flat();
}

async function listEntry(entry: FileSystemEntry): Promise<FolderFile[]> {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry instanceof FileSystemDirectoryEntry) {
    const files = await Promise.all((await readDirectory(entry)).map(listEntry));
    return files.flat();
  }
  if (!(entry instanceof FileSystemFileEntry) || !isCollectionFile(path)) return [];
  const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
  return [{ path, file }];
}

/** A reader gives some hundred entries at a time, and none at the end. */
async function readDirectory(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return entries;
    entries.push(...some);
  }
}
