"""PyTorch module -> one fp32 ONNX graph with the inputs and the output that every BERT classifier has."""

import warnings
from pathlib import Path

import onnx
import torch

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]

# 17 is the first opset with LayerNormalization as one operator, and old enough for every runtime build.
OPSET = 17


def export_fp32(model: torch.nn.Module, path: Path, vocab: int, inputs: list[str] = INPUTS) -> onnx.ModelProto:
    """Write `model` (in eval mode, called with `inputs`, returning logits) to `path` and read it back."""
    ids = torch.randint(vocab // 2, vocab, (2, 24))
    types = torch.zeros_like(ids)
    types[:, 8:] = 1
    mask = torch.ones_like(ids)
    mask[1, 20:] = 0
    values = dict(zip(INPUTS, (ids, mask, types), strict=True))
    axes = {name: {0: "batch", 1: "sequence"} for name in inputs} | {"logits": {0: "batch"}}
    with warnings.catch_warnings():
        # The tracing exporter is announced as old. It stays here until the new one gives graphs as small.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model, tuple(values[name] for name in inputs), str(path), input_names=inputs, output_names=["logits"],
            dynamic_axes=axes, opset_version=OPSET, dynamo=False,
        )
    return onnx.load(str(path))
