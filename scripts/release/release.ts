/**
 * `npm run release`: rehearses a release, and makes it with `--publish`, which works only in a CI that can prove where it runs.
 * `--no-tests` leaves them out of a rehearsal.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  canProveOrigin,
  findProblems,
  isExpectedFile,
  listBundled,
  narrowSbom,
  readAudit,
  type Sbom,
} from './release-rules.ts';

const FOLDER = 'release';
const isPublished = process.argv.includes('--publish');
const isTested = isPublished || !process.argv.includes('--no-tests');

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly name: string;
  readonly version: string;
  readonly repository?: unknown;
};
const installed = readSbom('--omit', 'dev').components.map((component) => component['bom-ref']);

const problems = findProblems({
  status: read('git', 'status', '--porcelain'),
  branch: read('git', 'branch', '--show-current').trim(),
  tags: read('git', 'tag', '--points-at', 'HEAD').split('\n'),
  changelog: readFileSync('CHANGELOG.md', 'utf8'),
  manifest,
});
if (isPublished && !canProveOrigin(process.env)) {
  problems.push(
    '--publish works only in a CI with an identity token: nothing else can prove where a package was made.',
  );
}
stopIfPublishing();

show(isTested ? 'Tests' : 'Build');
run('npm', isTested ? 'test' : 'run', ...(isTested ? [] : ['build']));
/** `name@version` of all that is inside the package or installed with it. */
const shipped = [
  ...new Set([...installed, ...listBundled(readFileSync('THIRD_PARTY.md', 'utf8'))]),
].toSorted();

show('The same again: a second build');
const first = hashFiles('.', listPackageFiles());
run('npm', 'run', 'build');
const second = hashFiles('.', listPackageFiles());
const others = [...new Set([...first.keys(), ...second.keys()])].filter(
  (path) => first.get(path) !== second.get(path),
);
if (others.length > 0) problems.push(`Two builds differ: ${others.join(', ')}.`);
else console.log(`${first.size} files, byte for byte the same.`);

show('Known vulnerabilities');
audit();

show('The package');
pack();

stopIfPublishing();
if (isPublished) {
  run('npm', 'publish', locateTarball(), '--provenance', '--access', 'public');
} else {
  show(problems.length > 0 ? 'Not ready' : 'Ready');
  for (const problem of problems) console.error(`- ${problem}`);
  console.log('Nothing was published. CI publishes, with --publish.');
  process.exitCode = problems.length > 0 ? 1 : 0;
}

/** A problem ends a release before anything leaves; a rehearsal goes on, and tells all of them at its end. */
function stopIfPublishing(): void {
  if (!isPublished || problems.length === 0) return;
  console.error(`There is no release:\n- ${problems.join('\n- ')}`);
  process.exit(1);
}

function audit(): void {
  const { stdout } = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8' });
  const names = shipped.map((id) => id.slice(0, id.lastIndexOf('@')));
  const result = readAudit(stdout, names);
  if ('unreachable' in result) {
    problems.push(`npm audit gave no answer, so nothing is known: ${result.unreachable}`);
    return;
  }
  if (result.shipped.length > 0)
    problems.push(`Shipped, and vulnerable: ${result.shipped.join(', ')}.`);
  console.log(`In what is shipped: ${result.shipped.join(', ') || 'none'}.`);
  console.log(`In tools alone: ${result.tools.join(', ') || 'none'}.`);
}

/** Writes tarball, list of components and hashes into the folder, and shows what is in the tarball. */
function pack(): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  read('npm', 'pack', '--ignore-scripts', '--pack-destination', FOLDER);
  const files = [...second.keys()];
  for (const path of files) console.log(`${String(statSync(path).size).padStart(10)}  ${path}`);
  const strangers = files.filter((path) => !isExpectedFile(path));
  if (strangers.length > 0)
    problems.push(`These do not belong into the package: ${strangers.join(', ')}.`);

  const sbom = narrowSbom(readSbom(), manifest.name, shipped);
  writeFileSync(`${locateTarball()}.cdx.json`, `${JSON.stringify(sbom, undefined, 2)}\n`);
  const hashes = [...hashFiles(FOLDER, readdirSync(FOLDER).toSorted())]
    .map(([path, hash]) => `${hash}  ${path}`)
    .join('\n');
  writeFileSync(join(FOLDER, 'SHA256SUMS'), `${hashes}\n`);
  console.log(`\nIn ${FOLDER}/, with SHA-256:\n${hashes}`);
}

function locateTarball(): string {
  return join(FOLDER, `${manifest.name}-${manifest.version}.tgz`);
}

function readSbom(...parameters: string[]): Sbom {
  return JSON.parse(read('npm', 'sbom', '--sbom-format', 'cyclonedx', ...parameters)) as Sbom;
}

/** Paths of what is in the package now. */
function listPackageFiles(): string[] {
  const output = read('npm', 'pack', '--dry-run', '--json', '--ignore-scripts');
  const [packed] = JSON.parse(output) as { files: { path: string }[] }[];
  return (packed?.files ?? []).map(({ path }) => path).toSorted();
}

/** SHA-256 by path in the folder. */
function hashFiles(folder: string, paths: readonly string[]): Map<string, string> {
  return new Map(
    paths.map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex'),
    ]),
  );
}

function show(title: string): void {
  console.log(`\n${title}\n${'='.repeat(title.length)}`);
}

function read(command: string, ...parameters: string[]): string {
  return execFileSync(command, parameters, { encoding: 'utf8', maxBuffer: 2 ** 26 });
}

function run(command: string, ...parameters: string[]): void {
  execFileSync(command, parameters, { stdio: 'inherit' });
}
