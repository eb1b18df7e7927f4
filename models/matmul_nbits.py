"""MatMul weights of an ONNX graph as blocks of 4-bit or 8-bit integers, for com.microsoft.MatMulNBits.

Layout (ONNX Runtime's docs/ContribOperators.md): B is uint8 [N, blocks, block * bits / 8], scales are [N * blocks],
zero points uint8 [N * bytes], two of 4 bits to a byte, the first in the low half; so are the weights themselves.
"""

import numpy as np
from onnx import ModelProto, helper, numpy_helper

from quantize import CONTRIB


def quantize_blocks(weight: np.ndarray, bits: int, block: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """[K, N] fp32 -> packed values, scales and zero points. Each block along K has its own range, which includes 0."""
    k, n = weight.shape
    blocks = -(-k // block)
    padded = np.zeros((n, blocks * block), np.float32)
    padded[:, :k] = weight.T
    grouped = padded.reshape(n, blocks, block)
    low, high = grouped.min(-1).clip(max=0), grouped.max(-1).clip(min=0)
    top = 2**bits - 1
    scale = np.where(high == low, 1, (high - low) / top).astype(np.float32)
    zero = np.rint(-low / scale).clip(0, top).astype(np.uint8)
    values = (np.rint(grouped / scale[..., None]) + zero[..., None]).clip(0, top).astype(np.uint8)
    return _pack(values, bits), scale.reshape(-1), _pack(zero, bits).reshape(-1)


def _pack(values: np.ndarray, bits: int) -> np.ndarray:
    if bits == 8:
        return values
    if values.shape[-1] % 2:
        values = np.concatenate([values, np.zeros_like(values[..., :1])], -1)
    return values[..., 0::2] | values[..., 1::2] << 4


def block_quantized(model: ModelProto, bits: int, block: int = 32, accuracy_level: int = 0) -> ModelProto:
    """A copy of `model` whose MatMuls with constant weights are MatMulNBits.

    `accuracy_level` 4 lets a CPU kernel round the activations to int8 as well (0: the kernel's own choice).
    """
    matrices = {t.name: array for t in model.graph.initializer if (array := numpy_helper.to_array(t)).ndim == 2}
    nodes, tensors = [], {}
    for node in model.graph.node:
        if node.op_type != "MatMul" or node.input[1] not in matrices:
            nodes.append(node)
            continue
        name, weight = node.input[1], matrices[node.input[1]]
        parts = (f"{name}.blocks", f"{name}.block_scale", f"{name}.block_zero")
        tensors |= dict(zip(parts, quantize_blocks(weight, bits, block), strict=True))
        sizes = {"K": weight.shape[0], "N": weight.shape[1], "bits": bits, "block_size": block}
        nodes.append(
            helper.make_node(
                "MatMulNBits", [node.input[0], *parts], node.output, name=node.name, domain=CONTRIB,
                accuracy_level=accuracy_level, **sizes,
            )
        )  # fmt: skip
    read = {name for node in nodes for name in node.input}
    kept = [t for t in model.graph.initializer if t.name in read]
    new = [numpy_helper.from_array(array, name) for name, array in tensors.items()]
    graph = helper.make_graph(nodes, model.graph.name, model.graph.input, model.graph.output, kept + new)
    opsets = [o for o in model.opset_import if o.domain != CONTRIB] + [helper.make_opsetid(CONTRIB, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=model.ir_version)
