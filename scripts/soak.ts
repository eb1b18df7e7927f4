/** Types into the demo for half an hour, prints what grew, and fails where memory did: `npm run soak -- [minutes]`. */
import { soak, type SoakSample } from '../test/reliability/soak.ts';

/** What must not grow, and how far its noise goes. The rest depends on what else the machine does. */
const watched = new Set<keyof SoakSample>(['heapBytes', 'listeners', 'nodes']);
const MOST = 1.5;

const minutes = Number(process.argv[2] ?? 30);
const seed = Number(process.argv[3] ?? Date.now() % 1e6);
console.log(`${minutes} minutes of typing, seed ${seed}\n`);
console.log(
  '| minute | keys | runs | median ms | ms per 1,000 tokens | heap MB | process MB | listeners | nodes | workers |',
);
console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
const { samples, errors } = await soak({ minutes, seed, sampleSeconds: 60, onSample: printRow });

const third = Math.ceil(samples.length / 3);
const [first, last] = [samples.slice(0, third), samples.slice(-third)];
console.log('\nThe last third against the first (medians):');
const grown: string[] = [];
for (const name of [
  'medianMs',
  'msPerThousandTokens',
  'residentBytes',
  'heapBytes',
  'listeners',
  'nodes',
] as const) {
  const ratio = middle(last, name) / middle(first, name);
  console.log(`- ${name}: × ${ratio.toFixed(2)}`);
  if (watched.has(name) && ratio > MOST) grown.push(name);
}
console.log(`\nErrors: ${errors.length === 0 ? 'none' : errors.join('; ')}`);
console.log(`Grown to more than × ${MOST}: ${grown.length === 0 ? 'nothing' : grown.join(', ')}`);
process.exitCode = errors.length + grown.length === 0 ? 0 : 1;

function printRow(sample: SoakSample): void {
  const { minute, keystrokes, runs, medianMs, msPerThousandTokens, heapBytes, residentBytes } =
    sample;
  const cells = [
    minute.toFixed(1),
    keystrokes,
    runs,
    medianMs?.toFixed(0),
    msPerThousandTokens?.toFixed(0),
    (heapBytes / 1e6).toFixed(1),
    residentBytes === undefined ? undefined : (residentBytes / 1e6).toFixed(0),
    sample.listeners,
    sample.nodes,
    sample.workers,
  ];
  console.log(`| ${cells.map((cell) => cell ?? '–').join(' | ')} |`);
}

function middle(some: readonly SoakSample[], name: keyof SoakSample): number {
  const values = some.map((sample) => sample[name] ?? Number.NaN).sort((a, b) => a - b);
  return values[values.length >> 1] ?? Number.NaN;
}
