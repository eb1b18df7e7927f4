import { describe, expect, it } from 'vitest';
import { readTokenLimit, type Family } from '../../src/cli/models/family.ts';
import { readHead } from '../../src/cli/models/labels.ts';
import { readCard, readFrontMatter, toSpdx, warnOfLicence } from '../../src/cli/models/licence.ts';
import { findOddOrder, tolerate } from '../../src/cli/models/measure-graphs.ts';
import { readPadTokenId, readPairTemplate } from '../../src/cli/models/pair-template.ts';
import { listGraphs, planGraphs } from '../../src/cli/models/plan-graphs.ts';
import type { ModelSource } from '../../src/cli/models/source.ts';

describe('readPairTemplate', () => {
  const bert = { type: 'BertProcessing', cls: ['[CLS]', 101], sep: ['[SEP]', 102] };
  const roberta = { type: 'RobertaProcessing', cls: ['<s>', 0], sep: ['</s>', 2] };

  it('knows the processors of BERT and RoBERTa', () => {
    expect(readPairTemplate({ post_processor: bert })).toEqual({
      start: [101],
      between: [102],
      end: [102],
      documentType: 1,
    });
    expect(readPairTemplate({ post_processor: roberta })).toEqual({
      start: [0],
      between: [2, 2],
      end: [2],
      documentType: 0,
    });
  });

  it('finds the one in a sequence that adds tokens', () => {
    const sequence = { type: 'Sequence', processors: [{ type: 'ByteLevel' }, roberta] };
    expect(readPairTemplate({ post_processor: sequence })).toMatchObject({ between: [2, 2] });
    expect(readPairTemplate({ post_processor: { type: 'ByteLevel' } })).toHaveProperty('refused');
  });

  it('reads special tokens of several ids from a template', () => {
    const template = {
      type: 'TemplateProcessing',
      pair: [
        { SpecialToken: { id: 'query', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: 'text', type_id: 0 } },
        { Sequence: { id: 'B', type_id: 0 } },
      ],
      special_tokens: { query: { ids: [1, 2] }, text: { ids: [3] } },
    };
    expect(readPairTemplate({ post_processor: template })).toEqual({
      start: [1, 2],
      between: [3],
      end: [],
      documentType: 0,
    });
  });
});

describe('readPadTokenId', () => {
  it('takes the model’s word before the tokenizer’s, and finds a token by its content', () => {
    const tokenizer = { added_tokens: [{ id: 7, content: '<pad>' }] };
    expect(readPadTokenId({ pad_token_id: 1 }, { pad_token: '<pad>' }, tokenizer)).toBe(1);
    expect(readPadTokenId({}, { pad_token: '<pad>' }, tokenizer)).toBe(7);
    expect(readPadTokenId({}, { pad_token: { content: '<pad>' } }, tokenizer)).toBe(7);
    expect(readPadTokenId({}, {}, tokenizer)).toBeUndefined();
  });
});

describe('readHead', () => {
  it.each([
    [{ id2label: { 0: 'LABEL_0' } }, 'LABEL_0'],
    [{}, 'LABEL_1'],
    [{ num_labels: 2 }, 'LABEL_1'],
    [{ id2label: { 0: 'contradiction', 1: 'entailment', 2: 'neutral' } }, 'entailment'],
    [{ id2label: { 0: 'Yes', 1: 'No' } }, 'Yes'],
    [{ id2label: { 0: 'irrelevant', 1: 'partial', 2: 'relevant' } }, 'relevant'],
  ])('tells the positive label of %j', (config, positiveLabel) => {
    expect(readHead(config)).toMatchObject({ positiveLabel });
  });

  it('keeps labels in the order of their numbers', () => {
    const id2label = Object.fromEntries([11, 2, 0].map((index) => [index, `label ${index}`]));
    expect(readHead({ id2label }, 'LABEL 2')).toEqual({
      labels: ['label 0', 'label 2', 'label 11'],
      positiveLabel: 'label 2',
    });
  });

  it.each([
    [{ num_labels: 3 }],
    [{ id2label: { 0: 'entailment', 1: 'relevant' } }],
    [{ id2label: { 0: 'no', 1: 'maybe' } }],
  ])('does not guess for %j', (config) => {
    expect(readHead(config)).toHaveProperty('refused');
  });
});

describe('readTokenLimit', () => {
  const roberta: Family = {
    name: 'roberta',
    unusedPositions: 'after-padding',
    hasGolden: true,
  };
  const bert: Family = { ...roberta, name: 'bert', unusedPositions: 'none' };

  it('takes the least of positions, tokenizer and what a page bears', () => {
    const limit = (rows: number, length: number, family = bert, pad = 0): unknown =>
      readTokenLimit({ max_position_embeddings: rows }, { model_max_length: length }, family, pad);
    expect(limit(512, 1e30)).toMatchObject({ tokens: 512 });
    expect(limit(512, 256)).toMatchObject({ tokens: 256 });
    expect(limit(514, 1e30, roberta, 1)).toMatchObject({ tokens: 512 });
    expect(limit(8194, 8192, roberta, 1)).toMatchObject({ tokens: 2048 });
  });
});

describe('planGraphs', () => {
  const plan = (sizes: Record<string, number>): string[] => {
    const files = new Map(
      Object.entries(sizes).map(([name, megabytes]) => [
        `onnx/${name}`,
        { bytes: megabytes * 1e6 },
      ]),
    );
    const graphs = planGraphs(listGraphs({ files } as unknown as ModelSource, {}));
    if ('refused' in graphs) return [graphs.refused];
    return graphs.flatMap(({ dtype, devices }) => devices.map((device) => `${device} ${dtype}`));
  };

  it('takes int8 for WASM and fp16 for WebGPU', () => {
    const all = { 'model.onnx': 90, 'model_fp16.onnx': 45, 'model_q4.onnx': 40 };
    expect(plan({ ...all, 'model_quantized.onnx': 23 })).toEqual(['webgpu fp16', 'wasm q8']);
  });

  it('takes what there is', () => {
    expect(plan({ 'model.onnx': 90 })).toEqual(['webgpu fp32', 'wasm fp32']);
    expect(plan({ 'model_int8.onnx': 23 })).toEqual(['wasm q8']);
    expect(plan({ 'model_q4.onnx': 23 })).toEqual(['webgpu q4', 'wasm q4']);
  });

  it('takes the smaller one where the better one would keep readers waiting', () => {
    expect(plan({ 'model_fp16.onnx': 556, 'model_q4.onnx': 390, 'model_int8.onnx': 279 })).toEqual([
      'webgpu q4',
      'wasm q8',
    ]);
  });

  it('passes over what a browser cannot hold', () => {
    expect(plan({ 'model.onnx': 2300, 'model_int8.onnx': 571 })).toEqual(['wasm q8']);
    expect(plan({ 'model.onnx': 1, 'model.onnx_data': 2300 })[0]).toContain('2.3 GB');
  });
});

describe('licences', () => {
  it('are written as SPDX does', () => {
    expect(['apache-2.0', 'mit', 'cc-by-nc-4.0', 'gemma', undefined].map(toSpdx)).toEqual([
      'Apache-2.0',
      'MIT',
      'CC-BY-NC-4.0',
      'LicenseRef-gemma',
      'NOASSERTION',
    ]);
  });

  it('are warned of where they forbid, or say nothing', () => {
    expect(warnOfLicence('Apache-2.0')).toBeUndefined();
    expect(warnOfLicence('CC-BY-4.0')).toBeUndefined();
    expect(warnOfLicence('CC-BY-NC-4.0')).toContain('forbids commercial use');
    expect(warnOfLicence('LicenseRef-gemma')).toContain('gemma');
    expect(warnOfLicence('NOASSERTION')).toContain('unknown');
  });

  it('come from a README’s front matter', () => {
    const readme =
      '---\nlicense: other\nlicense_name: "my licence"\nlanguage: [en, "zh"]\ntags:\n- reranker\nmodel-index:\n  - name: x\n---\n# license: mit\n';
    expect(readCard(readFrontMatter(readme))).toMatchObject({
      licence: 'my licence',
      languages: ['en', 'zh'],
    });
    expect(readCard(readFrontMatter('# No front matter')).licence).toBeUndefined();
  });
});

describe('the look at scores', () => {
  it('passes a model that puts answers first, and no other', () => {
    expect(findOddOrder({ logits: [4, -4, 6, -3, 5] }, 'q8', 1)).toBeUndefined();
    expect(findOddOrder({ logits: [4, -4, -3, 6, 5] }, 'q8', 1)).toContain('does not tell');
    expect(findOddOrder({ logits: [0.1, 0, 0.1, 0, 5] }, 'q8', 1)).toContain('does not tell');
    expect(findOddOrder({ logits: [-4, 4, -6, 3, 5] }, 'q8', 2)).toContain('upside down');
    expect(findOddOrder({ logits: [4, Number.NaN, 6, -3, 5] }, 'q8', 1)).toContain('not numbers');
  });

  it('tolerates twice the error, and no less than another processor may add', () => {
    const reference = [4, -4, 6, -4, 5].map((logit) => ({ query: '', document: '', logit }));
    const shifted = (by: number): number[] => reference.map(({ logit }) => logit + by);
    expect(tolerate('fp32', shifted(0), reference)).toBe(0.01);
    expect(tolerate('q8', shifted(0), reference)).toBe(0.45);
    expect(tolerate('q8', shifted(0.4), reference)).toBe(0.8);
  });
});
