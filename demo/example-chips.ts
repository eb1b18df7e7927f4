/** Passes the query of an example that is pressed on. */
export function connectExampleChips(row: Element, onChoose: (query: string) => void): void {
  for (const chip of row.querySelectorAll('button')) {
    chip.addEventListener('click', () => onChoose(readExample(chip)));
  }
}

/** The query of the first example in a row. */
export function readFirstExample(row: Element): string {
  const chip = row.querySelector('button');
  return chip ? readExample(chip) : '';
}

function readExample(chip: HTMLButtonElement): string {
  return chip.textContent.replace(/\s+/g, ' ').trim();
}
