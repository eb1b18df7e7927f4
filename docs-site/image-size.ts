import { readFileSync } from 'node:fs';

/** In pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The size of an image, without which a page would move when it arrives.
 *
 * @param path A PNG, or a WebP in the extended format, which browsers write.
 * @throws Error for another kind.
 */
export function readImageSize(path: string): ImageSize {
  const bytes = readFileSync(path);
  switch (bytes.toString('latin1', 12, 16)) {
    case 'IHDR':
      return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
    case 'VP8X':
      // Less one, in 24 bits each.
      return { width: 1 + bytes.readUIntLE(24, 3), height: 1 + bytes.readUIntLE(27, 3) };
    default:
      throw new Error(`${path} is neither a PNG nor an extended WebP.`);
  }
}
