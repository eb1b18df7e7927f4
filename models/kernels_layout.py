"""kernels.json: where the engine of our own (kernels) finds each tensor in the weights file that the graphs share.

  python kernels_layout.py ../public/models/minilm-l6-split

Everything is read from the int8 graph and config.json, so that the file can be made again from a model folder alone.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, numpy_helper

GRAPH = "onnx/model_quantized.onnx"
LAYOUT = "kernels.json"
FORMAT_VERSION = 1
LINEARS = ("q", "k", "v", "o", "up", "down")


class Tensors:
    """The graph's initializers: small ones by value, the others by their offset in the weights file."""

    def __init__(self, model: ModelProto) -> None:
        self.by_name = {tensor.name: tensor for tensor in model.graph.initializer}

    def offset(self, name: str) -> int:
        tensor = self.by_name[name]
        if tensor.data_location != TensorProto.EXTERNAL:
            raise SystemExit(f"{name} is not in the weights file")
        return next(int(entry.value) for entry in tensor.external_data if entry.key == "offset")

    def numbers(self, name: str) -> list[float]:
        return [float(value) for value in numpy_helper.to_array(self.by_name[name]).reshape(-1)]

    def shape(self, name: str) -> list[int]:
        return list(self.by_name[name].dims)


def describe(model: ModelProto, heads: int, weight_steps: int) -> dict[str, object]:
    """The layout. Offsets are bytes in the weights file; int8 matrices are [inputs, outputs], tables [rows, hidden]."""
    tensors = Tensors(model)
    node_of = {output: node for node in model.graph.node for output in node.output}

    def linear(name: str) -> dict[str, int]:
        layer, part = name.rsplit(".", 1)
        node = node_of[f"/{layer}/{part}/MatMul_output_0.columns_scaled"]
        offsets = {"values": tensors.offset(node.input[1]), "scales": tensors.offset(node.input[3])}
        return offsets | {"bias": tensors.offset(f"{name}.bias")}

    def norm(name: str) -> dict[str, int]:
        return {"weight": tensors.offset(f"{name}.weight"), "bias": tensors.offset(f"{name}.bias")}

    def table(name: str) -> dict[str, int]:
        return {"values": tensors.offset(f"{name}.weight.int8"), "scales": tensors.offset(f"{name}.weight.scale")}

    layers = sum(name.endswith(".ln1.weight") for name in tensors.by_name)
    vocabulary, hidden = tensors.shape("word.weight.int8")
    return {
        "formatVersion": FORMAT_VERSION,
        "hidden": hidden,
        "heads": heads,
        "intermediate": tensors.shape("layers.0.up.bias")[0],
        "vocabulary": vocabulary,
        "positions": tensors.shape("pos.weight.int8")[0],
        "weightSteps": weight_steps,
        "words": table("word"),
        "positionRows": table("pos"),
        "segment": tensors.offset("segment"),
        "norm": norm("ln"),
        "layers": [
            {name: linear(f"layers.{i}.{name}") for name in LINEARS}
            | {"attentionNorm": norm(f"layers.{i}.ln1"), "outputNorm": norm(f"layers.{i}.ln2")}
            for i in range(layers)
        ],
        "cross": tensors.numbers("cross"),
        "cosineScale": tensors.numbers("scale")[0],
        "head": {"weight": tensors.offset("head.weight"), "bias": tensors.numbers("head.bias")[0]},
    }


def greatest_weight(model: ModelProto, data: Path) -> int:
    """The greatest absolute integer of all matrices."""
    tensors = Tensors(model)
    greatest = 0
    for node in model.graph.node:
        if node.op_type == "MatMulIntegerToFloat":
            shape = tensors.shape(node.input[1])
            values = np.memmap(data, np.int8, "r", tensors.offset(node.input[1]), (shape[0] * shape[1],))
            greatest = max(greatest, int(values.max()), -int(values.min()))
    return greatest


def write_layout(folder: Path, data: Path) -> None:
    """Write the layout of a model folder. `data`: its weights, not compressed."""
    model = onnx.load(str(folder / GRAPH), load_external_data=False)
    heads = json.loads((folder / "config.json").read_text())["num_attention_heads"]
    layout = describe(model, heads, greatest_weight(model, data))
    (folder / LAYOUT).write_text(json.dumps(layout, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    chosen = Path(sys.argv[1])
    write_layout(chosen, chosen / f"{GRAPH}_data")
