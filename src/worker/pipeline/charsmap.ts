import QuickLRU from 'quick-lru';

/** Only clusters shorter than this are looked up whole, as Python's tokenizers do. */
const CLUSTER_BYTES = 6;

/** Longer ones, such as a flood of joiners, would fill the memory. */
const MOST_KEPT_LENGTH = 64;

/** Chunks whose answers are kept: more than the characters of any one script. */
const KEPT_CHUNKS = 10_000;

/**
 * What Unicode calls an extended grapheme cluster, as far as one can be shorter than `CLUSTER_BYTES`. No mark
 * joins a control or a line separator; the joiners U+200C and U+200D are none.
 */
const CHUNK =
  /\r\n|(?:[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|[\u200C\u200D])[\p{M}\p{Grapheme_Extend}\p{Emoji_Modifier}\u200D]+|[\s\S]/gu;

/**
 * Reads the character map that SentencePiece compiles into a model (NFKC and more), as XLM-R and DeBERTa have it, and returns
 * the function that normalizes a text by it.
 *
 * A workaround: `@huggingface/tokenizers` 0.2.0 does not read the map and takes NFKC with some rules of its own. For
 * the common map, `nmt_nfkc`, 2 of 1,112,064 characters differ alone (the joiner in emoji, U+200D, is one); more where a letter
 * is followed by marks, such as `ｶﾞ`, Hangul letters by syllable parts, or `e` with two accents. What Python's
 * tokenizers do is followed to the letter, where it is odd too
 * (https://github.com/huggingface/tokenizers/issues/2116 and 2334), because models are used with it. Can go when the
 * package's `Precompiled` normalizer reads `precompiled_charsmap`: `golden-tokens.test.ts` then passes without it.
 *
 * @param base64 `precompiled_charsmap` of a tokenizer.json: the length of a trie in bytes (uint32, little-endian), the trie,
 *   and the replacements as UTF-8 strings that end in a zero byte. The trie is a double array of darts-clone, whose units
 *   hold a label (8 bits), a leaf flag, and an offset; see `third_party/darts_clone/darts.h` of SentencePiece.
 */
export function readCharsmap(base64: string): (text: string) => string {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const trieBytes = view.getUint32(0, true);
  const trie = Uint32Array.from({ length: trieBytes / 4 }, (_, i) =>
    view.getUint32(4 + i * 4, true),
  );
  const replacements = bytes.subarray(4 + trieBytes);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const known = new QuickLRU<string, string>({ maxSize: KEPT_CHUNKS });

  /** The replacement of the shortest beginning of `key` that has one; it stands for the whole key. */
  const find = (key: Uint8Array): string | undefined => {
    let node = offsetOf(trie[0] ?? 0);
    for (const byte of key) {
      if (byte === 0) return undefined;
      node ^= byte;
      const unit = trie[node] ?? 0;
      if ((unit & 0x800000ff) !== byte) return undefined;
      node ^= offsetOf(unit);
      const hasLeaf = (unit >>> 8) & 1;
      if (hasLeaf) {
        const start = (trie[node] ?? 0) & 0x7fffffff;
        return decoder.decode(replacements.subarray(start, replacements.indexOf(0, start)));
      }
    }
    return undefined;
  };

  const replaceChunk = (chunk: string): string => {
    const cluster = encoder.encode(chunk);
    const whole = cluster.length < CLUSTER_BYTES ? find(cluster) : undefined;
    if (whole !== undefined) return whole;
    return Array.from(chunk, (character) => find(encoder.encode(character)) ?? character).join('');
  };

  return (text) =>
    text.replace(CHUNK, (chunk) => {
      const kept = known.get(chunk);
      if (kept !== undefined) return kept;
      const replaced = replaceChunk(chunk);
      if (chunk.length <= MOST_KEPT_LENGTH) known.set(chunk, replaced);
      return replaced;
    });
}

/** Where the children of a unit are, relative to it. */
function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}
