import { describe, expect, it } from 'vitest';
import { readRepository, startHub, type HubRepository } from './models-hub-server.ts';
import { openWorkplace, testModel } from './models-workplace.ts';

type Fields = Record<string, unknown>;

const ID = 'tiny/model';

/** A tiny BERT with one file otherwise. */
function without(...paths: string[]): HubRepository {
  const repository = readRepository(testModel('tiny-bert'));
  for (const path of paths) repository.files.delete(path);
  return repository;
}

function withFields(file: string, change: (fields: Fields) => void): HubRepository {
  const repository = without();
  const fields = JSON.parse(repository.files.get(file)?.toString() ?? '{}') as Fields;
  change(fields);
  repository.files.set(file, Buffer.from(JSON.stringify(fields)));
  return repository;
}

const config = (fields: Fields): HubRepository =>
  withFields('config.json', (known) => Object.assign(known, fields));

const ONNX = [...without().files.keys()].filter((path) => path.startsWith('onnx/'));

const refusals: readonly (readonly [string, () => HubRepository, RegExp])[] = [
  [
    'a bi-encoder',
    () => config({ architectures: ['BertModel'] }),
    /BertModel is a bare encoder: its graph gives vectors/,
  ],
  [
    'a language model that reranks by its next word',
    () => config({ architectures: ['Qwen3ForCausalLM'], model_type: 'qwen3' }),
    /Qwen3ForCausalLM is a language model.*Qwen3-Reranker/,
  ],
  [
    'an encoder before its training',
    () => config({ architectures: ['BertForMaskedLM'] }),
    /before its training as a reranker/,
  ],
  ['an unknown architecture', () => config({ architectures: ['BertForPoetry'] }), /BertForPoetry/],
  ['no architecture', () => config({ architectures: undefined }), /names no architecture/],
  [
    'an unknown family',
    () => config({ model_type: 'gpt_bigcode' }),
    /model_type "gpt_bigcode" in config.json\) is not known.*modernbert/,
  ],
  ['no ONNX graph', () => without(...ONNX), /no ONNX graph.*optimum-cli/],
  ['no tokenizer.json', () => without('tokenizer.json'), /no tokenizer\.json; vocab\.txt/],
  ['no tokenizer_config.json', () => without('tokenizer_config.json'), /no tokenizer_config\.json/],
  ['no config.json', () => without('config.json'), /no config\.json/],
  [
    'labels of which none means relevant',
    () => config({ id2label: { 0: 'joy', 1: 'anger', 2: 'fear' } }),
    /3 labels \("joy", "anger", "fear"\).*--positive-label/,
  ],
  [
    'a sentiment model',
    () => config({ id2label: { 0: 'NEGATIVE', 1: 'POSITIVE' } }),
    /none of them clearly means "relevant"/,
  ],
  [
    'a graph larger than a browser holds',
    () => ({ ...without(...ONNX.slice(1)), statedBytes: { [ONNX[0] ?? '']: 2.3e9 } }),
    /has 2\.3 GB; a browser holds 2 GB in one piece/,
  ],
  [
    'missing external weights',
    () => {
      const repository = without(...ONNX);
      repository.files.set('onnx/model.onnx', Buffer.alloc(5000));
      return repository;
    },
    /5000 bytes, less than its vocabulary alone.*model\.onnx_data\) are missing/,
  ],
  [
    'a limit that leaves no room',
    () => config({ max_position_embeddings: 32 }),
    /reads 32 tokens \(config.json: 32 positions\), too few/,
  ],
  [
    'a tokenizer that was not made for pairs',
    () => withFields('tokenizer.json', (fields) => (fields.post_processor = null)),
    /does not say how two texts are put together/,
  ],
  [
    'a pair of three parts',
    () =>
      withFields('tokenizer.json', (fields) => {
        const processor = fields.post_processor as { pair: unknown[] };
        processor.pair.push({ Sequence: { id: 'A', type_id: 0 } });
      }),
    /not one query followed by one document/,
  ],
  [
    'a tokenizer of another model',
    () => config({ vocab_size: 40 }),
    /config\.json has only 40 words: they belong to different models/,
  ],
  [
    'no padding token',
    () => {
      const repository = withFields('config.json', (fields) => delete fields.pad_token_id);
      const file = JSON.parse(
        repository.files.get('tokenizer_config.json')?.toString() ?? '{}',
      ) as Fields;
      delete file.pad_token;
      repository.files.set('tokenizer_config.json', Buffer.from(JSON.stringify(file)));
      return repository;
    },
    /names the id of its padding token/,
  ],
  [
    'JSON that is none',
    () => {
      const repository = without();
      repository.files.set('config.json', Buffer.from('<html>'));
      return repository;
    },
    /config\.json is no JSON/,
  ],
];

describe('models add refuses before it asks for weights', () => {
  it.each(refusals)('%s', async (_what, makeRepository, reason) => {
    await using hub = await startHub({ [ID]: makeRepository() });
    using place = openWorkplace(hub.url);
    await expect(place.add(ID)).rejects.toThrow(reason);
    expect(hub.weightRequests()).toEqual([]);
    expect(place.asked).toEqual([]);
  });

  it('a dtype that is not there, naming those that are', async () => {
    await using hub = await startHub({ [ID]: without('onnx/model_q4.onnx') });
    using place = openWorkplace(hub.url);
    await expect(place.add(ID, { dtypes: ['q4'] })).rejects.toThrow(
      'no graph with q4; it has fp32, fp16, q8',
    );
    expect(hub.weightRequests()).toEqual([]);
  });

  it('more tokens than the model reads', async () => {
    await using hub = await startHub({ [ID]: without() });
    using place = openWorkplace(hub.url);
    await expect(place.add(ID, { maxTokens: 512 })).rejects.toThrow(
      'reads 128 tokens at most (config.json: 128 positions), not 512',
    );
  });

  it('with every reason that it found', async () => {
    const repository = config({ id2label: { 0: 'a', 1: 'b' } });
    for (const path of ONNX) repository.files.delete(path);
    await using hub = await startHub({ [ID]: repository });
    using place = openWorkplace(hub.url);
    await expect(place.add(ID)).rejects.toThrow(/labels[^]*no ONNX graph/);
  });
});

describe('models add refuses once it has seen the graph', () => {
  it('weights that the graph names and the hub does not have', async () => {
    const repository = without(...ONNX);
    const original = readRepository(testModel('tiny-bert')).files;
    repository.files.set(
      'onnx/model.onnx',
      original.get('onnx/model_quantized.onnx') ?? Buffer.of(),
    );
    repository.files.set('onnx/other.onnx_data', Buffer.alloc(10));
    await using hub = await startHub({ [ID]: repository });
    using place = openWorkplace(hub.url);
    await expect(place.add(ID)).rejects.toThrow(
      'keeps its weights in onnx/model_quantized.onnx_data, which tiny/model does not have beside it',
    );
  });

  it('a graph of another task', async () => {
    const repository = config({ id2label: { 0: 'no', 1: 'yes' } });
    await using hub = await startHub({ [ID]: repository });
    using place = openWorkplace(hub.url);
    await expect(place.add(ID)).rejects.toThrow('is not one score for each of 2 labels');
  });

  it('a file that is no graph', async () => {
    const repository = without(...ONNX);
    repository.files.set('onnx/model.onnx', Buffer.alloc(90_000, 'version https://git-lfs'));
    await using hub = await startHub({ [ID]: repository });
    using place = openWorkplace(hub.url);
    await expect(place.add(ID)).rejects.toThrow('is no ONNX model that can be read');
  });
});
