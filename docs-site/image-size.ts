import { readFileSync } from 'node:fs';

/** In pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The size of an image, without which a page would move when it arrives.
 *
 * @param path A PNG, or a WebP that is lossy and not transparent.
 * @throws Error for another kind.
 */
export function readImageSize(path: string): ImageSize {
  const bytes = readFileSync(path);
  switch (bytes.toString('latin1', 12, 16)) {
    case 'IHDR':
      return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
    case 'VP8 ':
      // The two bits above are a scale, which nobody uses.
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    default:
      throw new Error(`${path} is neither a PNG nor a plain WebP.`);
  }
}
