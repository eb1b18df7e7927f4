import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const toLines = (records: readonly object[]): string =>
  records.map((record) => JSON.stringify(record)).join('\n');

const FILES: Readonly<Record<string, string>> = {
  'queries.jsonl': toLines([
    { _id: 'loan', text: 'can I keep a book longer' },
    { _id: 'hours', text: 'when does the library close' },
  ]),
  'corpus.jsonl': toLines([
    { _id: 'open', title: 'Opening hours', text: 'The library is open from nine to five.' },
    { _id: 'book', title: 'Book a room', text: 'Rooms for groups are booked for two hours.' },
    { _id: 'renew', title: 'Renew a loan', text: 'You can keep a book longer, by four weeks.' },
  ]),
  'qrels/test.tsv': 'query-id\tcorpus-id\tscore\nloan\trenew\t1\nhours\topen\t1\n',
  'runs/search.trec': ['loan', 'hours']
    .flatMap((id) => [`${id} Q0 book 1 3 s`, `${id} Q0 open 2 2 s`, `${id} Q0 renew 3 1 s`])
    .join('\n'),
};

/**
 * Writes a small BEIR folder, `library`, below a folder.
 *
 * @param changes Files that replace its own; undefined leaves one out.
 * @returns Its path.
 */
export function writeLibraryFolder(
  below: string,
  changes: Readonly<Record<string, string | undefined>> = {},
): string {
  const root = join(below, 'library');
  for (const [path, text] of Object.entries({ ...FILES, ...changes })) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
