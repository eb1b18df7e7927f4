import { collectLines, invalidLine, readGrade, readNumber, splitLines } from './lines.ts';
import { orderByScore, type Qrels, type Run } from './metrics.ts';

/**
 * Reads a TREC run: `query Q0 document rank score tag`, split by white space. The rank is not read, nor is
 * what follows the tag. Blank lines and lines that begin with `#` are skipped.
 *
 * @throws RerankError `invalid-input` naming the line: too few fields, a score that is no finite number, or
 * a document that comes twice for a query.
 */
export function parseRun(text: string): Run {
  const lines = splitLines(text).filter(({ content }) => !content.startsWith('#'));
  return collectLines('run', lines, ({ number, content }) => {
    const [queryId, , documentId, , score, tag] = splitFields(content);
    if (!queryId || !documentId || tag === undefined) {
      throw invalidLine(
        'run',
        number,
        'must have six fields: query, Q0, document, rank, score, tag',
      );
    }
    return { queryId, documentId, value: readNumber('run', number, 'score', score) };
  });
}

/**
 * Writes a TREC run, each query best first, with equal scores in trec_eval's order.
 *
 * @param tag The run's name, without white space.
 */
export function formatRun(run: Run, tag: string): string {
  const lines = [...run].flatMap(([queryId, scores]) =>
    orderByScore(scores).map(
      (id, index) => `${queryId} Q0 ${id} ${index + 1} ${scores.get(id)} ${tag}\n`,
    ),
  );
  return lines.join('');
}

/**
 * Reads TREC qrels: `query iteration document grade`, split by white space.
 *
 * @throws RerankError `invalid-input` naming the line.
 */
export function parseQrels(text: string): Qrels {
  return collectLines('qrels', splitLines(text), ({ number, content }) => {
    const [queryId, , documentId, grade, ...more] = splitFields(content);
    if (!queryId || !documentId || grade === undefined || more.length > 0) {
      throw invalidLine(
        'qrels',
        number,
        'must have four fields: query, iteration, document, grade',
      );
    }
    return { queryId, documentId, value: readGrade(number, grade) };
  });
}

/** Writes TREC qrels, with 0 as the iteration. */
export function formatQrels(qrels: Qrels): string {
  const lines = [...qrels].flatMap(([queryId, judgments]) =>
    [...judgments].map(([documentId, grade]) => `${queryId} 0 ${documentId} ${grade}\n`),
  );
  return lines.join('');
}

/**
 * Rankings as a run whose score is only the place: the number of documents from this one to the last. So an
 * order that has equal scores, or was made without any, survives trec_eval's rule for ties.
 *
 * @param rankings Query id → document ids, best first.
 */
export function toRun(rankings: ReadonlyMap<string, readonly string[]>): Run {
  return new Map(
    [...rankings].map(([queryId, ids]) => [
      queryId,
      new Map(ids.map((id, index) => [id, ids.length - index])),
    ]),
  );
}

function splitFields(content: string): string[] {
  return content.trim().split(/[ \t]+/);
}
