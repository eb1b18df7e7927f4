import { RerankError } from '../shared/errors.ts';
import type { CandidateInput } from './candidate.ts';
import { describeNames, listTexts, readPath } from './read-path.ts';
import { encodePath } from './url-text.ts';

/** A path into a result, such as `_source.title`; of several, the first with a value is taken. */
export type FieldPath = string | readonly string[];

/** Where a result holds its parts, for results that use other names than the usual ones. */
export interface ResultFields {
  readonly id?: FieldPath;
  readonly title?: FieldPath;
  /** The text that the model reads and the reader sees an excerpt of. A list of texts is joined by spaces. */
  readonly text?: FieldPath;
  /**
   * Where the result leads. With braces it is a template, such as `/docs/{slug}#{anchor}`: values are encoded, but their slashes,
   * and cannot lead up or to another site: `..` is left out. Where a value is missing, the template has none.
   */
  readonly url?: FieldPath;
  /** The search's own score; greater is better. */
  readonly score?: FieldPath;
}

/** Tags that an engine documents for marking matches, in the parts of a result that hold marked copies of its texts. */
export interface Highlights {
  /** The first names of paths into such parts. */
  readonly under: readonly string[];
  readonly tags: RegExp;
}

/**
 * The results with `id`, `title`, `text`, `url` and `score` filled in from where `fields` says. What is not found is left as
 * it is, under the usual names.
 *
 * @throws RerankError `source-failed` where `fields` names a title, text or URL, and no result has any of these.
 */
export function mapFields(
  results: readonly CandidateInput[],
  fields: ResultFields,
  highlights?: Highlights,
): CandidateInput[] {
  const mapped = results.map((result) => readFields(result, fields, highlights));
  const shown = [fields.title, fields.text, fields.url].flatMap((paths) => paths ?? []);
  if (
    results.length > 0 &&
    shown.length > 0 &&
    !mapped.some((found) => found && ('title' in found || 'text' in found || 'url' in found))
  ) {
    throw new RerankError(
      'source-failed',
      `None of the ${results.length} results has a text at ${shown.join(', ')}. The first has: ${describeNames(results[0])}.`,
    );
  }
  return results.map((result, index) =>
    typeof result === 'object' ? { ...result, ...mapped[index] } : result,
  );
}

function readFields(
  result: unknown,
  { id, title, text, url, score }: ResultFields,
  highlights: Highlights | undefined,
): Record<string, string | number> | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  const textsAt = (path: string): string[] => {
    const texts = listTexts(readPath(result, path));
    const isMarked = highlights?.under.some((name) => path.startsWith(`${name}.`)) === true;
    return isMarked ? texts.map((each) => each.replace(highlights.tags, '')) : texts;
  };
  const first = (paths: FieldPath | undefined, read: (path: string) => string | undefined) => {
    for (const path of paths === undefined ? [] : [paths].flat()) {
      const found = read(path);
      if (found !== undefined && found !== '') return found;
    }
    return undefined;
  };
  const found = {
    id: first(id, (path) => textsAt(path)[0]),
    title: first(title, (path) => textsAt(path).join(' ')),
    text: first(text, (path) => textsAt(path).join(' ')),
    url: first(url, (path) => (path.includes('{') ? fillUrl(path, textsAt) : textsAt(path)[0])),
    score: readScore(result, score),
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function fillUrl(template: string, textsAt: (path: string) => string[]): string | undefined {
  let url = '';
  // Odd parts are the paths in braces.
  for (const [index, part] of template.split(/\{([^{}]+)\}/).entries()) {
    const text = index % 2 === 0 ? part : encodePath(textsAt(part)[0] ?? '', url);
    if (index % 2 === 1 && text === '') return undefined;
    url += text;
  }
  return url;
}

function readScore(result: object, paths: FieldPath | undefined): number | undefined {
  const values = (paths === undefined ? [] : [paths].flat()).map((path) => readPath(result, path));
  return values.find((value): value is number => Number.isFinite(value));
}
