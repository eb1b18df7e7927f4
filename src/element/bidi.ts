const ISOLATES = /[\u2066-\u2069]/g;
const END_OF_ISOLATE = '\u2069';

/**
 * The text with as many ends of bidirectional isolates as beginnings. Inside an isolated element its own direction then
 * ends with it, whatever control characters it has, and cannot turn around what stands beside it.
 */
export function closeIsolates(text: string): string {
  let open = 0;
  const closed = text.replace(ISOLATES, (sign) => {
    if (sign !== END_OF_ISOLATE) {
      open += 1;
      return sign;
    }
    if (open === 0) return '';
    open -= 1;
    return sign;
  });
  return closed + END_OF_ISOLATE.repeat(open);
}

/** A text as a part of a message, in a direction of its own. */
export function isolate(text: string): string {
  return `\u2068${closeIsolates(text)}${END_OF_ISOLATE}`;
}
