import { join } from 'node:path';
import { judgeByClicks, normalizeQuery, type Click } from '../../evaluate/clicks.ts';
import { RerankError, describeError } from '../../shared/errors.ts';
import {
  FILES,
  claimFolder,
  formatBeirQrels,
  formatDocuments,
  formatFirstStage,
  formatQueries,
  replaceFile,
  type SearchedQuery,
} from './collection-files.ts';
import type { FirstStage, Found, JudgeDocument } from './first-stage.ts';
import { escapeId, makeId } from './read-queries.ts';

/** What a click log is judged with. */
export interface ClickOptions {
  readonly clicks: readonly Click[];
  readonly firstStage: FirstStage;
  /** Where the collection is written. One that clicks made before is replaced. */
  readonly folder: string;
  /** How many results of each query are kept. */
  readonly candidates: number;
  /** Default 2. */
  readonly minImpressions?: number | undefined;
}

/**
 * Writes a BEIR folder with judgments from a click log.
 *
 * @returns What was made and what was left out, for people.
 * @throws RerankError `invalid-input` where the clicks judge nothing.
 */
export async function judgeClicks(options: ClickOptions): Promise<string> {
  const { clicks, firstStage, folder, candidates, minImpressions } = options;
  const judged = judgeByClicks(clicks, minImpressions);
  const known = new Map(
    [...firstStage.queryIds].map(([text, id]) => [normalizeQuery(text), id] as const),
  );
  const documents = new Map<string, JudgeDocument>();
  const searched: SearchedQuery[] = [];
  const grades = new Map<string, Map<string, number>>();
  const problems: string[] = [];
  let gone = 0;
  for (const [text, ofQuery] of judged.qrels) {
    const query = { id: known.get(normalizeQuery(text)) ?? makeId('q', text), text };
    let found: Found;
    try {
      found = await firstStage.find(query, candidates);
    } catch (error) {
      problems.push(`Left out "${text}": ${describeError(error)}\n`);
      continue;
    }
    const { documents: results, scores } = found;
    const kept = [...ofQuery].flatMap(([clicked, grade]) => {
      const id = findClicked(clicked, results, firstStage.base);
      return id === undefined ? [] : [[id, grade] as const];
    });
    gone += ofQuery.size - kept.length;
    if (kept.length === 0) continue;
    for (const document of results) {
      if (!documents.has(document.id)) documents.set(document.id, document);
    }
    const ids = results.map(({ id }) => id);
    searched.push({ query, firstStage: ids, ...(scores && { scores }) });
    grades.set(query.id, new Map(kept));
  }
  const all = [...grades.values()].flatMap((ofQuery) => [...ofQuery.values()]);
  const relevant = all.filter((grade) => grade > 0).length;
  const report = [
    ...problems,
    `${clicks.length} clicks on ${judged.impressions} lists\n`,
    `${judged.inconsistent} clicks left out: their id is not at their rank of what was shown\n`,
    `${judged.undecided} results left out: looked at too seldom, or as often chosen as passed over\n`,
    `${gone} judgments left out: not among the search’s first ${candidates} any more\n`,
    `${all.length} judgments of ${grades.size} queries, ${relevant} of them relevant\n`,
  ].join('');
  if (all.length === 0) {
    throw new RerankError('invalid-input', `The click log judges nothing:\n${report}`);
  }
  claimFolder(folder, { judgedBy: 'clicks', source: firstStage.name });
  replaceFile(join(folder, FILES.corpus), formatDocuments(documents.values()));
  replaceFile(join(folder, FILES.queries), formatQueries(searched));
  replaceFile(join(folder, FILES.run), formatFirstStage(searched));
  replaceFile(join(folder, FILES.qrels), formatBeirQrels(grades));
  return `${report}Wrote ${join(folder, FILES.qrels)}.\n`;
}

/** The id of the document that a log calls `clicked`: its id, or a URL that no other document has. */
function findClicked(
  clicked: string,
  documents: readonly JudgeDocument[],
  base: string | undefined,
): string | undefined {
  const id = escapeId(clicked);
  if (documents.some((document) => document.id === id)) return id;
  if (!URL.canParse(clicked, base)) return undefined;
  const { href } = new URL(clicked, base);
  const [found, ...others] = documents.filter(({ url }) => url === href);
  return others.length === 0 ? found?.id : undefined;
}
