/**
 * What a key asks of a combobox. `next` and `previous` open the list where it is closed; `caret` moves the caret in the
 * field, which needs no help, and leaves the list's active option; `leave` does only that.
 */
export type SearchCommand =
  'next' | 'previous' | 'open' | 'close' | 'leave' | 'clear' | 'choose' | 'submit' | 'caret';

/** What the answer to a key depends on. */
export interface SearchSituation {
  /** Whether there is an open popup to close. */
  readonly canClose: boolean;
  readonly hasActiveOption: boolean;
  readonly hasText: boolean;
}

/** What `keyCode` is while an input method has the key; only Safari's last Enter is known by nothing else. */
const KEY_OF_INPUT_METHOD = 229;

/** The keys of the WAI-ARIA combobox pattern; undefined where the browser does what it always does. */
export function readCommand(
  event: KeyboardEvent,
  { canClose, hasActiveOption, hasText }: SearchSituation,
): SearchCommand | undefined {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see the constant
  if (event.isComposing || event.keyCode === KEY_OF_INPUT_METHOD) return undefined;
  const isModified = event.shiftKey || event.ctrlKey || event.metaKey;
  switch (event.key) {
    case 'ArrowDown':
      if (isModified) return undefined;
      return event.altKey ? 'open' : 'next';
    case 'ArrowUp':
      if (isModified) return undefined;
      if (event.altKey) return canClose ? 'close' : undefined;
      return 'previous';
    case 'Enter':
      return hasActiveOption ? 'choose' : 'submit';
    case 'Escape':
      if (canClose) return 'close';
      if (hasActiveOption) return 'leave';
      return hasText ? 'clear' : undefined;
    case 'Home':
    case 'End':
    case 'ArrowLeft':
    case 'ArrowRight':
      return 'caret';
    default:
      return undefined;
  }
}
