"""A graph that onnxruntime-web computes rightly on WebGPU: what its operators get wrong, written in other operators."""

import onnx
from onnx import TensorProto, helper


def without_boolean_and(model: onnx.ModelProto) -> onnx.ModelProto:
    """`And` as a product of 0 and 1.

    onnxruntime-web 1.30 on WebGPU, first side a column ([n, 1]), second a matrix ([n, m], m a multiple of 4): four neighbours
    each get the first one's value. Of a band in 8 × 8 places, 20 come out wrong. transformers 5 builds the mask of ModernBERT's
    local attention so: of 48 × 48 places 120 were open that should be closed, and a logit of -1.832 came out as -1.791. Can go
    when `test/browser/golden-logits.test.ts` passes for tiny-modernbert without it.
    """
    nodes = []
    for node in model.graph.node:
        if node.op_type != "And":
            nodes.append(node)
            continue
        name = node.output[0]
        sides = [f"{name}_{side}" for side in "ab"]
        nodes += [helper.make_node("Cast", [i], [o], to=TensorProto.FLOAT) for i, o in zip(node.input, sides, strict=True)]
        nodes.append(helper.make_node("Mul", sides, [f"{name}_product"]))
        nodes.append(helper.make_node("Cast", [f"{name}_product"], [name], to=TensorProto.BOOL))
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model
