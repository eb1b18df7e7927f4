import { readTiers, type CheckedTier } from '../../client/read-tiers.ts';
import type { RerankApi } from '../../rerankers/index.ts';
import { describeError } from '../../shared/errors.ts';
import { UsageError } from '../command.ts';
import { readCount } from '../read-flags.ts';

/** What reranks. */
export type RerankerChoice =
  | {
      /** A model of the `models` folder. */
      readonly kind: 'model';
      /** See the option of `createReranker`. */
      readonly lateInteraction?: number | undefined;
    }
  | { readonly kind: 'tiers'; readonly tiers: readonly CheckedTier[]; readonly text: string }
  | {
      /** A hosted service, or a server that speaks its API. */
      readonly kind: 'service';
      readonly api: RerankApi;
      /** Absolute. */
      readonly url: string;
      readonly model?: string | undefined;
      readonly scores?: 'probability' | 'logit' | undefined;
    }
  | {
      /** That of the browser. */
      readonly kind: 'language-model';
    };

/** The flags by which a reranker is chosen, without dashes. */
export const CHOICE_KEYS = [
  'reranker',
  'url',
  'service-model',
  'service-scores',
  'late-interaction',
  'tiers',
] as const;

type ChoiceKey = (typeof CHOICE_KEYS)[number] | 'model' | 'runtime';
type ChoiceTexts = Partial<Readonly<Record<ChoiceKey, string | undefined>>>;

const SERVICE_KEYS = ['url', 'service-model', 'service-scores'] as const;

/** The flags that one with this value puts out of force, where a setting is changed. */
export function listOverruled(key: string, value: string): readonly ChoiceKey[] {
  switch (key) {
    case 'reranker':
      // Which model it is stays: "reranker=model" is that without late interaction.
      return [
        'tiers',
        'late-interaction',
        ...SERVICE_KEYS,
        ...(value === 'model' ? [] : (['model'] as const)),
      ];
    case 'tiers':
      return ['model', 'reranker', 'late-interaction', ...SERVICE_KEYS];
    case 'model':
    case 'late-interaction':
      return ['tiers', 'reranker', ...SERVICE_KEYS];
    default:
      return [];
  }
}

/**
 * Reads which reranker is meant.
 *
 * @throws UsageError naming flags that are wrong, missing, or do not go together.
 */
export function readRerankerChoice(texts: ChoiceTexts): RerankerChoice {
  const { reranker = 'model', runtime = 'node', tiers } = texts;
  switch (reranker) {
    case 'model': {
      refuse(texts, SERVICE_KEYS, 'without --reranker cohere, jina, voyage or tei');
      if (tiers !== undefined) return readTiersChoice(texts, tiers);
      const lateInteraction = readCount('late-interaction', texts['late-interaction']);
      if (lateInteraction !== undefined) requireChromium('--late-interaction', runtime);
      return { kind: 'model', lateInteraction };
    }
    case 'cohere':
    case 'jina':
    case 'voyage':
    case 'tei': {
      refuse(texts, ['model', 'tiers', 'late-interaction'], `with --reranker ${reranker}`);
      const scores = texts['service-scores'];
      if (scores !== undefined && scores !== 'probability' && scores !== 'logit') {
        throw new UsageError(`--service-scores must be probability or logit, but is "${scores}".`);
      }
      return {
        kind: 'service',
        api: reranker,
        url: readUrl(texts.url),
        model: texts['service-model'],
        scores,
      };
    }
    case 'language-model':
      refuse(
        texts,
        ['model', 'tiers', 'late-interaction', ...SERVICE_KEYS],
        `with --reranker ${reranker}`,
      );
      requireChromium('--reranker language-model', runtime);
      return { kind: 'language-model' };
    default:
      throw new UsageError(
        `--reranker must be one of model, cohere, jina, voyage, tei, language-model, but is "${reranker}".`,
      );
  }
}

/** Whether a candidate's score depends on which other candidates there are, and the first stage's opinion of them. */
export function dependsOnList(choice: RerankerChoice): boolean {
  if (choice.kind === 'model') return choice.lateInteraction !== undefined;
  return choice.kind !== 'service';
}

function readTiersChoice(texts: ChoiceTexts, text: string): RerankerChoice {
  refuse(texts, ['model', 'late-interaction'], 'with --tiers, which name their own');
  let tiers: readonly CheckedTier[];
  try {
    tiers = readTiers(text);
  } catch (error) {
    throw new UsageError(`--tiers cannot be read: ${describeError(error)}`);
  }
  for (const { model, maxTokens = 16 } of tiers) {
    if (!/^\w[\w.-]*$/.test(model)) throw new UsageError(`--tiers has no model "${model}".`);
    readCount('tiers', String(maxTokens), 16);
  }
  if (tiers.some(({ lateInteraction }) => lateInteraction !== undefined)) {
    requireChromium('Late interaction in --tiers', texts.runtime ?? 'node');
  }
  return { kind: 'tiers', tiers, text };
}

/** The engine of the browser has what it takes, that of Node has not. */
function requireChromium(what: string, runtime: string): void {
  if (runtime !== 'chromium') throw new UsageError(`${what} needs --runtime chromium.`);
}

function refuse(texts: ChoiceTexts, keys: readonly ChoiceKey[], where: string): void {
  const key = keys.find((name) => texts[name] !== undefined);
  if (key !== undefined) throw new UsageError(`--${key} has no meaning ${where}.`);
}

function readUrl(text: string | undefined): string {
  if (text === undefined)
    throw new UsageError('--url is missing: where the service is, path included.');
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new UsageError(`--url must be a URL with http or https, but is "${text}".`);
}
