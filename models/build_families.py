"""Build one tiny random-weight model for each model family, with tokens and logits of the Python original.

  python build_families.py [id …]

They know nothing. They are for tests: that each family's tokenizer, pair template, inputs and graph give Python's numbers.
Tokenizers are trained and weights drawn here, so that nothing comes from anywhere else.
"""

import argparse
import importlib.metadata
import os
import sys
import tempfile
import warnings
from pathlib import Path

import onnx
import torch

import golden
import golden_pairs
import manifest
from build_models import ROOT, replace_folder
from export_onnx import OPSET
from family_models import FAMILIES, Family, Logits, make_model, spread_logits
from family_pairs import FamilyPairEncoder, padded_feeds
from tokenizer_files import write_compact
from webgpu_graph import without_boolean_and

DEVICES = ["wasm", "webgpu"]
GREATEST_EXPORT_ERROR = 1e-4


def write_tokenizer(family: Family, folder: Path) -> None:
    tokenizer = family.make_tokenizer()
    (folder / "tokenizer.json").write_text(tokenizer.to_str() + "\n")
    config = {f"{role}_token": token for role, token in family.tokens.items()}
    content = {"tokenizer_class": family.tokenizer_class, "model_max_length": family.max_tokens, **config}
    write_compact(folder / "tokenizer_config.json", content)


def export(model: Logits, inputs: list[str], vocabulary: int, path: Path) -> None:
    ids = torch.randint(vocabulary // 2, vocabulary, (2, 40))
    types = torch.zeros_like(ids)
    types[:, 8:] = 1
    mask = torch.ones_like(ids)
    mask[1, 30:] = 0
    values = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
    axes = {name: {0: "batch", 1: "sequence"} for name in inputs} | {"logits": {0: "batch"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model, tuple(values[name] for name in inputs), str(path), input_names=inputs, output_names=["logits"],
            dynamic_axes=axes, opset_version=OPSET, dynamo=False,
        )  # fmt: skip
    onnx.save(without_boolean_and(onnx.load(str(path))), str(path))
    onnx.checker.check_model(str(path))


def facts(family: Family, encoder: FamilyPairEncoder, pad: int) -> dict[str, object]:
    start, between, end = encoder.template
    return {
        "id": family.id,
        "title": f"Tiny random {family.model.config_class.model_type}, {len(family.labels)} label(s) (for tests)",
        "licence": "MIT",
        "origin": [{"name": "random weights; tokenizer trained on this project's own texts", "licence": "MIT"}],
        "languages": ["en"],
        "architecture": family.config.model_type,
        "maxTokens": family.max_tokens,
        "inputs": family.inputs,
        "head": {"labels": family.labels, "positiveLabel": "relevant"},
        "pair": {"start": start, "between": between, "end": end, "padTokenId": pad},
    }


def build(family: Family, work: Path) -> None:
    folder = work / family.id
    (folder / "onnx").mkdir(parents=True)
    write_tokenizer(family, folder)
    encoder = FamilyPairEncoder(folder, family.max_tokens)
    pairs = [encoder.encode(pair) for pair in golden_pairs.FAMILIES]
    tokenizer = encoder.original.backend_tokenizer
    pad = tokenizer.token_to_id(family.tokens["pad"])

    model = make_model(family, tokenizer)

    def adapt(run: golden.Run) -> golden.Run:
        return lambda feeds: run(padded_feeds(feeds, family.inputs, pad))

    run_original = adapt(golden.torch_run(model, family.inputs))
    spread_logits(model, torch.from_numpy(golden.logits_alone(run_original, pairs)))
    truth = golden.logits_alone(run_original, pairs)
    config = {k: v for k, v in model.original.config.to_diff_dict().items() if k != "transformers_version"}
    config |= {"architectures": [family.model.__name__], "num_labels": len(family.labels)}
    write_compact(folder / "config.json", config)

    graph = "onnx/model.onnx"
    export(model, family.inputs, tokenizer.get_vocab_size(), folder / graph)
    run_graph = adapt(golden.onnx_run(folder / graph))
    native = golden.logits_alone(run_graph, pairs)
    error = float(abs(native - truth).max())
    change = golden.batch_change(run_graph, pairs, native)
    longest = max(len(pair.input_ids) for pair in pairs)
    print(
        f"{family.id}: {(folder / graph).stat().st_size} bytes, template {encoder.template}, pad {pad}, "
        f"logits {truth.min():.2f}..{truth.max():.2f} (deviation {truth.std():.2f}), longest pair {longest}, "
        f"export error {error:.6f}, batch change {change:.6f}"
    )
    assert error <= GREATEST_EXPORT_ERROR and longest == family.max_tokens

    positive = family.labels.index("relevant")
    variants = [manifest.Variant("fp32", device, graph, [], error, change) for device in DEVICES]
    revision = manifest.write_manifest(
        folder, facts(family, encoder, pad), variants, golden.reference_pairs(truth, positive)
    )
    replace_folder(folder, ROOT / "test/models" / family.id)
    golden.write_golden(ROOT / f"test/golden/{family.id}.json", family.id, revision, pairs, truth, None)


def fix_hash_seed() -> None:
    """Start anew with a fixed order of sets: transformers walks ModernBERT's layer types as one, and so orders the graph."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})


def main() -> None:
    fix_hash_seed()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", metavar="id", help="families to build; all by default")
    args = parser.parse_args()
    packages = ("torch", "transformers", "tokenizers", "sentencepiece", "onnx", "onnxruntime")
    print(", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages))
    with tempfile.TemporaryDirectory() as work:
        for family in FAMILIES:
            if not args.only or family.id in args.only:
                build(family, Path(work))


if __name__ == "__main__":
    main()
