import type { FileFacts } from '../../worker/model/manifest.ts';
import type { Card } from './licence.ts';

/** A file that a source offers. */
export interface OfferedFile {
  readonly bytes: number;
  /** SHA-256, where the source states it: the hub does for its large files. */
  readonly sha256?: string | undefined;
  /** Git's SHA-1 of the file as a blob, where the source states it: the hub does for its small files. */
  readonly gitSha1?: string | undefined;
}

/** Where a model comes from: a repository of a hub, or a folder in the hub's layout. */
export interface ModelSource {
  /** For people: `owner/name`, or the folder's path. */
  readonly name: string;
  /** The last part of the name, from which the folder's name is made. */
  readonly shortName: string;
  /** For the manifest: URL with the commit, or the folder's name. */
  readonly address: string;
  /** The commit that every file is read at. Absent for a folder. */
  readonly revision?: string | undefined;
  readonly files: ReadonlyMap<string, OfferedFile>;
  readonly card: Card;
  /**
   * A small file's bytes, checked against what the source states.
   *
   * @throws Error where it is missing, cannot be read or is not what was stated.
   */
  readSmall(path: string): Promise<Uint8Array>;
  /**
   * Puts a file of any size at `target`, whose folder is there.
   *
   * @param onBytes Called with how many bytes of the file are there so far.
   * @returns Its size and SHA-256, as counted while it came.
   */
  copyTo(path: string, target: string, onBytes: (bytes: number) => void): Promise<FileFacts>;
}

/**
 * Throws for a list with a name that leaves its folder: whoever made it is not to be trusted with the rest.
 *
 * @throws Error naming the path.
 */
export function requirePlainPaths(paths: Iterable<string>, source: string): void {
  for (const path of paths) {
    const parts = path.split('/');
    const isPlain =
      !path.includes('\\') &&
      // eslint-disable-next-line no-control-regex -- these are what is looked for
      !/[\u0000-\u001f]/.test(path) &&
      !/^[a-z]:/i.test(path) &&
      parts.every((part) => part !== '' && part !== '.' && part !== '..');
    if (!isPlain) {
      throw new Error(
        `${source} lists a file ${JSON.stringify(path)}, which is no path below its folder. Nothing was fetched.`,
      );
    }
  }
}
