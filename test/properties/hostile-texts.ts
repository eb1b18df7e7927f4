import fc from 'fast-check';

/** Pieces that texts are broken with: special tokens of all families, signs without width, directions, halves of characters. */
export const hostilePieces: readonly string[] = [
  ...['[CLS]', '[SEP]', '[PAD]', '[UNK]', '[MASK]', '<s>', '</s>', '<pad>', '<unk>', '<mask>'],
  ...[
    '<|endoftext|>',
    '▁',
    '▁</s>',
    ' [SEP] ',
    '[ SEP ]',
    '[sep]',
    '##a',
    'Ġ',
    '</w>',
    '\u2581<s>',
  ],
  ...['\0', '\u0001', '\u007F', '\u0085', '\u00A0', '\u00AD', '\u2028', '\u2029', '\r\n', '\t'],
  ...['\u200B', '\u200C', '\u200D', '\u2060', '\uFEFF', '\uFFF9', '\uFFFD', '\uFFFF', '\u{E0001}'],
  ...['\u202A', '\u202B', '\u202D', '\u202E', '\u202C', '\u2066', '\u2067', '\u2068', '\u2069'],
  ...['\uD800', '\uDBFF', '\uDC00', '\uDFFF', '\u0301', '\u0315\u0300', 'a\u0301', '\u20DD'],
  ...['👩‍💻', '👍🏽', '🇩🇪', '𠮷', '数据', 'ที่', 'ﬁ', 'İ', 'Σ', 'ß', 'שלום', 'مرحبا', '\uFDFA', '가'],
  ...['`', '"', "'", '\\', '$&', '{{7*7}}', '${1}', '%s', '../', '<!--', ']]>', '. ', '\n\n', ' '],
];

/** Any text of UTF-16 units, halves of characters included; and texts of hostile pieces and runs of them. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 })
    .map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.oneof(fc.constantFrom(...hostilePieces), fc.string({ maxLength: 12 })), {
      maxLength: 60,
    })
    .map((pieces) => pieces.join('')),
  // Words and floods without an end.
  fc
    .tuple(fc.constantFrom('a', 'aB', ...hostilePieces), fc.integer({ min: 1, max: 3000 }))
    .map(([piece, count]) => piece.repeat(count)),
);
