/** A key with its modifiers, as in `Ctrl+K`. */
interface KeyPress {
  /** In lower case, as in `KeyboardEvent.key`. */
  readonly key: string;
  readonly modifiers: ReadonlySet<string>;
}

/** Calls back when the reader presses one of an element's keys anywhere on the page, but not while they write. */
export class Shortcut {
  readonly #onPress: (event: KeyboardEvent) => void;
  #presses: readonly KeyPress[] = [];

  constructor(onPress: (event: KeyboardEvent) => void) {
    this.#onPress = onPress;
  }

  /** @param keys Keys separated by spaces, as in `/ Ctrl+K`; empty for none. */
  connect(keys: string): void {
    this.disconnect();
    this.#presses = keys
      .split(/\s+/)
      .filter((press) => press !== '')
      .map(readPress);
    if (this.#presses.length > 0) document.addEventListener('keydown', this.#handleKey);
  }

  disconnect(): void {
    document.removeEventListener('keydown', this.#handleKey);
  }

  readonly #handleKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.repeat || event.isComposing || isWriting(event)) return;
    if (this.#presses.some((press) => fits(press, event))) this.#onPress(event);
  };
}

/** The keys in the words of `aria-keyshortcuts`. */
export function nameForAria(keys: string): string {
  return keys.trim().replaceAll(/\bctrl\+/gi, 'Control+');
}

function readPress(press: string): KeyPress {
  // The last plus of `Ctrl++` is the key itself.
  const parts = press.toLowerCase().split(/\+(?!$)/);
  return { key: parts.at(-1) ?? '', modifiers: new Set(parts.slice(0, -1)) };
}

function fits({ key, modifiers }: KeyPress, event: KeyboardEvent): boolean {
  // A sign such as `/` needs the Shift key on some keyboards.
  const isSign = key.length === 1 && key.toUpperCase() === key;
  return (
    event.key.toLowerCase() === key &&
    event.ctrlKey === (modifiers.has('ctrl') || modifiers.has('control')) &&
    event.metaKey === modifiers.has('meta') &&
    event.altKey === modifiers.has('alt') &&
    (isSign || event.shiftKey === modifiers.has('shift'))
  );
}

function isWriting(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  );
}
