import type { Manifest } from '../../worker/model/manifest.ts';
import { isObject, readCount, type JsonObject } from './json.ts';

/** Names of the label that means "relevant", in any case. */
const POSITIVE_NAMES = ['relevant', 'entailment', 'yes', 'true', 'label_1'];

/**
 * A model's labels from `config.json`, and which of them means "relevant". One label: that one. Two or
 * three: `LABEL_1` of two without names, else the one called relevant, entailment, yes or true.
 *
 * @param wanted The positive label that the site names, where it does.
 * @returns The head, or why the positive label cannot be told.
 */
export function readHead(
  config: JsonObject,
  wanted?: string,
): Manifest['head'] | { readonly refused: string } {
  const labels = readLabels(config);
  const named = labels.map((label) => `"${label}"`).join(', ');
  if (wanted !== undefined) {
    const positiveLabel = labels.find((label) => label.toLowerCase() === wanted.toLowerCase());
    return positiveLabel === undefined
      ? { refused: `It has no label "${wanted}"; it has ${named}.` }
      : { labels, positiveLabel };
  }
  if (labels.length === 1) return { labels, positiveLabel: labels[0] ?? '' };
  const positive = labels.filter((label) => POSITIVE_NAMES.includes(label.toLowerCase()));
  const [positiveLabel] = positive;
  if (positive.length === 1 && positiveLabel !== undefined && labels.length <= 3) {
    // `LABEL_1` is only a number: of three it may mean anything.
    if (labels.length === 2 || positiveLabel.toLowerCase() !== 'label_1') {
      return { labels, positiveLabel };
    }
  }
  return {
    refused: `It has ${labels.length} labels (${labels.length > 8 ? `${named.slice(0, 60)} …` : named}), and none of them clearly means "relevant". If one does, name it with --positive-label.`,
  };
}

/**
 * The head once the graph's outputs are known. A `config.json` that says nothing of labels means two to
 * transformers, but some rerankers leave it to their code that there is one.
 *
 * @param width Scores for each pair that the graph gives; undefined where it does not say.
 */
export function settleHead(
  head: Manifest['head'],
  config: JsonObject,
  width: number | undefined,
): Manifest['head'] {
  const isStated = isObject(config.id2label) || config.num_labels !== undefined;
  return isStated || width !== 1 ? head : { labels: ['LABEL_0'], positiveLabel: 'LABEL_0' };
}

/** The labels in the order of the model's outputs; without names transformers means two. */
function readLabels(config: JsonObject): string[] {
  if (isObject(config.id2label) && Object.keys(config.id2label).length > 0) {
    return Object.entries(config.id2label)
      .toSorted(([a], [b]) => Number(a) - Number(b))
      .map(([, label]) => String(label));
  }
  const count = readCount(config.num_labels, 1) ?? 2;
  return Array.from({ length: count }, (_, index) => `LABEL_${index}`);
}
