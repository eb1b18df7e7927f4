"""fp32 ONNX graph -> two small graphs over ONE file of int8 weights.

`model_quantized.onnx` computes with int8 (WASM: less work per token). `model_dequantized.onnx` turns the same int8
tensors back to fp32 when it is loaded or run (WebGPU: int8 operators would run on the CPU there). Both name
`model_quantized.onnx_data`, so a site hosts, and a browser caches, the weights once.

Weights: symmetric int8, one scale per output channel of a MatMul and one per row (token) of an embedding table. They are
rounded to nearest, unless the caller brings integers and scales of its own (gptq.py).
Activations: symmetric, one scale per token, computed as the graph runs. onnxruntime's own `quantize_dynamic` takes one
scale per batch instead, so that padding and neighbours move a score; with a scale per token they do not.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

CONTRIB = "com.microsoft"
ZERO_POINT = 128  # of uint8 activations; the runtimes' int8 kernels are written for unsigned x signed
INLINE_BYTES = 1024  # smaller tensors (shapes, scalars) stay in the graph file, unless the caller says another limit
STEPS = 127  # greatest integer of a weight that is rounded here

# By the name of the fp32 tensor: int8 values in its shape, and one fp32 scale per output channel or row.
Int8Weights = dict[str, tuple[np.ndarray, np.ndarray]]


@dataclass
class Rewrite:
    """The nodes and tensors that take the place of one fp32 graph's."""

    model: ModelProto
    rounded: Int8Weights
    nodes: list[NodeProto] = field(default_factory=list)
    tensors: dict[str, np.ndarray] = field(default_factory=dict)
    quantized: dict[str, str] = field(default_factory=dict)  # activation name -> prefix of its int8 form

    def add(self, op: str, inputs: list[str], output: str, domain: str = "", **attributes: object) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def finish(self) -> ModelProto:
        """The new graph, with only the tensors that its nodes read."""
        graph = self.model.graph
        read = {name for node in self.nodes for name in node.input}
        tensors = [numpy_helper.from_array(array, name) for name, array in self.tensors.items() if name in read]
        opsets = [*self.model.opset_import]
        if any(node.domain == CONTRIB for node in self.nodes):
            opsets.append(helper.make_opsetid(CONTRIB, 1))
        new = helper.make_graph(self.nodes, graph.name, graph.input, graph.output, tensors)
        return helper.make_model(new, opset_imports=opsets, ir_version=self.model.ir_version)


def quantize_symmetric(weight: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """int8 values and fp32 scales, one per index of `axis`, of a matrix."""
    largest = np.abs(weight).max(axis=1 - axis, keepdims=True)
    scale = np.where(largest == 0, 1, largest / STEPS).astype(np.float32)
    return np.rint(weight / scale).clip(-STEPS, STEPS).astype(np.int8), scale.reshape(-1)


def matmul_weights(model: ModelProto) -> dict[str, str]:
    """The tensor [in, out] of every MatMul with weights, by the path of the layer in the PyTorch module (`layers.0.q`)."""
    tensors = {tensor.name for tensor in model.graph.initializer}
    matmuls = [node for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in tensors]
    return {node.name.strip("/").rsplit("/", 1)[0].replace("/", "."): node.input[1] for node in matmuls}


def int8_compute(model: ModelProto, rounded: Int8Weights | None = None) -> ModelProto:
    """The graph for WASM: int8 x int8 products, int32 sums, fp32 for everything else."""
    return _rewrite(model, _integer_matmul, rounded)


def dequantized(model: ModelProto, rounded: Int8Weights | None = None) -> ModelProto:
    """The graph for WebGPU: the same int8 weights, made fp32 before plain MatMul."""
    return _rewrite(model, _dequantized_matmul, rounded)


def int8_embeddings(model: ModelProto) -> ModelProto:
    """Only the embedding tables int8: the start for other formats of the MatMul weights."""
    return _rewrite(model, None)


def _rewrite(model: ModelProto, matmul, rounded: Int8Weights | None = None) -> ModelProto:
    work = Rewrite(model, rounded or {}, tensors={t.name: numpy_helper.to_array(t) for t in model.graph.initializer})
    matrices = {name for name, array in work.tensors.items() if array.ndim == 2 and array.dtype == np.float32}
    for node in model.graph.node:
        if node.op_type == "Gather" and node.input[0] in matrices:
            _int8_gather(work, node)
        elif node.op_type == "MatMul" and node.input[1] in matrices and matmul:
            matmul(work, node)
        else:
            work.nodes.append(node)
    return work.finish()


def _store_int8(work: Rewrite, weight: str, axis: int) -> None:
    if f"{weight}.int8" not in work.tensors:
        values, scale = work.rounded.get(weight) or quantize_symmetric(work.tensors[weight], axis)
        work.tensors[f"{weight}.int8"], work.tensors[f"{weight}.scale"] = values, scale


def _int8_gather(work: Rewrite, node: NodeProto) -> None:
    """Look up int8 rows, then scale them: the table never exists in fp32."""
    (table, ids), out = node.input, node.output[0]
    _store_int8(work, table, axis=0)
    work.tensors["last_axis"] = np.array([-1], np.int64)
    rows = work.add("Gather", [f"{table}.int8", ids], f"{out}.int8", axis=0)
    scale = work.add("Gather", [f"{table}.scale", ids], f"{out}.scale", axis=0)
    work.add("Mul", [
        work.add("Cast", [rows], f"{out}.cast", to=TensorProto.FLOAT),
        work.add("Unsqueeze", [scale, "last_axis"], f"{out}.column"),
    ], out)


def _dequantized_matmul(work: Rewrite, node: NodeProto) -> None:
    x, weight = node.input
    _store_int8(work, weight, axis=1)
    fp32 = f"{weight}.fp32"
    if not any(fp32 in n.output for n in work.nodes):
        work.add("DequantizeLinear", [f"{weight}.int8", f"{weight}.scale"], fp32, axis=1)
    work.add("MatMul", [x, fp32], node.output[0])


def _integer_matmul(work: Rewrite, node: NodeProto) -> None:
    """x W = row scale * ((x as uint8 - 128) (W as int8)) * column scale."""
    (x, weight), out = node.input, node.output[0]
    _store_int8(work, weight, axis=1)
    _quantize_rows(work, x)
    product = work.add(
        "MatMulIntegerToFloat",
        [f"{x}.uint8", f"{weight}.int8", "one", f"{weight}.scale", "zero_point"],
        f"{out}.columns_scaled",
        domain=CONTRIB,
    )
    work.add("Mul", [product, f"{x}.scale"], out)


def _quantize_rows(work: Rewrite, x: str) -> None:
    """uint8 values around 128 and one scale per row of `x`; once for all MatMuls that read `x` (q, k and v)."""
    if x in work.quantized:
        return
    work.quantized[x] = x
    work.tensors |= {
        "one": np.array(1, np.float32),
        "zero_point": np.array(ZERO_POINT, np.uint8),
        # Cast cuts the fraction off, so adding 128.5 both shifts to unsigned and rounds to nearest.
        "zero_point.half_up": np.array(ZERO_POINT + 0.5, np.float32),
        "steps": np.array(127, np.float32),
        "least": np.array(1e-10, np.float32),  # a row of zeros must not divide by zero
    }
    largest = work.add("ReduceMax", [work.add("Abs", [x], f"{x}.abs")], f"{x}.largest", axes=[-1], keepdims=1)
    scale = work.add("Div", [work.add("Max", [largest, "least"], f"{x}.safe"), "steps"], f"{x}.scale")
    shifted = work.add("Add", [work.add("Div", [x, scale], f"{x}.steps"), "zero_point.half_up"], f"{x}.shifted")
    work.add("Cast", [shifted], f"{x}.uint8", to=TensorProto.UINT8)


def save_sharing_weights(graphs: dict[Path, ModelProto], data: Path, inline_bytes: int = INLINE_BYTES) -> None:
    """Write each graph, with every larger tensor of all of them once in `data` (a file beside the graphs)."""
    offsets: dict[str, tuple[int, int]] = {}
    with data.open("wb") as out:
        for model in graphs.values():
            for tensor in model.graph.initializer:
                raw = numpy_helper.to_array(tensor).tobytes()
                if len(raw) < inline_bytes:
                    continue
                if tensor.name not in offsets:
                    out.write(b"\0" * (-out.tell() % 64))  # aligned, so that a runtime can use the bytes in place
                    offsets[tensor.name] = (out.tell(), len(raw))
                    out.write(raw)
                _refer(tensor, data.name, *offsets[tensor.name])
    for path, model in graphs.items():
        onnx.save(model, str(path))


def _refer(tensor: TensorProto, location: str, offset: int, length: int) -> None:
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", offset), ("length", length)):
        tensor.external_data.add(key=key, value=str(value))
