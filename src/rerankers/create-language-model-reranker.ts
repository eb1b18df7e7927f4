import { invalidOption } from '../client/invalid-option.ts';
import { RememberingScorer } from '../client/remembering-scorer.ts';
import { createRerankerOver } from '../client/reranker.ts';
import { RerankError, abortedError, describeError } from '../shared/errors.ts';
import type { Reranker } from '../shared/types.ts';
import { requireCount } from './check-options.ts';
import {
  findLanguageModel,
  type LanguageModelCreateOptions,
  type LanguageModelSession,
} from './language-model-api.ts';
import { LanguageModelScorer } from './language-model-scorer.ts';
import { SYSTEM_PROMPT } from './order-prompt.ts';

export interface LanguageModelRerankerOptions {
  /**
   * Whether the browser may download its model, which has gigabytes. Browsers want a click of the reader's before they do. Default false: a
   * model that is not there counts as unavailable.
   */
  readonly mayDownload?: boolean | undefined;
  /** Called while the browser downloads, with the part that is there: 0 to 1. */
  readonly onDownload?: ((share: number) => void) | undefined;
  /** Languages of queries and documents, as BCP 47 tags. Default `['en']`. */
  readonly languages?: readonly string[] | undefined;
  /** Documents that the model sees at once: a whole number of 2 or more. Default 20. */
  readonly windowSize?: number | undefined;
  /**
   * How far the window moves towards the list's beginning: a whole number, 1 or more and less than `windowSize`. Default: half of it. As many documents as
   * are left, `windowSize − windowStep`, can come from the list's end to its top.
   */
  readonly windowStep?: number | undefined;
  /** Characters of a document that the model gets at most; fewer where its context is too small. Default 600. */
  readonly maxDocumentCharacters?: number | undefined;
  /** Ends the opening. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A reranker that asks the browser's built-in language model (`LanguageModel`, the Prompt API) to put documents in order. Most browsers have none.
 *
 * It is list-wise: the model sees up to 20 documents at once and answers with their order. **Its scores are places, not opinions**: of `n` documents the one in
 * place `r` has `relevanceScore` (n − r + ½) / n, whatever the model thinks of it. There are no partial results: a run that its `budgetMs` ends leaves
 * the documents in the request's order.
 *
 * A document may try to give the model orders. What it can gain is a better place: the answer is read as a list of numbers and nothing else. Do not use it
 * where others can write documents and gain by their rank.
 *
 * @throws RerankError `backend-unavailable` where the browser has no such model, or it would have to be downloaded; `invalid-input` where an
 * option is wrong; `aborted` by `signal`.
 */
export async function createLanguageModelReranker(
  options: LanguageModelRerankerOptions = {},
): Promise<Reranker> {
  const { windowSize = 20, maxDocumentCharacters = 600 } = options;
  const { windowStep = Math.floor(windowSize / 2) } = options;
  if (!(Number.isInteger(windowSize) && windowSize >= 2)) {
    throw invalidOption('windowSize', windowSize, 'a whole number of 2 or more');
  }
  if (!(Number.isInteger(windowStep) && windowStep >= 1 && windowStep < windowSize)) {
    throw invalidOption('windowStep', windowStep, 'a whole number, 1 or more, below windowSize');
  }
  requireCount('maxDocumentCharacters', maxDocumentCharacters);
  const session = await openSession(options);
  return createRerankerOver(
    new RememberingScorer(
      new LanguageModelScorer({ session, windowSize, windowStep, maxDocumentCharacters }),
    ),
  );
}

async function openSession({
  mayDownload = false,
  onDownload,
  languages = ['en'],
  signal,
}: LanguageModelRerankerOptions): Promise<LanguageModelSession> {
  if (signal?.aborted) throw abortedError(signal);
  const api = findLanguageModel();
  if (!api) throw unavailable('this browser has none (there is no LanguageModel)');
  const texts = { type: 'text', languages } as const;
  const wanted: LanguageModelCreateOptions = { expectedInputs: [texts], expectedOutputs: [texts] };
  try {
    const availability = await api.availability(wanted);
    if (availability === 'unavailable') {
      throw unavailable(`this device cannot run it for ${languages.join(', ')}`);
    }
    if (availability !== 'available' && !mayDownload) {
      throw unavailable(`it is ${availability}, and the option mayDownload is not set`);
    }
    return await api.create({
      ...wanted,
      initialPrompts: [{ role: 'system', content: SYSTEM_PROMPT }],
      ...(signal && { signal }),
      monitor: (monitor) =>
        monitor.addEventListener('downloadprogress', (event) =>
          onDownload?.((event as ProgressEvent).loaded),
        ),
    });
  } catch (error) {
    if (signal?.aborted) throw abortedError(signal);
    if (error instanceof RerankError) throw error;
    throw unavailable(describeError(error));
  }
}

function unavailable(why: string): RerankError {
  return new RerankError(
    'backend-unavailable',
    `The browser's language model cannot be used: ${why}.`,
  );
}
