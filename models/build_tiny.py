"""Build the two tiny random-weight models of the tests: plain BERT classifiers in every format that we load.

  python build_tiny.py package/dist/Xenova

They know nothing. They are for tests of loading, formats, devices and heads, which should not need megabytes. Their
special tokens have other ids than BERT's, so that code with 101 and 102 written into it fails.
"""

import argparse
import json
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.transformers.float16 import convert_float_to_float16
from transformers import BertConfig, BertForSequenceClassification

import golden
import manifest
import quantize
from build_models import ROOT, SOURCE, replace_folder
from encode_pairs import PairEncoder
from export_onnx import export_fp32
from matmul_nbits import block_quantized
from tokenizer_files import copy_tokenizer, write_compact

MAX_TOKENS = 128
VOCABULARY_SIZE = 1700
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
MODELS = {"tiny-bert": ["relevant"], "tiny-bert-3-labels": ["irrelevant", "partial", "relevant"]}

# dtype, device, graph, weights. The same file may serve two devices.
Q8_WEIGHTS = ["onnx/model_quantized.onnx_data"]
VARIANTS = [
    ("fp32", "wasm", "onnx/model.onnx", []),
    ("fp32", "webgpu", "onnx/model.onnx", []),
    ("fp16", "webgpu", "onnx/model_fp16.onnx", []),
    ("q8", "wasm", "onnx/model_quantized.onnx", Q8_WEIGHTS),
    ("q8", "webgpu", "onnx/model_dequantized.onnx", Q8_WEIGHTS),
    ("q4", "wasm", "onnx/model_q4.onnx", []),
    ("q4", "webgpu", "onnx/model_q4.onnx", []),
]


class Logits(torch.nn.Module):
    """Takes the three inputs by position and returns the logits alone, as the exporter wants it."""

    def __init__(self, bert: BertForSequenceClassification) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor):
        return self.bert(input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).logits


def tiny_vocabulary(full: dict[str, int]) -> dict[str, int]:
    """Special tokens, printable ASCII as word starts and continuations, then the most frequent pieces."""
    ascii_pieces = [p for c in map(chr, range(33, 127)) for p in (c, f"##{c}") if p in full]
    # BERT's vocabulary is sorted: reserved entries, then single characters, then pieces from frequent to rare.
    frequent = [p for p in sorted(full, key=full.__getitem__) if full[p] >= full["the"]]
    pieces = list(dict.fromkeys(SPECIAL + ascii_pieces + frequent))[:VOCABULARY_SIZE]
    return {piece: i for i, piece in enumerate(pieces)}


def random_bert(labels: list[str], vocabulary_size: int) -> Logits:
    torch.manual_seed(20261121)
    config = BertConfig(
        vocab_size=vocabulary_size,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=MAX_TOKENS,
        initializer_range=0.2,  # ten times the usual: with less, every text gets nearly the same logit
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
    )
    config._attn_implementation = "eager"  # exports as plain MatMul and Softmax
    bert = BertForSequenceClassification(config)
    with torch.no_grad():
        for module in bert.bert.encoder.modules():
            if isinstance(module, torch.nn.Linear):
                module.weight.copy_(sixteen_levels(*module.weight.shape))
    return Logits(bert).eval()


def sixteen_levels(outputs: int, inputs: int, spread: float = 0.04) -> torch.Tensor:
    """Random weights that 4 bits can hold: so a q4 that strays is a broken q4, not the price of 4 bits."""
    levels = torch.randint(-8, 8, (outputs, inputs))
    row = torch.arange(outputs)
    for start in range(0, inputs, 32):  # both ends in each block of 32, else the block gets another scale
        levels[row, start + 2 * row % 32] = -8
        levels[row, start + (2 * row + 1) % 32] = 7
    return levels * spread


def spread_logits(model: Logits, logits: torch.Tensor) -> None:
    """Scale and shift the last layer so that these logits lie within about -4..4."""
    # Rounded, so that the last bits of this machine's arithmetic do not get into the weights.
    middle = ((logits.amax(0) + logits.amin(0)) / 2).round(decimals=3)
    factor = (4 / (logits - middle).abs().amax()).round(decimals=2)
    head = model.bert.classifier
    with torch.no_grad():
        head.weight.mul_(factor)
        head.bias.sub_(middle).mul_(factor)


def write_graphs(fp32: onnx.ModelProto, folder: Path) -> None:
    onnx.save(fp32, str(folder / "onnx/model.onnx"))
    # Inputs and outputs stay fp32 and int64, as with every other format.
    onnx.save(convert_float_to_float16(fp32, keep_io_types=True), str(folder / "onnx/model_fp16.onnx"))
    onnx.save(block_quantized(quantize.int8_embeddings(fp32), bits=4), str(folder / "onnx/model_q4.onnx"))
    quantize.save_sharing_weights(
        {
            folder / "onnx/model_quantized.onnx": quantize.int8_compute(fp32),
            folder / "onnx/model_dequantized.onnx": quantize.dequantized(fp32),
        },
        folder / Q8_WEIGHTS[0],
    )


def facts(id: str, labels: list[str], vocabulary: dict[str, int], tokenizer: Path) -> dict[str, object]:
    return {
        "id": id,
        "title": f"Tiny random BERT, {len(labels)} label{'s' * (len(labels) > 1)} (for tests)",
        "licence": "Apache-2.0",
        "origin": [
            {
                "name": "random weights; vocabulary pieces of sentence-transformers/all-MiniLM-L6-v2",
                "licence": "Apache-2.0",
                "source": SOURCE,
                "sha256": manifest.sha256(tokenizer / "tokenizer.json"),
            }
        ],
        "languages": ["en"],
        "architecture": "bert",
        "maxTokens": MAX_TOKENS,
        "head": {"labels": labels, "positiveLabel": "relevant"},
        "pair": {
            "start": [vocabulary["[CLS]"]],
            "between": [vocabulary["[SEP]"]],
            "end": [vocabulary["[SEP]"]],
            "padTokenId": vocabulary["[PAD]"],
        },
    }


def build(id: str, labels: list[str], tokenizer: Path, work: Path) -> None:
    folder = work / id
    (folder / "onnx").mkdir(parents=True)
    vocabulary = tiny_vocabulary(json.loads((tokenizer / "tokenizer.json").read_text())["model"]["vocab"])
    copy_tokenizer(tokenizer, folder, MAX_TOKENS, vocabulary)
    pairs = golden.encode_all(PairEncoder(folder / "tokenizer.json", MAX_TOKENS))

    model = random_bert(labels, len(vocabulary))
    spread_logits(model, torch.from_numpy(golden.logits_alone(golden.torch_run(model), pairs)))
    truth = golden.logits_alone(golden.torch_run(model), pairs)
    config = model.bert.config.to_diff_dict() | {
        "architectures": ["BertForSequenceClassification"],
        "num_labels": len(labels),
        "transformers.js_config": {"use_external_data_format": {"model_quantized.onnx": 1}},
    }
    write_compact(folder / "config.json", {k: v for k, v in config.items() if k != "transformers_version"})
    write_graphs(export_fp32(model, work / "model.onnx", len(vocabulary)), folder)

    positive = labels.index("relevant")
    variants, q8 = [], truth
    for dtype, device, graph, weights in VARIANTS:
        run = golden.onnx_run(folder / graph)
        native = golden.logits_alone(run, pairs)
        error = abs(golden.relevance(native, positive) - golden.relevance(truth, positive))
        change = golden.batch_change(run, pairs, native)
        print(f"{id} {dtype} {device}: max error {error.max():.4f}, mean {error.mean():.4f}, batch change {change:.6f}")
        variants.append(manifest.Variant(dtype, device, graph, weights, float(error.max()), change))
        if (dtype, device) == ("q8", "wasm"):
            q8 = native

    revision = manifest.write_manifest(
        folder, facts(id, labels, vocabulary, tokenizer), variants, golden.reference_pairs(truth, positive)
    )
    replace_folder(folder, ROOT / "test/models" / id)
    golden.write_golden(ROOT / f"test/golden/{id}.json", id, revision, pairs, truth, q8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="the npm package's dist/Xenova folder")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        for id, labels in MODELS.items():
            build(id, labels, args.package / "all-MiniLM-L6-v2", Path(work))


if __name__ == "__main__":
    main()
