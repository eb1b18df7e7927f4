/** Types into the demo for half an hour and prints what grew: `npm run soak -- [minutes]`. */
import { soak, type SoakSample } from '../test/reliability/soak.ts';

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
for (const name of [
  'medianMs',
  'msPerThousandTokens',
  'heapBytes',
  'residentBytes',
  'listeners',
  'nodes',
] as const) {
  const ratio = middle(last, name) / middle(first, name);
  console.log(`- ${name}: × ${ratio.toFixed(2)}`);
}
console.log(`\nErrors: ${errors.length === 0 ? 'none' : errors.join('; ')}`);
process.exitCode = errors.length === 0 ? 0 : 1;

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
