import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readElements } from '../../scripts/element-manifest.ts';
import { RerankError } from '../../src/index.ts';
import { DURATION_LIMITS_MS, DurationSample } from '../../src/metrics/duration-sample.ts';
import type { Reranker } from '../../src/shared/types.ts';
import { documents, openTinyReranker, query } from '../integrations/tiny-reranker.ts';
import { readCodeBlocks, runCode } from './code-blocks.ts';

let reranker: Reranker;
beforeAll(async () => {
  reranker = await openTinyReranker();
});
afterAll(() => reranker.dispose());

describe('the troubleshooting guide', () => {
  const guide = readFileSync('docs/troubleshooting.md', 'utf8');
  const parts = guide.split(/^## /m).slice(1);

  it('has a section for each error code, in the order of the type, and no other', () => {
    const headings = parts.map((part) => part.slice(0, part.indexOf('\n')));
    const codes = readErrorCodes();
    expect(codes).toContain('model-integrity');
    expect(headings).toEqual(codes.map((code) => `\`${code}\``));
  });

  it('says of each when it happens, what the reader sees, and what to do', () => {
    for (const part of parts) {
      expect(part.match(/^\*\*(?:When|The reader sees|What to do)\b/gm), part).toHaveLength(3);
    }
  });

  it('has code that reports errors, and leaves runs out that were ended', async () => {
    const [listen = '', call = '', ...more] = readCodeBlocks('troubleshooting', 'js');
    expect(more).toEqual([]);

    const reports: object[] = [];
    const report = (facts: object): number => reports.push(facts);
    const document = new EventTarget();
    await runCode(listen, { document, report });
    const details = { url: '/models/manifest.json', status: 404 };
    const error = new RerankError('model-load', 'The model is not there.', details);
    document.dispatchEvent(
      new CustomEvent('rerank-error', { detail: { error, during: 'rerank', query } }),
    );
    expect(reports.splice(0)).toEqual([
      { during: 'rerank', code: 'model-load', message: 'The model is not there.', details },
    ]);

    const shown: object[] = [];
    const given = { reranker, query, documents, signal: undefined, report };
    const show = (results: readonly object[]): number => shown.push(...results);
    await runCode(call, { ...given, show });
    expect(shown).toHaveLength(documents.length);
    await runCode(call, { ...given, show, signal: AbortSignal.abort() });
    expect(reports).toEqual([]);
    await runCode(call, { ...given, show, documents: [1] });
    expect(reports).toMatchObject([{ code: 'invalid-input' }]);
    const broken = (): never => {
      throw new TypeError('Not of this library.');
    };
    await expect(runCode(call, { ...given, show: broken })).rejects.toThrow(TypeError);
  });
});

describe('the guide to budgets', () => {
  it('has code that tells what a run took', async () => {
    const [call = '', listen = ''] = readCodeBlocks('budgets', 'js');
    const reports: object[] = [];
    const report = (facts: object): number => reports.push(facts);
    await runCode(call, { reranker, query, documents, report });
    expect(reports.splice(0)).toEqual([
      {
        ms: expect.any(Number) as number,
        tokensPerSecond: expect.any(Number) as number,
        device: reranker.model.device,
        // A busy machine may need longer.
        complete: expect.any(Boolean) as boolean,
        read: expect.any(Number) as number,
      },
    ]);

    const document = new EventTarget();
    await runCode(listen, { document, report });
    const detail = await reranker.rerank({ query, documents });
    document.dispatchEvent(new CustomEvent('rerank-complete', { detail }));
    expect(reports).toMatchObject([{ complete: true, ms: detail.timing.totalMs }]);
  });

  it('names attributes that the element has', () => {
    const guide = readFileSync('docs/budgets.md', 'utf8');
    const rows = guide.split('\n').filter((line) => line.startsWith('|'));
    const named = rows.slice(2).flatMap((row) => row.split('|')[2]?.match(/(?<=`)[a-z-]+/g) ?? []);
    const [element] = readElements().filter(({ tagName }) => tagName === 'rerank-results');
    const known = element?.properties.map(({ attribute }) => attribute);
    expect(named.length).toBeGreaterThan(8);
    expect(known).toEqual(expect.arrayContaining(named));
  });
});

describe('the guide to metrics', () => {
  it('has code that makes a percentile of what many pages sent', async () => {
    const [, , add = ''] = readCodeBlocks('metrics', 'js');
    const readReport = async (...durations: readonly number[][]): Promise<unknown> => {
      const received = durations.map((page) => {
        const sample = new DurationSample();
        for (const ms of page) sample.add(ms);
        return { durations: { total: sample.summarize() } };
      });
      const reports: unknown[] = [];
      const report = (line: unknown): number => reports.push(line);
      const modules = { 'rerank-results/metrics': { DURATION_LIMITS_MS } };
      await runCode(add, { received, report }, { modules });
      return reports[0];
    };
    const fast = new Array<number>(18).fill(40);
    expect(await readReport(fast, [], [700])).toBe('95 % of all runs took up to 1000 ms');
    expect(await readReport(fast, [700, 700])).toBe('95 % of all runs took up to 1000 ms');
    expect(await readReport(fast, fast, [700])).toBe('95 % of all runs took up to 50 ms');
    expect(await readReport([60_000])).toBe('95 % of all runs took up to Infinity ms');
  });
});

/** The words of the type, from its source. */
function readErrorCodes(): string[] {
  const path = 'src/shared/errors.ts';
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  const type = file.statements.find(
    (statement) =>
      ts.isTypeAliasDeclaration(statement) && statement.name.text === 'RerankErrorCode',
  );
  if (!type || !ts.isTypeAliasDeclaration(type) || !ts.isUnionTypeNode(type.type)) return [];
  return type.type.types.map((member) =>
    ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal) ? member.literal.text : '',
  );
}
