import type { RerankOutcome } from 'rerank-results';
import type { RerankResults } from 'rerank-results/element';
import { explainError, explainSkip } from './explain.ts';
import { findElement } from './find-element.ts';
import { formatBytes, formatMs, formatOrdinal } from './format-numbers.ts';
import type { RunReport } from './run-report.ts';

/** Follows the element's runs: one sentence, a progress bar, and the figures of a report where the page has one. */
export function connectRunStatus(
  results: RerankResults,
  report?: Pick<RunReport, 'showOutcome' | 'showFailure' | 'clear'>,
): void {
  const sentence = findElement('status', HTMLElement);
  const problem = findElement('problem', HTMLElement);
  const progress = findElement('progress', HTMLProgressElement);
  let startMs = 0;

  const say = (text: string, share?: number): void => {
    sentence.textContent = text;
    problem.textContent = '';
    progress.hidden = share === undefined;
    progress.value = share ?? 0;
  };

  results.addEventListener('rerank-start', ({ detail }) => {
    startMs = performance.now();
    say(`Reading ${detail.count} results …`, 0);
  });
  results.addEventListener('rerank-progress', ({ detail }) => {
    const { loadedBytes, totalBytes, fromCache } = detail;
    const from = fromCache ? ' from the browser’s cache' : '';
    const share = loadedBytes / totalBytes;
    const text = `${formatBytes(loadedBytes)} of ${formatBytes(totalBytes)}${from}`;
    say(share < 1 ? `Loading the model: ${text} …` : `Starting the model (${text}) …`, share);
  });
  results.addEventListener('rerank-partial', ({ detail: { scoredCount, totalCount } }) => {
    say(`Read ${scoredCount} of ${totalCount} results …`, scoredCount / totalCount);
  });
  results.addEventListener('rerank-complete', ({ detail }) => {
    report?.showOutcome(detail, performance.now() - startMs - detail.timing.totalMs);
    say(summarize(detail, results.topN));
  });
  results.addEventListener('rerank-skip', ({ detail }) => say(explainSkip(detail.reason)));
  results.addEventListener('rerank-error', ({ detail }) => {
    // The element tells it beside the result.
    if (detail.during === 'explain') return;
    say('');
    if (detail.during === 'search') report?.clear();
    else report?.showFailure(detail.error);
    // Only seen: the element tells screen readers what failed.
    const reason = report || detail.during === 'search' ? '' : ` ${detail.error.message}`;
    problem.textContent = `${explainError(detail)}${reason}`;
  });
}

/** What the reranking changed, in one or two sentences. */
function summarize({ results, complete, timing }: RerankOutcome<unknown>, topN: number): string {
  const scoredCount = results.filter(({ scored }) => scored).length;
  const read = complete ? results.length : `${scoredCount} of ${results.length}`;
  const count = `${read} results reranked in ${formatMs(timing.totalMs)}.`;
  const first = results[0]?.originalRank ?? 1;
  const best = first === 1 ? 'The first stays first' : `The first was ${formatOrdinal(first)}`;
  if (results.length <= topN) return `${count} ${best}.`;
  const fromBelow = results.slice(0, topN).filter(({ originalRank }) => originalRank > topN).length;
  return `${count} ${best}; ${fromBelow} of these ${topN} come from further down.`;
}
