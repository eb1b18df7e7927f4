/** Builds the package into `dist`: modules, worker, runtime files, types, the element's manifest and
 * reference, and the list of what others made. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import ts from 'typescript';
import { build } from 'vite';
import { LICENCES_FILE, type Build } from './third-party/shipped-packages.ts';
import { writeThirdParty } from './third-party/write-third-party.ts';

rmSync('dist', { recursive: true, force: true });
const builds: Build[] = [];
for (const mode of ['page', 'standalone', 'worker', 'transformers', 'node']) {
  const outputs = [await build({ mode, logLevel: 'warn' })].flat();
  builds.push(
    ...outputs.flatMap((made) => ('output' in made ? [{ mode, output: made.output }] : [])),
  );
}
rmSync(`dist/${LICENCES_FILE}`);
await writeThirdParty(builds);
writeAssetUrls();
copyRuntime();
run('tsc', '-p', 'tsconfig.types.json');
run('cem', 'analyze', '--config', 'custom-elements-manifest.config.mjs', '--quiet');
run('tsx', 'scripts/write-element-reference.ts');
run('tsx', 'scripts/write-words-reference.ts');

/** The one module that bundling would spoil (see vite.config.ts): only its types are taken off. */
function writeAssetUrls(): void {
  const { outputText } = ts.transpileModule(readFileSync('src/client/assets.ts', 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  writeFileSync('dist/assets.js', outputText);
}

/**
 * onnxruntime-web's files under names that every web server gives the right type: `.mjs` is served as
 * plain data by some.
 */
function copyRuntime(): void {
  mkdirSync('dist/runtime', { recursive: true });
  const source = 'node_modules/onnxruntime-web/dist';
  for (const [name, api, binary] of [
    ['wasm', 'ort.wasm.min.mjs', 'ort-wasm-simd-threaded'],
    ['jspi', 'ort.jspi.min.mjs', 'ort-wasm-simd-threaded.jspi'],
    ['asyncify', 'ort.webgpu.min.mjs', 'ort-wasm-simd-threaded.asyncify'],
  ] as const) {
    const script = readFileSync(`${source}/${api}`, 'utf8');
    // It names a source map that is not in this package, and Vite's server would look for it.
    writeFileSync(
      `dist/runtime/ort.${name}.js`,
      script.replace(/^\/\/# sourceMappingURL=.*$/m, ''),
    );
    writeFileSync(
      `dist/runtime/ort.${name}.glue.js`,
      withTrustedThreads(withoutTopLevelAwait(readFileSync(`${source}/${binary}.mjs`, 'utf8'))),
    );
    cpSync(`${source}/${binary}.wasm`, `dist/runtime/ort.${name}.wasm`);
  }
}

/**
 * The glue asks Node whether it is one of its threads. webpack hands each copied script to Terser as a plain one, where an `await`
 * outside of a function is a syntax error, and a site's build would fail.
 */
function withoutTopLevelAwait(glue: string): string {
  return replaceOnce(
    glue,
    '(await import("worker_threads"))',
    'process.getBuiltinModule("worker_threads")',
  );
}

/** The glue starts its threads by a plain URL, which a page that requires Trusted Types refuses. The worker has a policy for it. */
function withTrustedThreads(glue: string): string {
  const url = 'new URL(import.meta.url)';
  return replaceOnce(
    glue,
    `new Worker(${url}`,
    `new Worker(globalThis.toWorkerUrl?.(${url})??${url}`,
  );
}

function replaceOnce(text: string, former: string, now: string): string {
  const parts = text.split(former);
  if (parts.length !== 2)
    throw new Error('The glue of onnxruntime-web is another than this expects.');
  return parts.join(now);
}

function run(command: string, ...parameters: string[]): void {
  execFileSync('npx', ['--no-install', command, ...parameters], { stdio: 'inherit' });
}
