import { describe, expect, test } from 'vitest';
import { rerankedOrder } from '../golden-search.ts';
import { launchChromium, launchFirefox, waitForEvent, whyNoFirefox } from './browsers.ts';
import { addElementScript, startFaultySite } from './faulty-site.ts';

describe.for([
  ['Chromium', launchChromium, undefined],
  ['Firefox', launchFirefox, whyNoFirefox()],
] as const)('a sound site in %s', ([, launch, whyNot]) => {
  test('reranks with an ONNX model and with the default model’s kernels', async ({
    annotate,
    skip,
  }) => {
    if (whyNot !== undefined) skip(whyNot);
    await using browser = await launch();
    for (const settings of [
      { engine: 'onnxruntime' },
      { model: 'minilm-l6-split', modelBase: '/shipped-models/', device: 'auto', engine: 'auto' },
    ]) {
      await using site = await startFaultySite({ script: addElementScript(settings) });
      await using page = await browser.open(site.url);
      const view = await waitForEvent(page, /rerank-(complete|error)/);
      expect(view).toMatchObject({ messages: [], uncaught: [] });
      expect(view.titles[0]).toBe(rerankedOrder[0]);
      const model = await page.evaluate(() => {
        const state = document.querySelector('rerank-results')?.runState;
        return state?.phase === 'reranked' ? state.outcome.model : undefined;
      });
      expect(model?.engine).toBe(settings.engine === 'auto' ? 'kernels' : 'onnxruntime');
      await annotate(JSON.stringify(model), 'notice');
    }
  });
});
