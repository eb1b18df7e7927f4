import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { EvalReport } from '../../src/cli/eval/report.ts';
import { createRerankHandler } from '../../src/integrations/http-handler.ts';
import { openTinyReranker } from '../integrations/tiny-reranker.ts';
import { sendJson, startService } from '../rerankers/service-server.ts';
import { runCommand, runCommandWith } from './run-command.ts';

const base = ['eval', '--data', 'test/fixtures/tiny-beir'];
const models = ['--models', 'test/models'];
const folder = mkdtempSync(join(tmpdir(), 'rerank-results-eval-kinds-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readReport = (text: string): EvalReport => JSON.parse(text) as EvalReport;

describe('rerank-results eval with a service', () => {
  it('measures it, and compares it with a model of this library', async () => {
    await using reranker = await openTinyReranker();
    const handler = createRerankHandler(reranker, { api: 'cohere' });
    await using service = await startService(({ body }, response) => {
      const request = new Request('http://localhost/v2/rerank', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      void handler(request).then(async (answer) => sendJson(response, await answer.json()));
    });
    const out = join(folder, 'service');
    const { status, stdout, stderr } = await runCommandWith(
      { RERANK_API_KEY: 'a-secret' },
      ...[...base, ...models, '--reranker', 'cohere', '--url', `${service.url}?a=b`],
      ...['--service-model', 'big one', '--vs', 'model=tiny-bert', '--out', out, '--json'],
    );
    expect(status, stderr).toBe(0);
    const { setting, versus, depths } = readReport(stdout);
    expect(setting.model).toMatchObject({ id: 'big one', engine: 'service', device: 'server' });
    expect(setting.runtime.library).toBe(`the cohere API at ${service.url}`);
    expect(versus?.setting.model).toMatchObject({ id: 'tiny-bert', engine: 'onnxruntime' });
    // Behind the service is the same model.
    expect(versus?.maxLogitDifference).toBeLessThan(0.001);
    expect(versus?.metrics[0]?.difference.mean).toBeCloseTo(0, 12);
    expect(depths.length).toBeGreaterThan(1);
    expect(service.seen).toHaveLength(6);
    expect(service.seen[0]?.headers.authorization).toBe('Bearer a-secret');
    expect(service.seen[0]?.body.model).toBe('big one');
    for (const file of ['report.json', 'report.html', 'progress.jsonl', 'reranked.trec']) {
      expect(readFileSync(join(out, file), 'utf8'), file).not.toContain('a-secret');
    }
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    expect(page).toContain('big one, a service');
    expect(page).toContain(`the cohere API at ${service.url}`);
    expect(readFileSync(join(out, 'reranked.trec'), 'utf8')).toMatch(/ rerank-big-one$/m);
  });

  it('names the query at which it fails', async () => {
    await using service = await startService((_, response) =>
      sendJson(response, { message: 'no key' }, 401),
    );
    const { status, stderr } = await runCommand(
      ...[...base, '--reranker', 'voyage', '--url', service.url],
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/Query q1: The reranker at .* refused the key.*no key/);
  });
});

describe('rerank-results eval with tiers', () => {
  it('gives the order of the tiers, with the blend that they choose by', async () => {
    const { status, stdout, stderr } = await runCommand(
      ...[...base, ...models, '--tiers', 'tiny-bert:2:32 tiny-electra', '--json'],
    );
    expect(status, stderr).toBe(0);
    const { setting, depths, weights } = readReport(stdout);
    expect(setting.model.tiers?.map(({ id, maxTokens }) => [id, maxTokens])).toEqual([
      ['tiny-bert', 32],
      ['tiny-electra', expect.any(Number)],
    ]);
    // Other depths and weights would be other runs.
    expect(depths.map(({ depth }) => depth)).toEqual([100]);
    expect(weights.map(({ weight }) => weight)).toEqual([0.2]);
  });

  it('is the last tier’s order where that reads all, and the first’s where it reads one', async () => {
    const whole = await runCommand(
      ...[...base, ...models, '--tiers', 'tiny-bert:50 tiny-electra'],
      ...['--vs', 'model=tiny-electra', '--json'],
    );
    expect(readReport(whole.stdout).versus).toMatchObject({ meanKendallTau: 1 });
    const one = await runCommand(
      ...[...base, ...models, '--model', 'tiny-bert', '--vs', 'tiers=tiny-bert:1 tiny-electra'],
      // A blend is worked out in each tier apart.
      ...['--prior-weight', '0', '--json'],
    );
    expect(readReport(one.stdout).versus).toMatchObject({ meanKendallTau: 1 });
  });

  it('names a tier’s model that is not there', async () => {
    const { status, stderr } = await runCommand(
      ...[...base, ...models, '--tiers', 'tiny-bert:2 no-such-model'],
    );
    expect(status).toBe(1);
    expect(stderr).toContain('There is no model "no-such-model"');
  });
});
