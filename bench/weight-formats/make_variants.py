"""Write minilm-l6-split in every weight format under comparison, for run.mjs.

  python bench/weight-formats/make_variants.py package/dist/Xenova OUT

Needs the packages of models/requirements.txt. OUT gets one .onnx per format (and one file of shared weights) and
formats.json, which lists them.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.float16 import convert_float_to_float16

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))
from build_models import BASES, load_model  # noqa: E402
from export_onnx import export_fp32  # noqa: E402
from matmul_nbits import block_quantized  # noqa: E402
from quantize import dequantized, int8_compute, int8_embeddings, save_sharing_weights  # noqa: E402

SHARED = "model_quantized.onnx_data"


def fp16_storage(model: ModelProto) -> ModelProto:
    """fp16 in the file, one Cast per tensor: the runtime makes it fp32 again while loading."""
    new = ModelProto()
    new.CopyFrom(model)
    casts = []
    for tensor in new.graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.dtype != np.float32 or array.size < 256:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(array.astype(np.float16), f"{name}.fp16"))
        casts.append(helper.make_node("Cast", [f"{name}.fp16"], [name], to=TensorProto.FLOAT))
    for i, cast in enumerate(casts):
        new.graph.node.insert(i, cast)
    return new


def main(package: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    fp32 = export_fp32(load_model(BASES[0], package), out / "fp32.onnx", vocab=30522)
    onnx.save(fp16_storage(fp32), str(out / "fp16-storage.onnx"))
    onnx.save(convert_float_to_float16(fp32, keep_io_types=True), str(out / "fp16.onnx"))
    quantize_dynamic(out / "fp32.onnx", out / "dynamic-int8.onnx", per_channel=True, weight_type=QuantType.QInt8)
    save_sharing_weights(
        {out / "int8-compute.onnx": int8_compute(fp32), out / "int8-dequantized.onnx": dequantized(fp32)}, out / SHARED
    )
    rest = int8_embeddings(fp32)  # so that the block formats are compared at their best size
    for bits, block in ((8, 32), (8, 128), (4, 32)):
        onnx.save(block_quantized(rest, bits, block, accuracy_level=4), str(out / f"nbits{bits}-block{block}.onnx"))

    formats = [
        {"name": "fp32", "graph": "fp32.onnx"},
        {"name": "fp16 storage, fp32 compute", "graph": "fp16-storage.onnx"},
        {"name": "fp16", "graph": "fp16.onnx"},
        {"name": "quantize_dynamic int8, per channel", "graph": "dynamic-int8.onnx"},
        {"name": "shared int8, int8 compute", "graph": "int8-compute.onnx", "weights": SHARED},
        {"name": "shared int8, dequantized as it runs", "graph": "int8-dequantized.onnx", "weights": SHARED},
        {"name": "shared int8, dequantized at load", "graph": "int8-dequantized.onnx", "weights": SHARED, "fold": True},
        {"name": "MatMulNBits 8 bit, block 32", "graph": "nbits8-block32.onnx"},
        {"name": "MatMulNBits 8 bit, block 128", "graph": "nbits8-block128.onnx"},
        {"name": "MatMulNBits 4 bit, block 32", "graph": "nbits4-block32.onnx"},
    ]
    (out / "formats.json").write_text(json.dumps(formats, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
