import { compareSubjects, runInRounds, toSpeedRow } from '../rounds.ts';
import type { WebGpuRow } from '../results.ts';
import { launchChromium, openBenchPage, startBenchSite } from '../site.ts';
import { openInPage } from '../subjects.ts';
import type { Findings, Workbench } from '../workbench.ts';

const MAX_TOKENS = 128;

interface Adapter {
  readonly name: string;
  readonly isSoftware: boolean;
}

/** Our kernels and onnxruntime-web on a GPU. Where there is none, the processor imitates one, which shows only that it works. */
export async function measureWebGpu(bench: Workbench): Promise<Findings<WebGpuRow>> {
  await using site = await startBenchSite(false);
  const real = await findAdapter(site, ['--enable-unsafe-webgpu']);
  const flags = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
  const isReal = real !== undefined && !real.isSoftware;
  const adapter = isReal ? real : await findAdapter(site, flags);
  if (!adapter) return { rows: [], notes: ['This browser has no WebGPU adapter at all.'] };

  const browser = await launchChromium(...(isReal ? flags.slice(0, 1) : flags));
  try {
    const page = await openBenchPage(browser, site);
    const pairs = isReal ? 50 : 4;
    const { model, settings, workloads } = bench;
    const subjects = [];
    for (const subject of ['kernels', 'onnxruntime-web'] as const) {
      const options = {
        subject,
        model,
        threads: 1,
        maxTokens: MAX_TOKENS,
        device: 'webgpu',
      } as const;
      subjects.push(await openInPage(page, options));
    }
    const work = [];
    for (let round = 0; round <= (isReal ? settings.rounds : 1); round++) {
      work.push(await workloads.take(pairs));
    }
    const measured = await runInRounds(subjects, work);
    const rows = measured.map((one) => toSpeedRow(one, { maxTokens: MAX_TOKENS, pairs }));
    return {
      rows: compareSubjects(rows).map((row) => ({
        ...row,
        adapter: adapter.name,
        isSoftware: adapter.isSoftware,
      })),
      notes: isReal ? [] : ['Software: for correctness only. No time here says anything of a GPU.'],
    };
  } finally {
    await browser.close();
  }
}

async function findAdapter(
  site: { readonly address: string },
  flags: readonly string[],
): Promise<Adapter | undefined> {
  const browser = await launchChromium(...flags);
  try {
    const page = await browser.newPage();
    await page.goto(site.address);
    const found = await page.evaluate(async () => {
      const { gpu } = navigator as unknown as {
        gpu?: {
          requestAdapter(): Promise<{
            info: { vendor: string; architecture: string; isFallbackAdapter?: boolean };
          } | null>;
        };
      };
      const info = (await gpu?.requestAdapter())?.info;
      return info && { name: `${info.vendor} ${info.architecture}`, ...info };
    });
    if (!found) return undefined;
    const isSoftware = found.isFallbackAdapter === true || /swiftshader|llvmpipe/i.test(found.name);
    return { name: found.name.trim(), isSoftware };
  } finally {
    await browser.close();
  }
}
