import type { EngineOptions } from '../shared/protocol.ts';
import type { DownloadSize } from '../shared/types.ts';
import { requireWebGpu } from './backend/backend.ts';
import { openModelFolder } from './model/model-folder.ts';
import { sumHostedBytes, type Manifest, type Variant } from './model/manifest.ts';
import { chooseVariants, listFiles, locateFolder } from './open-engine.ts';

/**
 * How many bytes opening a model would bring over the network. Only its manifest is fetched.
 *
 * @throws RerankError as opening it would, for what the manifest and the options are to blame.
 */
export async function measureDownload(options: EngineOptions): Promise<DownloadSize> {
  const folder = await openModelFolder(locateFolder(options), options.model, {
    integrity: options.integrity,
  });
  const { manifest } = folder;
  const files = listFiles(manifest, await guessVariant(manifest, options));
  return {
    totalBytes: sumHostedBytes(manifest.files, files),
    missingBytes: await folder.countMissingBytes(files),
  };
}

/** The first variant whose device is there; whether that computes right is known only when it is open. */
async function guessVariant(manifest: Manifest, options: EngineOptions): Promise<Variant> {
  const variants = chooseVariants(manifest, options);
  for (const variant of variants) {
    try {
      if (variant.device === 'webgpu') {
        await requireWebGpu(variant.dtype, options.device === 'webgpu');
      }
      return variant;
    } catch {
      // As for opening: the next one.
    }
  }
  // `chooseVariants` gives one at least; where none can run, loading says why.
  return variants[0] as Variant;
}
