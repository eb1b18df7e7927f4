import { bufferUsage, COMPUTE_STAGE } from './gpu-flags.ts';
import { LINEAR, LINEAR_OF_INTEGERS, QUANTIZE } from './linear-shaders.ts';
import { ATTEND, EMBED, HEAD, MOVE_ROWS, NORMALIZE, SIMILARITY } from './shaders.ts';

const shaders = {
  embed: EMBED,
  normalize: NORMALIZE,
  linear: LINEAR,
  quantize: QUANTIZE,
  linearOfIntegers: LINEAR_OF_INTEGERS,
  attend: ATTEND,
  moveRows: MOVE_ROWS,
  head: HEAD,
  similarity: SIMILARITY,
} as const;

export type ProgramName = keyof typeof shaders;

/** uint32 parameters, in the order of the struct in shaders.ts. */
const integerNames = [
  'rows',
  'width',
  'inputs',
  'outputs',
  'values',
  'scales',
  'bias',
  'positions',
  'positionScales',
  'segment',
  'option',
] as const;

/** fp32 parameters, which follow at the next 16 bytes. */
const floatNames = ['cross', 'factor', 'addend'] as const;
const FLOATS_AT = 48;

/** Parameters of a dispatch; what is left out is 0. */
export type Parameters = Readonly<
  Partial<Record<(typeof integerNames)[number] | (typeof floatNames)[number], number>>
>;

/** Bytes between the parameters of two dispatches: what every device can address. */
const STRIDE = 256;
const PARAMETER_BYTES = 64;

/** Most dispatches of a submission: those of a layer and what stands before and after it. */
const MOST_DISPATCHES = 16;

/** Compiled programs by their names. */
export type Programs = ReadonlyMap<ProgramName, GPUComputePipeline>;

const ofFloats: readonly ProgramName[] = ['linear'];
const ofIntegers: readonly ProgramName[] = ['quantize', 'linearOfIntegers'];

/**
 * Compiles the programs, at the same time.
 *
 * @param inIntegers Which way of multiplying is wanted; the other's programs are left out.
 */
export async function compilePrograms(device: GPUDevice, inIntegers: boolean): Promise<Programs> {
  const leftOut = inIntegers ? ofFloats : ofIntegers;
  const names = (Object.keys(shaders) as ProgramName[]).filter((name) => !leftOut.includes(name));
  const compiled = names.map(async (name) => {
    const code = shaders[name];
    const module = device.createShaderModule({ code, label: name });
    const bindings = [...code.matchAll(/@binding\((\d)\) var<(\w+)(?:, (\w+))?>/g)];
    const layout = device.createBindGroupLayout({
      label: name,
      entries: bindings.map(([, binding, space, access]) => ({
        binding: Number(binding),
        visibility: COMPUTE_STAGE,
        buffer:
          space === 'uniform'
            ? { type: 'uniform', hasDynamicOffset: true, minBindingSize: PARAMETER_BYTES }
            : { type: access === 'read' ? 'read-only-storage' : 'storage' },
      })),
    });
    const pipeline = await device.createComputePipelineAsync({
      label: name,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    });
    return [name, pipeline] as const;
  });
  return new Map(await Promise.all(compiled));
}

/** Records dispatches, and submits them together. */
export class Recorder {
  readonly #device: GPUDevice;
  readonly #programs: Programs;
  readonly #weights: GPUBuffer;
  readonly #parameters: GPUBuffer;
  readonly #groups = new Map<string, GPUBindGroup>();
  readonly #bytes = new ArrayBuffer(STRIDE * MOST_DISPATCHES);
  readonly #view = new DataView(this.#bytes);
  #encoder: GPUCommandEncoder;
  #pass: GPUComputePassEncoder | undefined;
  #count = 0;

  constructor(device: GPUDevice, programs: Programs, weights: GPUBuffer) {
    this.#device = device;
    this.#programs = programs;
    this.#weights = weights;
    this.#parameters = device.createBuffer({
      size: STRIDE * MOST_DISPATCHES,
      usage: bufferUsage.uniform | bufferUsage.copyTarget,
    });
    this.#encoder = device.createCommandEncoder();
  }

  /** @param size Workgroups in x, and in y. */
  dispatch(
    name: ProgramName,
    buffers: readonly GPUBuffer[],
    parameters: Parameters,
    [x, y = 1]: readonly [number, number?],
  ): void {
    if (x === 0) return;
    const offset = this.#count * STRIDE;
    this.#count += 1;
    for (const [index, key] of integerNames.entries()) {
      this.#view.setUint32(offset + index * 4, parameters[key] ?? 0, true);
    }
    for (const [index, key] of floatNames.entries()) {
      this.#view.setFloat32(offset + FLOATS_AT + index * 4, parameters[key] ?? 0, true);
    }
    this.#pass ??= this.#encoder.beginComputePass();
    const program = this.#programs.get(name) as GPUComputePipeline;
    this.#pass.setPipeline(program);
    this.#pass.setBindGroup(0, this.#groupOf(program, buffers), [offset]);
    this.#pass.dispatchWorkgroups(x, y);
  }

  /** Copies bytes after what was recorded before. */
  copy(from: GPUBuffer, to: GPUBuffer, bytes: number): void {
    this.#endPass();
    this.#encoder.copyBufferToBuffer(from, 0, to, 0, bytes);
  }

  submit(): void {
    this.#endPass();
    this.#device.queue.writeBuffer(this.#parameters, 0, this.#bytes, 0, this.#count * STRIDE);
    this.#device.queue.submit([this.#encoder.finish()]);
    this.#encoder = this.#device.createCommandEncoder();
    this.#count = 0;
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = undefined;
  }

  /** Buffers live as long as the model, so a group is made once. */
  #groupOf(program: GPUComputePipeline, buffers: readonly GPUBuffer[]): GPUBindGroup {
    const key = [program, ...buffers].map(({ label }) => label).join(' ');
    const known = this.#groups.get(key);
    if (known) return known;
    const group = this.#device.createBindGroup({
      layout: program.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: this.#weights } },
        { binding: 1, resource: { buffer: this.#parameters, size: PARAMETER_BYTES } },
        ...buffers.map((buffer, index) => ({ binding: index + 2, resource: { buffer } })),
      ],
    });
    this.#groups.set(key, group);
    return group;
  }
}
