"""manifest.json: what a model folder holds, how its inputs are made, and what its scores should be."""

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path

from stored_file import store


@dataclass(frozen=True)
class Variant:
    """One way to run the model: a graph, the weight files it names, and how far its logits may stray from fp32."""

    dtype: str
    device: str
    graph: str
    weights: list[str]
    max_error: float  # |logit - fp32 PyTorch logit|, greatest over the golden pairs, native onnxruntime
    batch_change: float  # greatest change of a logit by padding and neighbours
    engine: str | None = None  # the engine that alone can run it; None: `graph` is ONNX

    def to_json(self) -> dict[str, object]:
        return {
            "dtype": self.dtype,
            "device": self.device,
            **({"engine": self.engine} if self.engine else {}),
            "graph": self.graph,
            "weights": self.weights,
            "tolerance": tolerance(self.dtype, self.max_error),
            "batchInvariant": self.batch_change <= BATCH_INVARIANT,
        }


# Above the last bits that a different order of sums costs, far below any difference that moves a rank.
BATCH_INVARIANT = 0.01

# A device's own arithmetic adds to what was measured natively: fp16 sums on a GPU are not those of a CPU.
LEAST_TOLERANCE = {"fp32": 0.01, "fp16": 0.05, "q8": 0.05, "q4": 0.05}


def tolerance(dtype: str, max_error: float) -> float:
    """Twice the greatest measured error, rounded up to 0.01, and at least LEAST_TOLERANCE."""
    return max(LEAST_TOLERANCE[dtype], math.ceil(200 * max_error) / 100)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def describe_files(folder: Path) -> tuple[str, dict[str, dict[str, object]]]:
    """Revision and file table. The revision is 12 hex digits of the SHA-256 over 'file sha256' lines, sorted."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json")
    files = {p.relative_to(folder).as_posix(): {"bytes": p.stat().st_size, "sha256": sha256(p)} for p in paths}
    lines = "\n".join(f"{name} {entry['sha256']}" for name, entry in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:12], files


def write_manifest(
    folder: Path,
    facts: dict[str, object],
    variants: list[Variant],
    reference: list[dict],
    compressed: tuple[str, ...] = (),
) -> str:
    """Write the manifest of a finished folder and return its revision. `facts` are the model's own fields.

    The files in `compressed` are replaced by compressed ones; the revision is that of the files themselves.
    """
    revision, files = describe_files(folder)
    for path in compressed:
        files[path]["stored"] = store(folder, path)
    content = {
        "formatVersion": 2,
        "id": facts["id"],
        "revision": revision,
        **{key: value for key, value in facts.items() if key not in ("id", "inputs")},
        "inputs": facts.get("inputs", ["input_ids", "attention_mask", "token_type_ids"]),
        "tokenizer": {"file": "tokenizer.json", "config": "tokenizer_config.json"},
        "files": files,
        "variants": [variant.to_json() for variant in variants],
        "referencePairs": reference,
    }
    (folder / "manifest.json").write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    return revision
