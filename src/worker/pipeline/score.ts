/** A model's labels. One label: its logit is the relevance. Several: one of them means relevant. */
export interface Head {
  readonly labels: readonly string[];
  readonly positiveLabel: string;
}

/**
 * One relevance logit for each pair: the only logit of a one-label model; for more labels the log-odds
 * of the positive one, `l₊ − log Σ exp(l₋)`, whose sigmoid is the positive label's softmax probability.
 *
 * @param raw The model's output, pairs × labels, row by row.
 */
export function relevanceLogits(raw: Float32Array, { labels, positiveLabel }: Head): Float32Array {
  if (labels.length === 1) return raw;
  const positive = labels.indexOf(positiveLabel);
  return Float32Array.from({ length: raw.length / labels.length }, (_, row) => {
    const logits = raw.subarray(row * labels.length, (row + 1) * labels.length);
    const others = logits.filter((_logit, label) => label !== positive);
    return (logits[positive] ?? Number.NaN) - logSumExp(others);
  });
}

function logSumExp(values: Float32Array): number {
  const greatest = Math.max(...values);
  return greatest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - greatest), 0));
}
