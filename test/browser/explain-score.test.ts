import { expect, test } from 'vitest';
import { createReranker, explainScore, type ScoreExplanation } from 'rerank-results';
import guide from '../../docs/explain.md?raw';

test('the sentence that answers, and the word that asks for it, carry the score', async () => {
  await using reranker = await createReranker();
  const answer = 'Vacuuming a table makes the space of deleted rows available for reuse.';
  const document = {
    title: 'Routine maintenance',
    text: `The manual has a chapter for administrators. ${answer} Backups are described elsewhere. Many people read it in the evening.`,
  };
  const { words, sentences, logit } = await explainScore(reranker, {
    query: 'reuse space of deleted rows',
    document,
  });
  const { results } = await reranker.rerank({
    query: 'reuse space of deleted rows',
    documents: [document],
  });
  expect(logit).toBe(results[0]?.logit);
  expect(sentences).toHaveLength(4);
  const [best, ...others] = sentences.toSorted((a, b) => b.effect - a.effect);
  expect(best?.text).toBe(answer);
  expect(best?.effect).toBeGreaterThan(1);
  for (const { effect } of others) expect(effect).toBeLessThan((best?.effect ?? 0) / 2);
  expect(words.map(({ text }) => text)).toEqual(['reuse', 'space', 'of', 'deleted', 'rows']);
});

test('the code of docs/explain.md does what the page says', async () => {
  const blocks = [...guide.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code = '']) => code);
  expect(blocks).toHaveLength(1);
  const code = blocks.join('\n').replace(/^import .* from 'rerank-results';$/m, '');
  const body = `return (async () => { ${code}; return { reason, explanation }; })();`;
  await using reranker = await createReranker();
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page's code is what is tested
  const run = new Function('explainScore', 'reranker', body) as (
    ...given: unknown[]
  ) => Promise<{ reason: { text: string }; explanation: ScoreExplanation }>;
  const { reason, explanation } = await run(explainScore, reranker);
  const [, promised] = /reason\.text; \/\/ '(.*)'/.exec(code) ?? [];
  expect(reason.text).toBe(promised);
  expect(explanation.pairs).toBe(Number(/explanation\.pairs; \/\/ (\d+)/.exec(code)?.[1]));
});
