import type { Device } from '../../shared/types.ts';
import { keep, readKept } from './kept-files.ts';
import type { Manifest } from './manifest.ts';

/**
 * Which device was the faster one for a model, kept with the models. A new revision, browser version or number of cores
 * asks for a new measurement.
 */
export function rememberDevice(
  folderUrl: string,
  { id, revision }: Pick<Manifest, 'id' | 'revision'>,
  { engine, dtype }: { readonly engine: string; readonly dtype: string },
): {
  read(): Promise<Device | undefined>;
  write(device: Device): Promise<void>;
} {
  // Beside the folder: what is below it is freed when the model changes.
  const url = new URL('../faster-device', folderUrl);
  url.searchParams.set('model', id);
  url.searchParams.set('revision', revision);
  url.searchParams.set('wanted', `${engine} ${dtype}`);
  url.searchParams.set('browser', `${navigator.userAgent} ${navigator.hardwareConcurrency}`);
  return {
    async read() {
      const kept = await readKept(url.href);
      const device = kept && new TextDecoder().decode(kept);
      return device === 'webgpu' || device === 'wasm' ? device : undefined;
    },
    write: (device) => keep(url.href, device),
  };
}
