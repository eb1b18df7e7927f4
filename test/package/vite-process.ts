import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const packageFile = createRequire(import.meta.url).resolve('vite/package.json');
const vite = join(dirname(packageFile), 'bin/vite.js');

/** A Vite server for a site that has no configuration. */
export interface ViteProcess {
  /** Ends in a slash. */
  readonly url: string;
  /** All that Vite printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts `vite` or `vite preview` in the site's folder and waits for its address. */
export async function startVite(folder: string, ...parameters: string[]): Promise<ViteProcess> {
  const { child, output, ended } = run(folder, [...parameters, '--port', '0']);
  const url = await new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const address = /http:\/\/localhost:\d+\//.exec(output());
      if (address) resolve(address[0]);
    };
    child.stdout.on('data', look);
    void ended.then(() => reject(new Error(`Vite ended early.\n${output()}`)));
  });
  return {
    url,
    output,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** Builds the site into its `dist` and returns what Vite printed. */
export async function buildWithVite(folder: string): Promise<string> {
  const { output, ended } = run(folder, ['build']);
  if ((await ended) !== 0) throw new Error(`vite build failed.\n${output()}`);
  return output();
}

function run(folder: string, parameters: readonly string[]) {
  const child = spawn(process.execPath, [vite, ...parameters], {
    cwd: folder,
    // The test runner sets NODE_ENV to `test`, which a site's owner does not.
    env: { ...process.env, NODE_ENV: undefined, NO_COLOR: '1' },
  });
  let printed = '';
  const keep = (data: Buffer): void => {
    printed += data.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output: () => printed, ended };
}
