import { findElement } from '../find-element.ts';
import type { FolderFile } from './folder-files.ts';
import {
  LAB_SETTINGS,
  formatLabSetting,
  readLabState,
  writeLabState,
  type LabState,
} from './lab-state.ts';
import { listChosenFiles, listDroppedFiles } from './pick-folder.ts';

/** The settings and the folder, as the reader has them. */
export class LabForm {
  readonly #controls = LAB_SETTINGS.filter((name) => name !== 'set').map((name) => ({
    name,
    control: findElement(name, HTMLElement) as HTMLInputElement | HTMLSelectElement,
  }));
  readonly #sets = [...document.querySelectorAll<HTMLInputElement>('input[name="set"]')];
  readonly #onChange: (state: LabState) => void;
  #files: readonly FolderFile[] = [];
  #isRunning = false;

  /** @param onChange Told of the settings where the reader changes one. */
  constructor(onChange: (state: LabState) => void) {
    this.#onChange = onChange;
    for (const control of [...this.#sets, ...this.#controls.map((each) => each.control)]) {
      control.addEventListener('change', () => this.#onChange(this.read()));
    }
    this.#takeFolders();
    this.#show(readLabState(location.search));
  }

  /** The files of the folder that was given; none where there was no folder. */
  get files(): readonly FolderFile[] {
    return this.#files;
  }

  /** Puts the controls into the address, and back what of them is allowed. */
  read(): LabState {
    const parameters = new URLSearchParams(
      this.#controls.map(({ name, control }) => [name, control.value]),
    );
    parameters.set('set', this.#sets.find(({ checked }) => checked)?.value ?? '');
    const state = readLabState(parameters.toString());
    history.replaceState(null, '', `${location.pathname}${writeLabState(state)}`);
    this.#show(state);
    return state;
  }

  /** While a run is on, its settings stand still. */
  setRunning(isRunning: boolean): void {
    this.#isRunning = isRunning;
    const inputs = [...this.#sets, findElement('folder', HTMLInputElement)];
    for (const control of [...inputs, ...this.#controls.map((each) => each.control)]) {
      // A field keeps the focus that it has.
      if (control.matches('[type="number"]')) control.toggleAttribute('readonly', isRunning);
      else control.disabled = isRunning;
    }
  }

  #show(state: LabState): void {
    for (const { name, control } of this.#controls) control.value = formatLabSetting(state, name);
    for (const choice of this.#sets) choice.checked = choice.value === state.set;
    findElement('folder-field', HTMLElement).hidden = state.set !== 'folder';
  }

  #takeFolders(): void {
    const input = findElement('folder', HTMLInputElement);
    input.addEventListener('change', () => this.#setFiles(listChosenFiles(input)));
    const zone = findElement('lab', HTMLElement);
    zone.addEventListener('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = this.#isRunning ? 'none' : 'copy';
    });
    zone.addEventListener('drop', (event) => {
      if (!event.dataTransfer) return;
      // Else the browser would leave the page for the file.
      event.preventDefault();
      if (!this.#isRunning) void this.#takeDropped(event.dataTransfer);
    });
  }

  async #takeDropped(transfer: DataTransfer): Promise<void> {
    const files = await listDroppedFiles(transfer);
    for (const choice of this.#sets) choice.checked = choice.value === 'folder';
    this.#onChange(this.read());
    this.#setFiles(files);
  }

  #setFiles(files: readonly FolderFile[]): void {
    this.#files = files;
    findElement('folder-files', HTMLElement).textContent =
      files.length === 0
        ? 'There is no corpus.jsonl, queries.jsonl, qrels/*.tsv or runs/*.trec in it.'
        : `Will be read: ${files.map(({ path }) => path).join(', ')}.`;
  }
}
