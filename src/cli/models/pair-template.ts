import { isObject, readCount, readStrings, type JsonObject } from './json.ts';

/** Special tokens around a pair, as the tokenizer's own files have them. */
export interface ReadTemplate {
  readonly start: readonly number[];
  readonly between: readonly number[];
  readonly end: readonly number[];
  /** Token type of the document, 0 or 1. Only models with the input `token_type_ids` look at it. */
  readonly documentType: number;
}

/**
 * Reads how `tokenizer.json` puts two texts together: from its `post_processor`, whatever the family.
 *
 * @returns The template, or why there is none.
 */
export function readPairTemplate(
  tokenizer: JsonObject,
): ReadTemplate | { readonly refused: string } {
  const processor = findTemplate(tokenizer.post_processor);
  if (!processor) {
    return {
      refused:
        'Its tokenizer.json does not say how two texts are put together (no pair in post_processor), so it was not made for pairs.',
    };
  }
  if (processor.type === 'TemplateProcessing') return readTemplate(processor);
  const start = readTokenId(processor.cls);
  const separator = readTokenId(processor.sep);
  if (start === undefined || separator === undefined) {
    return { refused: `Its tokenizer.json has a ${String(processor.type)} without cls and sep.` };
  }
  const isRoberta = processor.type === 'RobertaProcessing';
  return {
    start: [start],
    between: isRoberta ? [separator, separator] : [separator],
    end: [separator],
    documentType: isRoberta ? 0 : 1,
  };
}

/**
 * The id that fills a batch. RoBERTa counts positions by it, so the model's own word comes first.
 *
 * @returns Undefined where no file says it.
 */
export function readPadTokenId(
  config: JsonObject,
  tokenizerConfig: JsonObject,
  tokenizer: JsonObject,
): number | undefined {
  const configured = readCount(config.pad_token_id);
  if (configured !== undefined) return configured;
  const token = tokenizerConfig.pad_token;
  const [content] = readStrings(isObject(token) ? token.content : token);
  const added = Array.isArray(tokenizer.added_tokens) ? (tokenizer.added_tokens as unknown[]) : [];
  const found = added.find((entry) => isObject(entry) && entry.content === content);
  if (isObject(found)) return readCount(found.id);
  return isObject(tokenizer.padding) ? readCount(tokenizer.padding.pad_id) : undefined;
}

function findTemplate(processor: unknown): JsonObject | undefined {
  if (!isObject(processor)) return undefined;
  if (processor.type === 'Sequence' && Array.isArray(processor.processors)) {
    for (const part of processor.processors as unknown[]) {
      const found = findTemplate(part);
      if (found) return found;
    }
    return undefined;
  }
  const known = ['TemplateProcessing', 'BertProcessing', 'RobertaProcessing'];
  return known.includes(String(processor.type)) ? processor : undefined;
}

function readTemplate(processor: JsonObject): ReadTemplate | { readonly refused: string } {
  const refused = {
    refused: 'The pair in its tokenizer.json is not one query followed by one document.',
  };
  const parts: Record<'start' | 'between' | 'end', number[]> = { start: [], between: [], end: [] };
  let place: 'start' | 'between' | 'end' = 'start';
  let documentType = 0;
  for (const piece of Array.isArray(processor.pair) ? (processor.pair as unknown[]) : []) {
    if (!isObject(piece)) return refused;
    if (isObject(piece.Sequence)) {
      const expected: string = place === 'start' ? 'A' : 'B';
      if (piece.Sequence.id !== expected || place === 'end') return refused;
      if (expected === 'B') documentType = readCount(piece.Sequence.type_id) ?? 0;
      place = expected === 'A' ? 'between' : 'end';
    } else if (isObject(piece.SpecialToken)) {
      const ids = readSpecialToken(processor.special_tokens, piece.SpecialToken.id);
      if (!ids) return refused;
      parts[place].push(...ids);
    }
  }
  return place === 'end' ? { ...parts, documentType } : refused;
}

function readSpecialToken(tokens: unknown, name: unknown): number[] | undefined {
  const token = isObject(tokens) && typeof name === 'string' ? tokens[name] : undefined;
  if (!isObject(token) || !Array.isArray(token.ids)) return undefined;
  const ids = (token.ids as unknown[]).map((id) => readCount(id));
  return ids.every((id) => id !== undefined) ? ids : undefined;
}

/** `["[SEP]", 102]` */
function readTokenId(value: unknown): number | undefined {
  return Array.isArray(value) ? readCount((value as unknown[])[1]) : undefined;
}
