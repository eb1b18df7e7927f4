import { readFileSync, readdirSync } from 'node:fs';
import { checkNotice, splitLicence, writeMitLicence, type Notice } from './licence-texts.ts';

/** A licence whose text stands once in a package that is installed anyway. */
const APACHE_TEXT = splitLicence(readFileSync('node_modules/comlink/LICENSE', 'utf8')).terms;

interface Origin {
  readonly name: string;
  readonly licence: string;
}

/** What a manifest says of its model. */
interface Model {
  readonly id: string;
  readonly licence: string;
  readonly origin: readonly Origin[];
}

/** Licences of the models that ours are made from. Their cards on the Hugging Face hub name the licence, not the holder. */
const ORIGIN_TEXTS: Readonly<Record<string, string>> = {
  'sentence-transformers/all-MiniLM-L6-v2': `Copyright (c) the authors of sentence-transformers/all-MiniLM-L6-v2\n\n${APACHE_TEXT}`,
  'thenlper/gte-small': writeMitLicence('Copyright (c) the authors of thenlper/gte-small'),
};

/** The lists of function words that `from 'stopword'` takes in: each has a head of its own. */
export function listWordLists(): Notice[] {
  return findWordLists().map(([list, files]) => {
    const source = readFileSync(`node_modules/stopword/src/stopwords_${list}.js`, 'utf8');
    const [head = ''] = source.split(/^const /m);
    const text = head.replace(/^[ \t]*(\/\*+|\*+\/|\/\/|\*) ?|\*+\/[ \t]*$/gm, '').trim();
    const isApache = /Apache-2\.0/.test(text);
    return checkNotice({
      name: `stopword: the list "${list}"`,
      licence: isApache ? 'Apache-2.0' : 'MIT',
      files,
      text: isApache ? `${text}\n\n${APACHE_TEXT}` : text,
    });
  });
}

/** Each list with the files that it is in. */
function findWordLists(): [list: string, files: string[]][] {
  const found = new Map<string, Set<string>>();
  for (const [module, files] of [
    ['src/shared/function-words.ts', ['dist/*.js', 'dist/rerank-results.js', 'dist/worker.js']],
    ['src/worker/pipeline/detect-language.ts', ['dist/worker.js']],
  ] as const) {
    const [, names = ''] =
      /import \{([^}]+)\} from 'stopword'/.exec(readFileSync(module, 'utf8')) ?? [];
    for (const name of names
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean)) {
      found.set(name, new Set([...(found.get(name) ?? []), ...files]));
    }
  }
  return [...found].map(([list, files]) => [list, [...files]]);
}

/** The shipped models. */
export function listModels(): Model[] {
  return readdirSync('public/models')
    .toSorted()
    .map((id) => JSON.parse(readFileSync(`public/models/${id}/manifest.json`, 'utf8')) as Model);
}

/** Where a model comes from, and what was changed: Apache-2.0 asks for both. */
export function describeModel({ id, licence, origin }: Model): string {
  const names = origin.map((base) => `${base.name} (${base.licence})`).join(' and ');
  return `${id} is made from ${names}, and has the licence ${licence}. Changed: the encoder became a cross-encoder, its upper two layers were trained
to judge query and document together, its weights were quantized to int8, and the graphs were exported anew. tokenizer.json holds the
vocabulary of BERT (bert-base-uncased, google-research/bert, Apache-2.0, Copyright 2018 The Google AI Language Team Authors).`;
}

/** The licences of what a model is made from. */
export function listModelNotices({ id, origin }: Model): Notice[] {
  const files = [`public/models/${id}/`];
  return [
    ...origin.map(({ name, licence }) => {
      const text = ORIGIN_TEXTS[name];
      return checkNotice({ name, licence, files, ...(text !== undefined && { text }) });
    }),
    checkNotice({
      name: 'google-research/bert: the vocabulary',
      licence: 'Apache-2.0',
      files: [`public/models/${id}/tokenizer.json`],
      text: `Copyright 2018 The Google AI Language Team Authors\n\n${APACHE_TEXT}`,
    }),
  ];
}
