/**
 * Where `@huggingface/tokenizers` 0.2.0 gives other tokens than Python's tokenizers: steps of a tokenizer.json are
 * written in another way that it reads rightly. Each has a pair in `models/golden_pairs.py` that fails without it
 * (named below); when one passes, its workaround can go. `charsmap.ts` holds the one that this file cannot express.
 */

/** A normalizer or pre-tokenizer as tokenizer.json has it. */
export interface Step {
  readonly type?: string;
  readonly normalizers?: readonly Step[];
  readonly pretokenizers?: readonly Step[];
  readonly [setting: string]: unknown;
}

/** A step, or the steps that take its place. */
type Rewrite = (step: Step) => readonly Step[];

export function mendNormalizer(step: Step | null): Step | null {
  return step && { type: 'Sequence', normalizers: mendAll(step, mendNormalizerStep) };
}

export function mendPreTokenizer(step: Step | null): Step | null {
  return step && { type: 'Sequence', pretokenizers: mendAll(step, mendPreTokenizerStep) };
}

function mendAll(step: Step, rewrite: Rewrite): readonly Step[] {
  const steps = step.normalizers ?? step.pretokenizers;
  return steps ? steps.flatMap((inner) => mendAll(inner, rewrite)) : rewrite(step);
}

function mendNormalizerStep(step: Step): readonly Step[] {
  switch (step.type) {
    case 'Lowercase':
      return [CAPITAL_SIGMA, step];
    case 'BertNormalizer':
      return [
        ...(step.handle_chinese_chars === true ? [RARE_CHINESE] : []),
        ...(step.lowercase === true ? [CAPITAL_SIGMA] : []),
        step,
      ];
    case 'Strip':
      return [stripLikePython(step)];
    default:
      return [step];
  }
}

function mendPreTokenizerStep(step: Step): readonly Step[] {
  switch (step.type) {
    case 'ByteLevel':
      return splitLikePython(step);
    case 'WhitespaceSplit':
      return [{ type: 'Split', pattern: { Regex: '\\s+' }, behavior: 'Removed', invert: false }];
    case 'Punctuation':
      return (step.behavior ?? 'Isolated') === 'Isolated' ? [SINGLE_SIGNS] : [step];
    case 'Metaspace':
      return step.split === false ? [step] : [step, WORDS];
    default:
      return [step];
  }
}

/**
 * JavaScript lower-cases Σ at a word's end to ς, Python's tokenizers letter by letter, so always to σ: the words
 * of a Greek title differ. (`case/greek-sigma`)
 */
const CAPITAL_SIGMA: Step = { type: 'Replace', pattern: { String: 'Σ' }, content: 'σ' };

/**
 * BERT reads each Chinese character as a word. The package looks at UTF-16 units, and so misses those beyond
 * U+FFFF: names such as 𠮷野家. The ranges are Python's, a slip in them included. (`script/astral`)
 */
const RARE_CHINESE: Step = {
  type: 'Replace',
  pattern: {
    Regex:
      '[\\x{20000}-\\x{2A6DF}\\x{2A700}-\\x{2B73F}\\x{2B740}-\\x{2B81F}\\x{2B920}-\\x{2CEAF}\\x{2F800}-\\x{2FA1F}]',
  },
  content: ' $& ',
};

/**
 * JavaScript counts U+FEFF as white space and U+0085 not, Unicode and Python the other way round. The package's
 * own `\s` in a `Regex` is Unicode's; elsewhere it is JavaScript's. A byte order mark inside a text is common in
 * files that were joined. (`spaces/byte-order-mark`)
 */
function stripLikePython(step: Step): Step {
  const start = step.strip_left === true ? ['\\A\\s+'] : [];
  // Without looking back, a long run of spaces inside the text would be tried from each of its spaces.
  const end = step.strip_right === true ? ['(?<!\\s)\\s+\\z'] : [];
  if (start.length + end.length === 0) return step;
  return { type: 'Replace', pattern: { Regex: [...start, ...end].join('|') }, content: '' };
}

/** GPT-2's pattern, which `ByteLevel` stands for; as above. With a prefix space it is left to the package. */
function splitLikePython(step: Step): readonly Step[] {
  if (step.use_regex === false || step.add_prefix_space === true) return [step];
  const pattern =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
  return [
    { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
    { ...step, use_regex: false },
  ];
}

/**
 * The package keeps a run of punctuation together whatever the behaviour. DeBERTa's `split_by_punct` has it.
 * (`families.test.ts`: each sign apart)
 */
const SINGLE_SIGNS: Step = {
  type: 'Split',
  pattern: { Regex: '[\\p{P}!-/:-@\\[-`{-~]' },
  behavior: 'Isolated',
  invert: false,
};

/**
 * Python splits at ▁, so that a piece lies in one word; the package gives the whole text to the model as one word, which is
 * slow and ends in a stack overflow for a text of some 100,000 pieces. A word without end is cut, for the same
 * reason; a cut costs one token in some thousands. (`families.test.ts`: nothing but one sign)
 */
const WORDS: Step = {
  type: 'Split',
  pattern: { Regex: '▁[^▁]{0,9999}|[^▁]{1,10000}' },
  behavior: 'Removed',
  invert: true,
};
