import { readFileSync } from 'node:fs';
import { createEncoder, type Encoder } from '../src/worker/pipeline/tokenize.ts';
import type { Judgments } from '../src/evaluate/metrics.ts';
import type { Workload } from './page/page-api.ts';

interface DemoQuery {
  readonly query: string;
  /** Ids of the sections that answer it, chosen by us. */
  readonly expect: readonly string[];
}

interface SearchAnswer {
  readonly results: readonly {
    readonly id: string;
    readonly title: string;
    readonly text: string;
  }[];
}

/** A query whose right answers are known. */
export interface JudgedWorkload extends Workload {
  /** Ids of the documents. */
  readonly ids: readonly string[];
  readonly judgments: Judgments;
}

/** Tokens of a pair that are neither the query's nor the document's: start, between, end. */
const SPECIAL_TOKENS = 4;

/** So many of the demo's sections, joined, fill the longest pair. */
const JOINABLE_DOCUMENTS = 10;

/**
 * Real candidates: what the demo's search finds for the demo's queries, in its order.
 *
 * Each workload's documents carry a number of their own in the title, so that no cache of any subject has seen them:
 * what is measured is a first run.
 */
export class Workloads {
  readonly #address: string;
  readonly #queries = readQueries();
  #taken = 0;

  /** @param address Of a site that serves the demo's search; ends in a slash. */
  constructor(address: string) {
    this.#address = address;
  }

  /** The next of the demo's queries with so many candidates of it; `query`: of this one. */
  async take(count: number, query?: string): Promise<Workload> {
    // A query that finds fewer is passed over.
    for (let attempt = 0; attempt < this.#queries.length; attempt++) {
      this.#taken += 1;
      const asked = query ?? this.#queries[this.#taken % this.#queries.length] ?? '';
      const documents = await this.#search(asked, count);
      if (documents.length === count) return { query: asked, documents };
    }
    throw new Error(`No query of the demo finds ${count} candidates.`);
  }

  /** Every one of the demo's queries with its candidates, and which of its sections answer it. */
  async *takeJudged(count: number): AsyncGenerator<JudgedWorkload> {
    for (const { query, expect } of readDemoQueries()) {
      this.#taken += 1;
      const results = await this.#find(query, count);
      yield {
        query,
        documents: this.#toDocuments(results),
        ids: results.map(({ id }) => id),
        judgments: new Map(expect.map((id) => [id, 1])),
      };
    }
  }

  /**
   * The next query's candidates, each with as many whole words as fit into a pair of `pairTokens`: a candidate that is
   * shorter is continued with those after it.
   */
  async takeOfLength(count: number, pairTokens: number, encoder: Encoder): Promise<Workload> {
    const { query, documents } = await this.take(Math.max(count, JOINABLE_DOCUMENTS));
    const limit = pairTokens - SPECIAL_TOKENS - encoder.encode(query, pairTokens).ids.length;
    return {
      query,
      documents: documents.slice(0, count).map((_, index) => {
        const rotated = [...documents.slice(index), ...documents.slice(0, index)];
        return cutToTokens(rotated.join('\n'), limit, encoder);
      }),
    };
  }

  async #search(query: string, count: number): Promise<string[]> {
    return this.#toDocuments(await this.#find(query, count));
  }

  async #find(query: string, count: number): Promise<SearchAnswer['results']> {
    const url = new URL('/api/search', this.#address);
    url.searchParams.set('q', query);
    url.searchParams.set('limit', String(count));
    const { results } = (await (await fetch(url)).json()) as SearchAnswer;
    return results;
  }

  #toDocuments(results: SearchAnswer['results']): string[] {
    return results.map(({ title, text }) => `${title} ${this.#taken}\n${text}`);
  }
}

/** The demo's queries, which real readers could ask. */
export function readQueries(): string[] {
  return readDemoQueries().map(({ query }) => query);
}

function readDemoQueries(): readonly DemoQuery[] {
  return readJson('demo/queries.json') as readonly DemoQuery[];
}

/** The tokenizer of a shipped model. */
export function readEncoder(model: string): Encoder {
  const folder = `public/models/${model}`;
  return createEncoder(
    readJson(`${folder}/tokenizer.json`),
    readJson(`${folder}/tokenizer_config.json`),
  );
}

/** The most of the text's words that are at most `limit` tokens. */
function cutToTokens(text: string, limit: number, encoder: Encoder): string {
  // English text has 4 to 5 characters a token, so the beginning is enough.
  const words = text.slice(0, limit * 12).split(/(?<=\s)/);
  let [fitting, tooMany] = [1, words.length + 1];
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    const { ids } = encoder.encode(words.slice(0, middle).join(''), limit + 1);
    if (ids.length <= limit) fitting = middle;
    else tooMany = middle;
  }
  return words.slice(0, fitting).join('');
}

function readJson(path: string): object {
  return JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')) as object;
}
