/**
 * The hash of bytes in the form of Subresource Integrity.
 *
 * @param like A hash in that form, whose algorithm is taken.
 */
export async function hashLike(like: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const algorithm = `SHA-${like.slice(3, 6)}`;
  const digest = new Uint8Array(await crypto.subtle.digest(algorithm, bytes));
  return `${like.slice(0, 7)}${btoa(String.fromCharCode(...digest))}`;
}

/** A SHA-256 in hexadecimal digits, in the form of Subresource Integrity. */
export function toIntegrity(sha256: string): string {
  const bytes = sha256.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
  return `sha256-${btoa(String.fromCharCode(...bytes))}`;
}

/** Browsers hash on secure pages only (HTTPS, or this computer). */
export function canHash(): boolean {
  return isSecureContext;
}
