/**
 * A well-known reranker that `models add` knows by name. A fact that could not be verified is left out:
 * undefined is "unknown".
 */
export interface Preset {
  /** The name that `models add` takes, and of the folder that it makes. */
  readonly name: string;
  readonly hubId: string;
  /** Commit of the hub. Undefined: the newest one, which may differ from what was described here. */
  readonly revision?: string;
  /** Bytes of the graph that WASM gets by default. */
  readonly wasmBytes?: number;
  /** SHA-256 of that graph, as public manifests state it; the hub must name the same one. */
  readonly wasmSha256?: string;
  /** Path of that graph. */
  readonly wasmGraph?: string;
  /** SPDX, of the weights' makers: the hub's ONNX copies often state none. */
  readonly licence: string;
  /** BCP 47; `mul` for a hundred or so. */
  readonly languages: readonly string[];
  /** The most tokens that the model reads in a pair. */
  readonly maxTokens: number;
  readonly family: string;
  readonly goodFor: string;
}

const MS_MARCO = { licence: 'Apache-2.0', languages: ['en'], maxTokens: 512, family: 'bert' };
const QUANTIZED = 'onnx/model_quantized.onnx';

/** From small to large. */
export const PRESETS: readonly Preset[] = [
  {
    ...MS_MARCO,
    name: 'ms-marco-tinybert-l-2',
    hubId: 'Xenova/ms-marco-TinyBERT-L-2-v2',
    revision: 'b76bb5e1fefd66aa36cd108622d768e86c015ff1',
    wasmGraph: QUANTIZED,
    wasmBytes: 4_496_298,
    wasmSha256: '026c2ec3257cd351696e45bbd6040bb83cf818ba89059b4344bd6350138b62ce',
    goodFor: 'the smallest and fastest; short web-like passages',
  },
  {
    ...MS_MARCO,
    name: 'ms-marco-minilm-l-2',
    hubId: 'Xenova/ms-marco-MiniLM-L-2-v2',
    goodFor: 'two layers of MiniLM; phones',
  },
  {
    ...MS_MARCO,
    name: 'ms-marco-minilm-l-4',
    hubId: 'Xenova/ms-marco-MiniLM-L-4-v2',
    revision: 'e8fdba61d478d042b338f7bcf7ba4e48ed7d46d7',
    goodFor: 'between the two and six layers',
  },
  {
    ...MS_MARCO,
    name: 'ms-marco-minilm-l-6',
    hubId: 'Xenova/ms-marco-MiniLM-L-6-v2',
    revision: 'a09144355adeed5f58c8ed011d209bf8ee5a1fec',
    wasmGraph: QUANTIZED,
    wasmBytes: 23_143_499,
    wasmSha256: 'e9d8ebf845c413e981c175bfe49a3bfa9b3dcce2a3ba54875ee5df5a58639fbe',
    goodFor: 'the field’s usual small English reranker',
  },
  {
    licence: 'Apache-2.0',
    languages: ['en'],
    maxTokens: 8192,
    family: 'bert',
    name: 'jina-reranker-v1-tiny',
    hubId: 'jinaai/jina-reranker-v1-tiny-en',
    revision: 'aca45de6945b5dc6399abcd2a9c55ded5dc9111f',
    goodFor: 'long English documents, four layers',
  },
  {
    ...MS_MARCO,
    name: 'ms-marco-minilm-l-12',
    hubId: 'Xenova/ms-marco-MiniLM-L-12-v2',
    revision: '42a4a787e30451cf9dbd09080c2a5b8dde332c1e',
    goodFor: 'twelve layers for the quality of six: its makers measured no difference',
  },
  {
    licence: 'Apache-2.0',
    languages: ['en'],
    maxTokens: 8192,
    family: 'bert',
    name: 'jina-reranker-v1-turbo',
    hubId: 'jinaai/jina-reranker-v1-turbo-en',
    revision: 'b8c14f4e723d9e0aab4732a7b7b93741eeeb77c2',
    goodFor: 'long English documents, six layers',
  },
  {
    licence: 'Apache-2.0',
    languages: ['en'],
    maxTokens: 512,
    family: 'deberta-v2',
    name: 'mxbai-rerank-xsmall',
    hubId: 'mixedbread-ai/mxbai-rerank-xsmall-v1',
    revision: 'b5c6e9da73abc3711f593f705371cdbe9e0fe422',
    wasmGraph: QUANTIZED,
    wasmBytes: 87_245_802,
    wasmSha256: '15ef19a6de90be7d52b627f2c784107bd806e64826450f41fb75fa4f0179ab30',
    goodFor: 'search queries of many kinds; English',
  },
  {
    licence: 'Apache-2.0',
    languages: ['en'],
    maxTokens: 8192,
    family: 'modernbert',
    name: 'gte-reranker-modernbert',
    hubId: 'Alibaba-NLP/gte-reranker-modernbert-base',
    revision: 'f7481e6055501a30fb19d090657df9ec1f79ab2c',
    goodFor: 'code and long documents, where a GPU may be expected',
  },
  {
    licence: 'MIT',
    languages: ['en', 'zh'],
    maxTokens: 512,
    family: 'xlm-roberta',
    name: 'bge-reranker-base',
    hubId: 'Xenova/bge-reranker-base',
    revision: '280bcc27a84e0b898c251e06fddb25171bd9b101',
    wasmGraph: QUANTIZED,
    wasmBytes: 279_301_077,
    goodFor: 'Chinese and English, where 280 MB are bearable',
  },
  {
    licence: 'CC-BY-NC-4.0',
    languages: ['mul'],
    maxTokens: 1024,
    family: 'xlm-roberta',
    name: 'jina-reranker-v2-multilingual',
    hubId: 'jinaai/jina-reranker-v2-base-multilingual',
    goodFor: 'many languages and code, for non-commercial sites only',
  },
  {
    licence: 'Apache-2.0',
    languages: ['mul'],
    maxTokens: 8192,
    family: 'xlm-roberta',
    name: 'bge-reranker-v2-m3',
    hubId: 'onnx-community/bge-reranker-v2-m3-ONNX',
    revision: '6f5ff65298512715a1e669753bc754d2bc8f367b',
    wasmGraph: 'onnx/model_int8.onnx',
    wasmBytes: 570_727_094,
    wasmSha256: '912fc1215c2dbff6499700534bd8d31253af01573861abbfc43afd1fab6cce5d',
    goodFor: 'many languages on intranets; 571 MB are too much for a public page',
  },
];

/** The preset of a name or hub id, in any case. */
export function findPreset(nameOrId: string): Preset | undefined {
  const wanted = nameOrId.toLowerCase();
  return PRESETS.find(
    ({ name, hubId }) => name.toLowerCase() === wanted || hubId.toLowerCase() === wanted,
  );
}

/** Bytes for people: `72 kB`, `4.5 MB`, `280 MB`, or `unknown`. */
export function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined) return 'unknown';
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;
}
