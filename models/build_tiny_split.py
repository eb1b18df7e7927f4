"""Build the tiny random-weight split cross-encoder of the tests: what the shipped models are, in kilobytes.

  python build_tiny_split.py package/dist/Xenova

It has the shipped models' files and variants, so the kernels of our own run it as they run those. It knows nothing.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch

import golden
import manifest
import quantize
from build_models import GRAPHS, INPUTS, ROOT, SOURCE, WEIGHTS, hub_config, measure_variants, replace_folder, split_facts
from build_tiny import tiny_vocabulary
from encode_pairs import PairEncoder
from export_onnx import export_fp32
from split_cross_encoder import SplitCrossEncoder
from tokenizer_files import copy_tokenizer, write_compact

ID = "tiny-split"
MAX_TOKENS = 512
HEADS, HIDDEN = 2, 64
LEVELS = 15  # greatest integer of a weight; the kernels have a faster way where it is below 32
SPREAD = 0.008  # what one of them is worth: with less, every text gets nearly the same logit
INLINE_BYTES = 128  # a row of HIDDEN numbers belongs into the weights file, where the kernels look for it
SEED = 12  # one that orders the results of the tests' search as tiny-bert does


def random_model(vocabulary: dict[str, int]) -> SplitCrossEncoder:
    torch.manual_seed(SEED)
    model = SplitCrossEncoder(
        layers=3, hidden=HIDDEN, heads=HEADS, intermediate=HIDDEN, vocab=len(vocabulary), positions=MAX_TOKENS,
        cls=vocabulary["[CLS]"],
    )  # fmt: skip
    with torch.no_grad():
        for module in model.layers.modules():
            if isinstance(module, torch.nn.Linear):
                module.weight.copy_(torch.randint(-LEVELS, LEVELS + 1, module.weight.shape) * SPREAD)
        # Without zeros and ones: the exporter stores tensors that are equal once, under one of their names.
        for norm in (module for module in model.modules() if isinstance(module, torch.nn.LayerNorm)):
            norm.weight.normal_(1, 0.1)
            norm.bias.normal_(0, 0.1)
        model.segment.normal_(0, 0.1)
        model.head.weight.normal_()
        model.cross.fill_(-1)
    return model.eval()


def spread_logits(model: SplitCrossEncoder, logits: torch.Tensor) -> None:
    """Scale and shift so that these logits lie within about -4..4."""
    # Rounded, so that the last bits of this machine's arithmetic do not get into the weights.
    middle = ((logits.max() + logits.min()) / 2).round(decimals=3)
    factor = (4 / (logits - middle).abs().max()).round(decimals=2)
    with torch.no_grad():
        model.scale.mul_(factor)
        model.head.weight.mul_(factor)
        model.head.bias.sub_(middle).mul_(factor)


def integers(model: SplitCrossEncoder, graph: onnx.ModelProto) -> quantize.Int8Weights:
    """The matrices' weights, which are whole numbers of steps."""
    modules = dict(model.named_modules())

    def whole(path: str) -> tuple[np.ndarray, np.ndarray]:
        values = np.rint(modules[path].weight.detach().numpy().T / SPREAD).astype(np.int8)
        return values, np.full(values.shape[1], SPREAD, np.float32)

    return {tensor: whole(path) for path, tensor in quantize.matmul_weights(graph).items()}


def build(tokenizer: Path, work: Path) -> None:
    folder = work / ID
    (folder / "onnx").mkdir(parents=True)
    vocabulary = tiny_vocabulary(json.loads((tokenizer / "tokenizer.json").read_text())["model"]["vocab"])
    copy_tokenizer(tokenizer, folder, MAX_TOKENS, vocabulary, document_start=True)
    pairs = golden.encode_all(PairEncoder(folder / "tokenizer.json", MAX_TOKENS, document_start=True))

    model = random_model(vocabulary)
    run = golden.torch_run(model, INPUTS)
    spread_logits(model, torch.from_numpy(golden.logits_alone(run, pairs)))
    truth = golden.logits_alone(run, pairs)
    write_compact(folder / "config.json", hub_config(model, HEADS, MAX_TOKENS))
    fp32 = export_fp32(model, work / "model.onnx", vocab=len(vocabulary), inputs=INPUTS)
    weights = integers(model, fp32)
    graphs = {
        folder / GRAPHS["wasm"]: quantize.int8_compute(fp32, weights),
        folder / GRAPHS["webgpu"]: quantize.dequantized(fp32, weights),
    }
    quantize.save_sharing_weights(graphs, folder / WEIGHTS, INLINE_BYTES)

    variants, native = measure_variants(folder, ID, pairs, truth)
    origin = {
        "name": "random weights; vocabulary pieces of sentence-transformers/all-MiniLM-L6-v2",
        "licence": "Apache-2.0",
        "source": SOURCE,
        "sha256": manifest.sha256(tokenizer / "tokenizer.json"),
    }
    title = "Tiny random split cross-encoder (for tests)"
    named = {"id": ID, "title": title, "licence": "Apache-2.0", "origin": [origin]}
    reference = golden.reference_pairs(truth, positive=0)
    revision = manifest.write_manifest(
        folder, named | split_facts(vocabulary, MAX_TOKENS) | {"inputs": INPUTS}, variants, reference, (WEIGHTS,)
    )
    replace_folder(folder, ROOT / "test/models" / ID)
    golden.write_golden(ROOT / f"test/golden/{ID}.json", ID, revision, pairs, truth, native)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="the npm package's dist/Xenova folder")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        build(args.package / "all-MiniLM-L6-v2", Path(work))


if __name__ == "__main__":
    main()
