import { open, type FileHandle } from 'node:fs/promises';

/** What an ONNX file says about itself, without its weights. */
export interface GraphFacts {
  /** Names of what the graph must be given. */
  readonly inputs: readonly string[];
  /** Its outputs; a dimension without a number is undefined. */
  readonly outputs: readonly {
    readonly name: string;
    readonly shape: readonly (number | undefined)[];
  }[];
  /** Files beside it that hold weights, as it names them. */
  readonly externalFiles: readonly string[];
  /** Names of the operators that it uses. */
  readonly operators: ReadonlySet<string>;
}

/** Operators that multiply integers, onnxruntime's own ones too. */
const INT8_OPERATOR = /^(MatMulInteger|ConvInteger|QLinear|DynamicQuantize|QGemm|QAttention)/;

/** Whether a graph computes in int8. onnxruntime-web runs such operators on the CPU, WebGPU or not. */
export function computesInt8({ operators }: GraphFacts): boolean {
  return [...operators].some((operator) => INT8_OPERATOR.test(operator));
}

/** Numbers of the fields that are read, from onnx.proto (onnx 1.x, IR versions 3 and later). */
const MODEL = { graph: 7 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 };
const NODE = { operator: 4, attribute: 5 };
const ATTRIBUTE = { graph: 6 };
const TENSOR = { name: 8, externalData: 13 };
const ENTRY = { key: 1, value: 2 };
const VALUE = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR_TYPE = { shape: 2 };
const SHAPE = { dimension: 1 };
const DIMENSION = { value: 1 };

/**
 * Reads an ONNX file's inputs, outputs, operators and external weight files. Weights are skipped, so a
 * file of gigabytes is read in a moment.
 *
 * @throws Error where the file is no ONNX model.
 */
export async function readGraphFile(path: string): Promise<GraphFacts> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const inputs = new Set<string>();
    const weights = new Set<string>();
    const outputs: GraphFacts['outputs'][number][] = [];
    const externalFiles = new Set<string>();
    const operators = new Set<string>();

    const readGraph = async (from: number, to: number, isOutermost: boolean): Promise<void> => {
      for await (const field of readFields(file, from, to)) {
        if (field.number === GRAPH.node) await readNode(await load(file, field));
        else if (field.number === GRAPH.initializer) await readTensor(field);
        else if (isOutermost && field.number === GRAPH.input) {
          inputs.add(readValue(await load(file, field)).name);
        } else if (isOutermost && field.number === GRAPH.output) {
          outputs.push(readValue(await load(file, field)));
        }
      }
    };
    const readNode = async (bytes: Buffer): Promise<void> => {
      for (const field of listFields(bytes)) {
        if (field.number === NODE.operator) operators.add(text(bytes, field));
        if (field.number !== NODE.attribute) continue;
        const attribute = part(bytes, field);
        for (const inner of listFields(attribute)) {
          if (inner.number !== ATTRIBUTE.graph) continue;
          // The branches of an If: graphs within a node, which lie in memory already.
          const graph = part(attribute, inner);
          for (const child of listFields(graph)) {
            if (child.number === GRAPH.node) await readNode(part(graph, child));
          }
        }
      }
    };
    const readTensor = async (field: Field): Promise<void> => {
      for await (const inner of readFields(file, field.start, field.end)) {
        if (inner.number === TENSOR.name) weights.add((await load(file, inner)).toString('utf8'));
        if (inner.number !== TENSOR.externalData) continue;
        const entry = await load(file, inner);
        const [key, value] = [ENTRY.key, ENTRY.value].map((number) => {
          const found = [...listFields(entry)].find((candidate) => candidate.number === number);
          return found ? text(entry, found) : '';
        });
        if (key === 'location' && value !== undefined) externalFiles.add(value);
      }
    };

    for await (const field of readFields(file, 0, size)) {
      if (field.number === MODEL.graph) await readGraph(field.start, field.end, true);
    }
    if (outputs.length === 0) throw new Error('it has no outputs');
    return {
      // Before IR version 4 the weights were listed among the inputs.
      inputs: [...inputs].filter((name) => !weights.has(name)),
      outputs,
      externalFiles: [...externalFiles],
      operators,
    };
  } catch (error) {
    throw new Error(
      `${path} is no ONNX model that can be read: ${error instanceof Error ? error.message : ''}.`,
      { cause: error },
    );
  } finally {
    await file.close();
  }
}

/** A field of a protobuf message: its number and where its content lies. */
interface Field {
  readonly number: number;
  /** Of a varint: its value. */
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

/** No field that is read into memory is longer. */
const MOST_FIELD_BYTES = 64e6;

async function load(file: FileHandle, { start, end }: Field): Promise<Buffer> {
  if (end - start > MOST_FIELD_BYTES) throw new Error('a part of its structure is too long');
  const bytes = Buffer.alloc(end - start);
  await file.read(bytes, 0, bytes.length, start);
  return bytes;
}

async function* readFields(file: FileHandle, from: number, to: number): AsyncGenerator<Field> {
  // A tag and a length take 20 bytes at most; a window saves a call of the system for each.
  const window = Buffer.alloc(4096);
  let windowStart = -1;
  let filled = 0;
  let position = from;
  while (position < to) {
    const wanted = Math.min(20, to - position);
    if (windowStart < 0 || position < windowStart || position + wanted > windowStart + filled) {
      windowStart = position;
      ({ bytesRead: filled } = await file.read(window, 0, window.length, position));
      if (filled < wanted) throw new Error('it ends in the middle');
    }
    const field = readField(window, position - windowStart, windowStart, to);
    yield field;
    position = field.end;
  }
}

function* listFields(bytes: Buffer): Generator<Field> {
  for (let position = 0; position < bytes.length;) {
    const field = readField(bytes, position, 0, bytes.length);
    yield field;
    position = field.end;
  }
}

/** @param base Where `bytes` begins, in the positions of the result. */
function readField(bytes: Buffer, position: number, base: number, limit: number): Field {
  const tag = readVarint(bytes, position);
  const number = Math.floor(tag.value / 8);
  const wire = tag.value % 8;
  const field = (start: number, end: number, value = 0): Field => {
    if (number === 0 || base + end > limit) throw new Error('it ends in the middle');
    return { number, value, start: base + start, end: base + end };
  };
  if (wire === 0) {
    const varint = readVarint(bytes, tag.next);
    return field(tag.next, varint.next, varint.value);
  }
  if (wire === 1) return field(tag.next, tag.next + 8);
  if (wire === 5) return field(tag.next, tag.next + 4);
  if (wire !== 2) throw new Error('it is no protobuf message');
  const length = readVarint(bytes, tag.next);
  return field(length.next, length.next + length.value);
}

function readVarint(bytes: Buffer, from: number): { value: number; next: number } {
  let value = 0;
  for (let index = 0; index < 10; index += 1) {
    const byte = bytes[from + index];
    if (byte === undefined) throw new Error('it ends in the middle');
    // Beyond 2^53 only the sign of negative numbers, which no field that is read has.
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: from + index + 1 };
  }
  throw new Error('it is no protobuf message');
}

function part(bytes: Buffer, { start, end }: Field): Buffer {
  return bytes.subarray(start, end);
}

function text(bytes: Buffer, field: Field): string {
  return part(bytes, field).toString('utf8');
}

/** Name and shape of a ValueInfoProto. */
function readValue(bytes: Buffer): GraphFacts['outputs'][number] {
  let name = '';
  let shape: (number | undefined)[] = [];
  for (const field of listFields(bytes)) {
    if (field.number === VALUE.name) name = text(bytes, field);
    if (field.number !== VALUE.type) continue;
    const tensor = findPart(part(bytes, field), TYPE.tensor);
    const dimensions = tensor && findPart(tensor, TENSOR_TYPE.shape);
    if (!dimensions) continue;
    shape = [...listFields(dimensions)]
      .filter(({ number }) => number === SHAPE.dimension)
      .map(
        (dimension) =>
          [...listFields(part(dimensions, dimension))].find(
            ({ number }) => number === DIMENSION.value,
          )?.value,
      );
  }
  return { name, shape };
}

function findPart(bytes: Buffer, number: number): Buffer | undefined {
  const found = [...listFields(bytes)].find((field) => field.number === number);
  return found && part(bytes, found);
}
