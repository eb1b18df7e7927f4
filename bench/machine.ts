import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Machine } from './results.ts';

const MEASURED_PACKAGES = ['onnxruntime-web', 'onnxruntime-node', '@huggingface/transformers'];

/** What is known of this machine. @param chromium The browser's version. */
export function describeMachine(chromium: string): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    chromium,
    packages: Object.fromEntries(MEASURED_PACKAGES.map((name) => [name, readVersion(name)])),
  };
}

function readVersion(name: string): string {
  const url = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { readonly version: string }).version;
}
