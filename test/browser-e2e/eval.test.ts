import { describe, expect, it } from 'vitest';
import type { EvalReport } from '../../src/cli/eval/report.ts';
import { runCommand } from '../cli/run-command.ts';

const base = [
  'eval',
  ...['--data', 'test/fixtures/tiny-beir'],
  ...['--models', 'test/models', '--model', 'tiny-bert'],
  ...['--runtime', 'chromium', '--device', 'wasm'],
];

describe('rerank-results eval --runtime chromium', () => {
  it('gives the scores of Node in a real browser, with several threads', async () => {
    const { status, stdout, stderr } = await runCommand(...base, '--vs', 'runtime=node', '--json');
    expect(status, stderr).toBe(0);
    const { setting, versus, queries } = JSON.parse(stdout) as EvalReport;
    expect(setting.runtime).toMatchObject({
      name: 'chromium',
      library: expect.stringMatching(/^Chromium \d+/) as string,
    });
    expect(setting.model).toMatchObject({ id: 'tiny-bert', device: 'wasm', dtype: 'fp32' });
    expect(queries).toHaveLength(6);
    expect(versus?.maxLogitDifference).toBeLessThan(0.001);
    expect(versus?.metrics[0]?.difference.mean).toBeCloseTo(0, 12);
  });

  it('uses one thread where it is told', async () => {
    const { stdout } = await runCommand(...base, '--threads', '1', '--limit', '1', '--json');
    expect((JSON.parse(stdout) as EvalReport).setting.model.threads).toBe(1);
  });

  it('tells what the library says in the page', async () => {
    const { status, stderr } = await runCommand(...base, '--dtype', 'fp16');
    expect(status).toBe(1);
    expect(stderr).toMatch(/In the browser: The model tiny-bert has nothing for .*"fp16"/);
  });

  it('measures late interaction, and compares it with the whole model', async () => {
    const { status, stdout, stderr } = await runCommand(
      ...['eval', '--data', 'test/fixtures/tiny-beir', '--runtime', 'chromium', '--limit', '2'],
      ...['--device', 'wasm', '--late-interaction', '2', '--vs', 'reranker=model', '--json'],
    );
    expect(status, stderr).toBe(0);
    const { setting, versus } = JSON.parse(stdout) as EvalReport;
    expect(setting.model.tiers?.map(({ scoresBySimilarity }) => scoresBySimilarity)).toEqual([
      true,
      undefined,
    ]);
    expect(versus?.setting.model).toMatchObject({ id: 'minilm-l6-split', engine: 'kernels' });
    expect(versus?.setting.model.tiers).toBeUndefined();
  });

  it('says that the browser has no language model', async () => {
    const { status, stderr } = await runCommand(
      ...['eval', '--data', 'test/fixtures/tiny-beir', '--runtime', 'chromium'],
      ...['--reranker', 'language-model'],
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/In the browser: The browser's language model cannot be used: /);
  });

  it('says what to do where no browser can be started', async () => {
    const { status, stderr } = await runCommand(...base, '--browser', '/no/such/browser');
    expect(status).toBe(1);
    expect(stderr).toMatch(/--browser PATH/);
  });
});
