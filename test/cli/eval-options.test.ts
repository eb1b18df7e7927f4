import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/command.ts';
import { parseEvalOptions } from '../../src/cli/eval/eval-options.ts';

const parse = (...args: string[]): ReturnType<typeof parseEvalOptions> =>
  parseEvalOptions(['--data', 'folder', ...args]);

describe('the options of eval', () => {
  it('have defaults that need only a folder', () => {
    expect(parse()).toMatchObject({
      data: 'folder',
      run: undefined,
      relevanceLevel: 1,
      gates: [],
      resume: false,
      setting: { runtime: 'node', device: 'auto', dtype: 'auto', depth: 100 },
    });
  });

  it('take over for --vs what it does not change', () => {
    const { versus } = parse('--depth', '50', '--dtype', 'q8', '--vs', 'dtype=fp32, max-tokens=64');
    expect(versus?.setting).toMatchObject({ depth: 50, dtype: 'fp32', maxTokens: 64 });
  });

  it('read how long documents are read', () => {
    const { setting, versus } = parse('--vs', 'long-documents=best-passage,max-passages=4');
    expect(setting).toMatchObject({ longDocuments: 'truncate', maxPassages: undefined });
    expect(versus?.setting).toMatchObject({ longDocuments: 'best-passage', maxPassages: 4 });
    expect(() => parse('--long-documents', 'error')).toThrow(/truncate, best-passage/);
  });

  it('read several gates', () => {
    expect(parse('--gate', 'ndcg@10=0.7', '--gate', 'MAP=.5').gates).toEqual([
      { metric: { measure: 'ndcg', cutoff: 10 }, least: 0.7 },
      { metric: { measure: 'map' }, least: 0.5 },
    ]);
  });

  it.each([
    ['--gate', 'accuracy@10=0.5', /the metrics are/i],
    ['--gate', 'ndcg=0.5', /ndcg@10/],
    ['--gate', 'ndcg@10', /METRIC=VALUE/],
    ['--gate', 'ndcg@10=70', /from 0 to 1/],
    ['--gate', 'map=', /METRIC=VALUE/],
    ['--vs', 'colour=red', /The keys are model,/],
    ['--vs', 'dtype', /KEY=VALUE/],
    ['--vs', 'dtype=q9', /fp32, fp16, q8, q4/],
    ['--vs', 'device=webgpu', /--runtime chromium/],
    ['--depth', '0', /whole number of 1 or more/],
    ['--limit', '1.5', /whole number/],
    ['--max-tokens', '8', /16 or more/],
    ['--device', 'webgpu', /--runtime chromium/],
    ['--runtime', 'firefox', /node, chromium/],
    ['--model', '../elsewhere', /name of a folder/],
  ])('refuse %s %s', (option, value, message) => {
    const run = (): unknown => parse(option, value);
    expect(run).toThrow(UsageError);
    expect(run).toThrow(message);
  });

  it('choose a service, which is called from Node', () => {
    const url = 'https://example.org/v2/rerank?a=b';
    const { setting } = parse('--reranker', 'cohere', '--url', url, '--runtime', 'chromium');
    expect(setting).toMatchObject({
      runtime: 'node',
      reranker: { kind: 'service', api: 'cohere', url },
    });
    expect(parse('--vs', `reranker=tei, url=${url}`).versus?.setting.reranker).toEqual({
      kind: 'service',
      api: 'tei',
      url,
    });
  });

  it('let --vs choose another kind of reranker than the flags', () => {
    const tiers = parse('--model', 'a', '--vs', 'tiers=a:5 b').versus?.setting.reranker;
    expect(tiers).toMatchObject({
      kind: 'tiers',
      tiers: [{ model: 'a', keep: 5 }, { model: 'b' }],
    });
    const service = ['--reranker', 'cohere', '--url', 'http://localhost/'];
    expect(parse(...service, '--vs', 'model=b').versus?.setting).toMatchObject({
      model: 'b',
      reranker: { kind: 'model' },
    });
    const whole = ['--runtime', 'chromium', '--model', 'a', '--late-interaction', '5'];
    expect(parse(...whole, '--vs', 'reranker=model').versus?.setting).toMatchObject({
      model: 'a',
      reranker: { kind: 'model', lateInteraction: undefined },
    });
    expect(parse('--tiers', 'a b', '--vs', 'dtype=q8').versus?.setting.reranker.kind).toBe('tiers');
  });

  it('choose late interaction and the browser’s language model', () => {
    const inBrowser = ['--runtime', 'chromium'];
    expect(parse(...inBrowser, '--late-interaction', '20').setting.reranker).toEqual({
      kind: 'model',
      lateInteraction: 20,
    });
    expect(parse(...inBrowser, '--reranker', 'language-model').setting.reranker).toEqual({
      kind: 'language-model',
    });
  });

  it.each([
    [['--reranker', 'openai'], /one of model, cohere/],
    [['--reranker', 'cohere'], /--url is missing/],
    [['--reranker', 'cohere', '--url', 'example.org'], /http or https/],
    [['--reranker', 'cohere', '--url', 'http://a/', '--tiers', 'a b'], /--tiers has no meaning/],
    [['--reranker', 'cohere', '--url', 'http://a/', '--model', 'a'], /--model has no meaning/],
    [['--reranker', 'tei', '--url', 'http://a/', '--service-scores', 'x'], /--service-scores must/],
    [['--url', 'http://a/'], /--url has no meaning without --reranker/],
    [['--reranker', 'language-model'], /needs --runtime chromium/],
    [['--late-interaction', '20'], /needs --runtime chromium/],
    [['--runtime', 'chromium', '--late-interaction', '0'], /whole number/],
    [['--tiers', 'a::::5 b'], /--tiers cannot be read/],
    [['--tiers', 'a:1:8 b'], /16 or more/],
    [['--tiers', '../a b'], /no model "..\/a"/],
    [['--tiers', 'a:::5 b'], /Late interaction in --tiers needs --runtime chromium/],
    [['--tiers', 'a b', '--model', 'c'], /--model has no meaning with --tiers/],
  ])('refuse what does not go together: %j', (flags, message) => {
    expect(() => parse(...flags)).toThrow(UsageError);
    expect(() => parse(...flags)).toThrow(message);
  });

  it('refuse --resume without a folder to go on from', () => {
    expect(() => parse('--resume')).toThrow(/--out/);
  });

  it('refuse a number of threads that the library would not take', () => {
    expect(() => parse('--runtime', 'chromium', '--threads', '3')).toThrow(/library chooses/);
    expect(parse('--runtime', 'chromium', '--threads', '1').setting.threads).toBe(1);
  });

  it('refuse a call without a folder', () => {
    expect(() => parseEvalOptions([])).toThrow(/--data is missing/);
  });
});
