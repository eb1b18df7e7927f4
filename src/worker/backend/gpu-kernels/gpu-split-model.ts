import {
  HEAD_WIDTH,
  type KernelsLayout,
  type LayerOffsets,
  type LinearOffsets,
  type NormOffsets,
} from '../kernels/layout.ts';
import { keyOf } from '../kernels/recent-texts.ts';
import { bufferUsage, MAP_READ } from './gpu-flags.ts';
import { compilePrograms, Recorder, type Programs } from './recorder.ts';
import { RowStore } from './row-store.ts';

/** Most rows (tokens) of one pass through the layers. */
export const MAX_ROWS = 2048;

/** Memory for the states of texts that were read: about 250 documents of 128 tokens for the shipped models. */
const KEPT_BYTES = 48 * 1024 * 1024;

/** Most pairs of one run. */
export const MAX_PAIRS = 32;

/** Rows of one item of attention, and of one workgroup of `linear`. */
const BLOCK = 64;

/** A text or pair in the packed rows. */
interface Sequence {
  readonly first: number;
  readonly rows: number;
  /** Rows of its first text; 0 for a single text. */
  readonly split: number;
}

/** Token ids of a pair, without padding. */
export interface PairIds {
  readonly query: Int32Array;
  readonly document: Int32Array;
}

export interface GpuModelOptions {
  /** Rows of states that are kept: as many as the texts of one run have tokens, or more. */
  readonly keptRows?: number;
  /**
   * Whether products are of integers, as on WASM with relaxed SIMD: the browser's WGSL must have them. Else they are of fp32.
   */
  readonly inIntegers: boolean;
}

/** A split cross-encoder on a GPU, from int8 weights. Texts that it read stay there. */
export class GpuSplitModel {
  readonly #device: GPUDevice;
  readonly #layout: KernelsLayout;
  readonly #inIntegers: boolean;
  readonly #recorder: Recorder;
  readonly #buffers: ReturnType<typeof createBuffers>;
  readonly #store: RowStore;

  /** Sends the weights file to the device as it is, and compiles the programs. */
  static async open(
    device: GPUDevice,
    layout: KernelsLayout,
    file: Uint8Array,
    { keptRows = Math.floor(KEPT_BYTES / (layout.hidden * 4)), inIntegers }: GpuModelOptions,
  ): Promise<GpuSplitModel> {
    const programs = await compilePrograms(device, inIntegers);
    return new GpuSplitModel(device, programs, layout, file, { keptRows, inIntegers });
  }

  private constructor(
    device: GPUDevice,
    programs: Programs,
    layout: KernelsLayout,
    file: Uint8Array,
    { keptRows, inIntegers }: Required<GpuModelOptions>,
  ) {
    this.#device = device;
    this.#layout = layout;
    this.#inIntegers = inIntegers;
    const weights = device.createBuffer({
      label: 'weights',
      size: file.length + (-file.length & 3),
      usage: bufferUsage.storage,
      mappedAtCreation: true,
    });
    new Uint8Array(weights.getMappedRange()).set(file);
    weights.unmap();
    this.#recorder = new Recorder(device, programs, weights);
    this.#buffers = createBuffers(device, layout, keptRows);
    this.#store = new RowStore(keptRows);
  }

  /** Whether the states of a text are kept. */
  knows(ids: Int32Array): boolean {
    return this.#store.has(ids);
  }

  /**
   * Logits of pairs, in their order.
   *
   * @param pairs At most `MAX_PAIRS`, with at most `MAX_ROWS` tokens together.
   */
  score(pairs: readonly PairIds[]): Promise<Float32Array> {
    const { x, pairs: table, logits } = this.#buffers;
    const { hidden: width, layers, cross, cosineScale, head } = this.#layout;
    const { rows, items } = this.#restore(pairs);
    const first = layers.length - cross.length;
    for (const [index, bias] of cross.entries()) {
      this.#runLayer(layers[first + index] as LayerOffsets, rows, items, bias);
    }
    this.#recorder.dispatch(
      'head',
      [table, x, logits],
      { width, values: head.weight / 4, factor: cosineScale, addend: head.bias },
      [pairs.length],
    );
    return this.#read(pairs.length);
  }

  /** How alike the texts of pairs are after the lower layers, −1 to 1: late interaction. Limits as those of `score`. */
  compare(pairs: readonly PairIds[]): Promise<Float32Array> {
    const { x, pairs: table, logits } = this.#buffers;
    this.#restore(pairs);
    const { hidden: width } = this.#layout;
    this.#recorder.dispatch('similarity', [table, x, logits], { width }, [pairs.length]);
    return this.#read(pairs.length);
  }

  /** Puts the states of pairs into `x`, pair after pair, and reads the texts that are not kept. */
  #restore(pairs: readonly PairIds[]): { readonly rows: number; readonly items: number } {
    const { x, store, moves } = this.#buffers;
    const texts = pairs.flatMap(({ query, document }) => [query, document]);
    // Those that are there become the newest first, so that no new one takes their place.
    const unknown = new Map(
      texts.filter((ids) => !this.#store.find(ids)).map((ids) => [keyOf(ids), ids]),
    );
    if (unknown.size > 0) this.#readApart([...unknown.values()]);

    const kept: [from: number, to: number][] = [];
    const sequences: Sequence[] = [];
    for (const { query, document } of pairs) {
      const rows = query.length + document.length;
      sequences.push({ first: kept.length, rows, split: query.length });
      for (const row of [query, document].flatMap((ids) => this.#store.find(ids) ?? [])) {
        kept.push([row, kept.length]);
      }
    }
    this.#write(moves, kept.flat());
    const items = this.#writeItems(sequences);
    this.#write(
      this.#buffers.pairs,
      sequences.flatMap(({ first, rows, split }) => [first, rows, split, 0]),
    );
    this.#recorder.dispatch('moveRows', [moves, store, x], { width: this.#layout.hidden }, [
      kept.length,
    ]);
    return { rows: kept.length, items };
  }

  /** Runs what was recorded, and reads one number for each pair. */
  async #read(pairs: number): Promise<Float32Array> {
    const { logits, readback } = this.#buffers;
    this.#recorder.copy(logits, readback, pairs * 4);
    this.#recorder.submit();
    await readback.mapAsync(MAP_READ);
    const values = new Float32Array(readback.getMappedRange()).slice(0, pairs);
    readback.unmap();
    return values;
  }

  /** Reads texts that are not kept, through the lower layers, and keeps their states. */
  #readApart(texts: readonly Int32Array[]): void {
    const { x, store, moves, tokens } = this.#buffers;
    const { hidden, layers, cross, words, positionRows, segment, norm } = this.#layout;
    const sequences: Sequence[] = [];
    const rows: [from: number, to: number][] = [];
    const ids: number[] = [];
    for (const text of texts) {
      sequences.push({ first: rows.length, rows: text.length, split: 0 });
      for (const [position, row] of this.#store.add(text).entries()) {
        rows.push([rows.length, row]);
        ids.push(text[position] ?? 0, position);
      }
    }
    this.#write(tokens, ids);
    this.#write(moves, rows.flat());
    this.#recorder.dispatch(
      'embed',
      [tokens, x],
      {
        width: hidden,
        values: words.values / 4,
        scales: words.scales / 4,
        positions: positionRows.values / 4,
        positionScales: positionRows.scales / 4,
        segment: segment / 4,
      },
      [rows.length],
    );
    this.#normalize(norm, rows.length, 0);
    const count = this.#writeItems(sequences);
    for (const layer of layers.slice(0, layers.length - cross.length)) {
      this.#runLayer(layer, rows.length, count, 0);
    }
    this.#recorder.dispatch('moveRows', [moves, x, store], { width: hidden }, [rows.length]);
    // The pairs write the same tables anew.
    this.#recorder.submit();
  }

  /** One layer over the packed rows of `x`, in place. Submitted by itself: a system resets a GPU that works on one submission for seconds. */
  #runLayer(layer: LayerOffsets, rows: number, items: number, cross: number): void {
    const { x, q, k, v, mixed, output, intermediate, items: table } = this.#buffers;
    const { hidden, heads, intermediate: wide } = this.#layout;
    const own = this.#prepare(x, rows, hidden);
    this.#multiply(layer.q, own, q, rows, [hidden, hidden], { factor: HEAD_WIDTH ** -0.5 });
    this.#multiply(layer.k, own, k, rows, [hidden, hidden]);
    this.#multiply(layer.v, own, v, rows, [hidden, hidden]);
    this.#recorder.dispatch('attend', [q, k, v, table, mixed], { width: hidden, cross }, [
      items,
      heads,
    ]);
    this.#multiply(layer.o, this.#prepare(mixed, rows, hidden), output, rows, [hidden, hidden]);
    this.#normalize(layer.attentionNorm, rows, 1);
    const attended = this.#prepare(x, rows, hidden);
    this.#multiply(layer.up, attended, intermediate, rows, [hidden, wide], { option: 1 });
    this.#multiply(layer.down, this.#prepare(intermediate, rows, wide), output, rows, [
      wide,
      hidden,
    ]);
    this.#normalize(layer.outputNorm, rows, 1);
    this.#recorder.submit();
  }

  /** Rows as products read them: in integers with a scale for each, or as they are. */
  #prepare(from: GPUBuffer, rows: number, width: number): readonly GPUBuffer[] {
    if (!this.#inIntegers) return [from];
    const { quantized, rowScales } = this.#buffers;
    this.#recorder.dispatch('quantize', [from, quantized, rowScales], { width }, [rows]);
    return [quantized, rowScales];
  }

  #multiply(
    { values, scales, bias }: LinearOffsets,
    from: readonly GPUBuffer[],
    to: GPUBuffer,
    rows: number,
    [inputs, outputs]: readonly [number, number],
    { factor = 1, option = 0 } = {},
  ): void {
    const offsets = { values: values / 4, scales: scales / 4, bias: bias / 4 };
    this.#recorder.dispatch(
      this.#inIntegers ? 'linearOfIntegers' : 'linear',
      [...from, to],
      { rows, inputs, outputs, ...offsets, factor, option },
      [Math.ceil(outputs / BLOCK), Math.ceil(rows / BLOCK)],
    );
  }

  #normalize({ weight, bias }: NormOffsets, rows: number, option: number): void {
    const { x, output } = this.#buffers;
    const { hidden: width } = this.#layout;
    this.#recorder.dispatch(
      'normalize',
      [output, x],
      { width, values: weight / 4, bias: bias / 4, option },
      [rows],
    );
  }

  /** Says how many there are. */
  #writeItems(sequences: readonly Sequence[]): number {
    const items = sequences.flatMap(({ first, rows, split }) =>
      Array.from({ length: Math.ceil(rows / BLOCK) }, (_, block) => [
        first,
        rows,
        split,
        block * BLOCK,
      ]),
    );
    this.#write(this.#buffers.items, items.flat());
    return items.length;
  }

  #write(buffer: GPUBuffer, numbers: readonly number[]): void {
    this.#device.queue.writeBuffer(buffer, 0, Uint32Array.from(numbers));
  }
}

function createBuffers(
  device: GPUDevice,
  { hidden, intermediate }: KernelsLayout,
  keptRows: number,
) {
  const create = (
    label: string,
    words: number,
    usage = bufferUsage.storage | bufferUsage.copyTarget | bufferUsage.copySource,
  ): GPUBuffer => device.createBuffer({ label, size: words * 4, usage });
  const states = (label: string): GPUBuffer => create(label, MAX_ROWS * hidden);
  return {
    x: states('x'),
    q: states('q'),
    k: states('k'),
    v: states('v'),
    mixed: states('mixed'),
    output: states('output'),
    intermediate: create('intermediate', MAX_ROWS * intermediate),
    quantized: create('quantized', (MAX_ROWS * Math.max(hidden, intermediate)) / 4),
    rowScales: create('rowScales', MAX_ROWS),
    store: create('store', keptRows * hidden),
    tokens: create('tokens', MAX_ROWS * 2),
    moves: create('moves', MAX_ROWS * 2),
    items: create('items', MAX_ROWS * 4),
    pairs: create('pairs', MAX_PAIRS * 4),
    logits: create('logits', MAX_PAIRS),
    readback: create('readback', MAX_PAIRS, bufferUsage.mapRead | bufferUsage.copyTarget),
  };
}
