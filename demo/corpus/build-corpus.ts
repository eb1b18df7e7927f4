import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readManual } from './read-manual.ts';

/*
 * Writes postgresql-15.jsonl beside this file from a folder of the manual's HTML pages:
 *   npx tsx demo/corpus/build-corpus.ts <folder>
 */
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('Usage: npx tsx demo/corpus/build-corpus.ts <folder of HTML pages>\n');
  process.exitCode = 2;
} else {
  const records = await readManual(folder);
  const target = fileURLToPath(new URL('./postgresql-15.jsonl', import.meta.url));
  const jsonLines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  await writeFile(target, jsonLines);
  const megabytes = (Buffer.byteLength(jsonLines) / 1e6).toFixed(2);
  process.stdout.write(`${records.length} records, ${megabytes} MB\n`);
}
