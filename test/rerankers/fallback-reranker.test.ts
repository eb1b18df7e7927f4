import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRerankerOver } from '../../src/client/reranker.ts';
import { createFallbackReranker, type FallbackNotice } from '../../src/rerankers/index.ts';
import { RerankError } from '../../src/shared/errors.ts';
import type { RerankPartial, Reranker } from '../../src/shared/types.ts';
import { createFakeScorer, type FakeScorer } from '../client/fake-scorer.ts';

const documents = ['a', 'b', 'c'];
const query = 'letters';

/** A scorer that likes the last document most. */
const working = (): FakeScorer => createFakeScorer({ logits: { a: 1, b: 2, c: 3 } });

/** One that fails at the document `b`. */
const failing = (error: unknown = new RerankError('device-lost', 'The GPU is gone.')): FakeScorer =>
  createFakeScorer({
    logits: { a: 1 },
    model: { id: 'failing' },
    beforeText: (text) => {
      if (text === 'b') throw error;
      return undefined;
    },
  });

/** Rerankers over scorers, and what a fallback reranker over them tells. */
function listOpeners(...scorers: readonly (FakeScorer | Error)[]): {
  openers: (() => Promise<Reranker>)[];
  opened: number[];
  notices: FallbackNotice[];
  onFallback: (notice: FallbackNotice) => void;
} {
  const opened: number[] = [];
  const notices: FallbackNotice[] = [];
  const openers = scorers.map((scorer, position) => () => {
    opened.push(position);
    return scorer instanceof Error
      ? Promise.reject(scorer)
      : Promise.resolve(createRerankerOver(scorer));
  });
  return { openers, opened, notices, onFallback: (notice) => notices.push(notice) };
}

const readOrder = (results: readonly { readonly index: number }[]): number[] =>
  results.map(({ index }) => index);

afterEach(() => vi.unstubAllGlobals());

describe('a fallback reranker', () => {
  it('uses the first alone while that works', async () => {
    const first = listOpeners(working(), working());
    await using reranker = await createFallbackReranker(first.openers, first);
    expect(readOrder((await reranker.rerank({ query, documents })).results)).toEqual([2, 1, 0]);
    expect(first.opened).toEqual([0]);
    expect(first.notices).toEqual([]);
  });

  it('opens the next where one cannot be opened, and says so', async () => {
    const broken = new RerankError('backend-unavailable', 'No device.');
    const list = listOpeners(broken, new Error('offline'), working());
    await using reranker = await createFallbackReranker(list.openers, list);
    expect(list.notices).toEqual([
      { from: 0, to: 1, error: broken },
      { from: 1, to: 2, error: expect.objectContaining({ message: 'offline' }) as Error },
    ]);
    expect(reranker.model.id).toBe('fake');
  });

  it('does a run that failed again with the next, and stays there', async () => {
    const broken = failing();
    const list = listOpeners(broken, working());
    await using reranker = await createFallbackReranker(list.openers, list);
    expect(reranker.model.id).toBe('failing');
    const { results, model } = await reranker.rerank({ query, documents });
    expect(readOrder(results)).toEqual([2, 1, 0]);
    expect(model.id).toBe('fake');
    expect(reranker.model.id).toBe('fake');
    expect(broken.ended.disposals).toBe(1);
    await reranker.rerank({ query: 'more', documents });
    expect(list.opened).toEqual([0, 1]);
    expect(list.notices).toMatchObject([{ from: 0, to: 1, error: { code: 'device-lost' } }]);
  });

  it('opens the next once for runs that fail beside each other', async () => {
    const list = listOpeners(failing(), working());
    await using reranker = await createFallbackReranker(list.openers, list);
    const outcomes = await Promise.all(
      ['x', 'y', 'z'].map((one) => reranker.rerank({ query: one, documents })),
    );
    for (const { results } of outcomes) expect(readOrder(results)).toEqual([2, 1, 0]);
    expect(list.opened).toEqual([0, 1]);
    expect(list.notices).toHaveLength(1);
  });

  it('does a run again whose reranker was disposed because another run failed on it', async () => {
    const fail: Record<string, (error: RerankError) => void> = {};
    const broken = createFakeScorer({
      logits: {},
      beforeText: (text) =>
        new Promise((_, reject) => {
          fail[text] = reject;
        }),
    });
    broken.dispose = () => {
      fail['b']?.(new RerankError('disposed', 'The reranker was disposed.'));
      return Promise.resolve();
    };
    const list = listOpeners(broken, working());
    await using reranker = await createFallbackReranker(list.openers, list);
    const runs = [documents, ['b', 'c']].map((some) => reranker.rerank({ query, documents: some }));
    await vi.waitFor(() => expect(Object.keys(fail)).toEqual(['a', 'b']));
    fail['a']?.(new RerankError('device-lost', 'The GPU is gone.'));
    const [one, other] = await Promise.all(runs);
    expect(readOrder(one?.results ?? [])).toEqual([2, 1, 0]);
    expect(readOrder(other?.results ?? [])).toEqual([1, 0]);
    expect(list.notices).toMatchObject([{ error: { code: 'device-lost' } }]);
  });

  it('goes on where a listener of its own throws, and reports that', async () => {
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    const mistake = new Error('not a function');
    const list = listOpeners(new Error('offline'), failing(), working());
    await using reranker = await createFallbackReranker(list.openers, {
      onFallback: () => {
        throw mistake;
      },
    });
    const { results } = await reranker.rerank({ query, documents });
    expect(readOrder(results)).toEqual([2, 1, 0]);
    expect(reported.mock.calls).toEqual([[mistake], [mistake]]);
  });

  it('fails each run with the last error where none is left', async () => {
    const broken = failing();
    broken.dispose = () => {
      broken.score = () => Promise.reject(new RerankError('disposed', 'Disposed.'));
      return Promise.resolve();
    };
    const list = listOpeners(broken, new RerankError('model-load', 'No file.'));
    const reranker = await createFallbackReranker(list.openers, list);
    for (const one of ['x', 'y', 'z']) {
      const run = reranker.rerank({ query: one, documents });
      await expect(run).rejects.toMatchObject({ code: 'model-load' });
    }
    expect(list.opened).toEqual([0, 1]);
    await reranker.dispose();
    await expect(reranker.rerank({ query, documents })).rejects.toMatchObject({ code: 'disposed' });
  });

  it('streams on with the next', async () => {
    const list = listOpeners(failing(), working());
    await using reranker = await createFallbackReranker(list.openers, list);
    const partials: RerankPartial<string>[] = [];
    for await (const partial of reranker.stream({ query, documents })) partials.push(partial);
    expect(readOrder(partials.at(-1)?.results ?? [])).toEqual([2, 1, 0]);
    expect(partials.at(-1)?.scoredCount).toBe(3);
  });

  it('warms the next up where the first cannot be', async () => {
    const broken = working();
    broken.warmup = () => Promise.reject(new RerankError('worker-failed', 'Crashed.'));
    const next = working();
    const list = listOpeners(broken, next);
    await using reranker = await createFallbackReranker(list.openers, list);
    await reranker.warmup();
    expect(next.ended.warmups).toBe(1);
  });

  it('fails as the last one does, and lets the next run try that again', async () => {
    const last = failing(new RerankError('service-failed', 'Down.'));
    const list = listOpeners(failing(), last);
    await using reranker = await createFallbackReranker(list.openers, list);
    await expect(reranker.rerank({ query, documents })).rejects.toThrow('Down.');
    await expect(reranker.rerank({ query, documents })).rejects.toThrow('Down.');
    expect(list.opened).toEqual([0, 1]);
  });

  it('throws what the last one cannot be opened for', async () => {
    const list = listOpeners(new Error('first'), new Error('last'));
    await expect(createFallbackReranker(list.openers, list)).rejects.toThrow('last');
  });

  it.each(['invalid-input', 'aborted'] as const)(
    'leaves an error that is the caller’s as it is: %s',
    async (code) => {
      const list = listOpeners(failing(new RerankError(code, 'Yours.')), working());
      await using reranker = await createFallbackReranker(list.openers, list);
      await expect(reranker.rerank({ query, documents })).rejects.toMatchObject({ code });
      expect(list.opened).toEqual([0]);
    },
  );

  it('does not hide a wrong option of the first', async () => {
    const list = listOpeners(new RerankError('invalid-input', 'No such model.'), working());
    await expect(createFallbackReranker(list.openers, list)).rejects.toThrow('No such model.');
  });

  it('counts lost time in the budget', async () => {
    const list = listOpeners(failing(), working());
    const [openFirst] = list.openers;
    const never = (): Promise<Reranker> => new Promise(() => undefined);
    await using reranker = await createFallbackReranker(openFirst ? [openFirst, never] : [], list);
    const outcome = await reranker.rerank({ query, documents, budgetMs: 60, topN: 2 });
    expect(outcome).toMatchObject({ complete: false, stoppedBy: 'budget', usage: { pairs: 0 } });
    expect(readOrder(outcome.results)).toEqual([0, 1]);
    const partials: RerankPartial<string>[] = [];
    for await (const partial of reranker.stream({ query, documents, budgetMs: 60 })) {
      partials.push(partial);
    }
    expect(partials.at(-1)).toMatchObject({ scoredCount: 0, totalCount: 3 });
  });

  it('ends a run by its signal while the next is opened', async () => {
    const list = listOpeners(failing());
    const [openFirst] = list.openers;
    const abort = new AbortController();
    const never = (): Promise<Reranker> => {
      abort.abort();
      return new Promise(() => undefined);
    };
    const openers = openFirst ? [openFirst, never] : [];
    await using reranker = await createFallbackReranker(openers);
    const run = reranker.rerank({ query, documents, signal: abort.signal });
    await expect(run).rejects.toMatchObject({ code: 'aborted' });
  });

  it('disposes what is opened after it was disposed', async () => {
    const late = working();
    let openLate = (): void => undefined;
    const list = listOpeners(failing());
    const [openFirst] = list.openers;
    const begun = new Promise<void>((tellBegun) => {
      const openNext = (): Promise<Reranker> =>
        new Promise((resolve) => {
          openLate = () => resolve(createRerankerOver(late));
          tellBegun();
        });
      void createFallbackReranker(openFirst ? [openFirst, openNext] : []).then(
        (made) => (reranker = made),
      );
    });
    let reranker: Reranker | undefined;
    await new Promise((resolve) => setImmediate(resolve));
    const run = reranker?.rerank({ query, documents });
    await begun;
    await reranker?.dispose();
    openLate();
    await expect(run).rejects.toMatchObject({ code: 'disposed' });
    expect(late.ended.disposals).toBe(1);
  });

  it('refuses an empty list', async () => {
    await expect(createFallbackReranker([])).rejects.toThrow(/openers must be a list/);
  });
});
