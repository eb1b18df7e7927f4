"""Reference logits of a model: what its fp32 PyTorch original says about every pair of golden_pairs.py."""

import importlib.metadata
import json
import platform
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import torch

import golden_pairs
from encode_pairs import EncodedPair, PairEncoder, batch_feeds
from export_onnx import INPUTS

Run = Callable[[dict[str, np.ndarray]], np.ndarray]  # model inputs -> logits [batch, labels]


def torch_run(model: torch.nn.Module, inputs: list[str] = INPUTS) -> Run:
    def run(feeds: dict[str, np.ndarray]) -> np.ndarray:
        with torch.inference_mode():
            return model(*(torch.from_numpy(feeds[name]) for name in inputs)).numpy()

    return run


def onnx_run(path: Path) -> Run:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options)
    names = [value.name for value in session.get_inputs()]
    return lambda feeds: session.run(None, {name: feeds[name] for name in names})[0]


def encode_all(encoder: PairEncoder) -> list[EncodedPair]:
    return [encoder.encode(pair.query, pair.document) for pair in golden_pairs.ALL]


def logits_alone(run: Run, pairs: list[EncodedPair]) -> np.ndarray:
    """Logits [pairs, labels], each pair run by itself, without padding."""
    return np.concatenate([run(batch_feeds([pair])) for pair in pairs])


def relevance(logits: np.ndarray, positive: int) -> np.ndarray:
    """The logit that orders documents [pairs]: the only one, or of several labels the positive one's log-odds."""
    if logits.shape[1] == 1:
        return logits[:, 0]
    others = np.delete(logits, positive, axis=1)
    return logits[:, positive] - np.logaddexp.reduce(others, axis=1)


def batch_change(run: Run, pairs: list[EncodedPair], alone: np.ndarray) -> float:
    """Greatest change of a logit when a pair runs among seven others, padded to the longest of them."""
    order = np.random.default_rng(8).permutation(len(pairs))
    together = np.empty_like(alone)
    for i in range(0, len(order), 8):
        together[order[i : i + 8]] = run(batch_feeds([pairs[j] for j in order[i : i + 8]]))
    return float(np.abs(together - alone).max())


def reference_pairs(truth: np.ndarray, positive: int) -> list[dict[str, object]]:
    names = [pair.name for pair in golden_pairs.ALL]
    logits = relevance(truth, positive)
    chosen = [names.index(name) for name in golden_pairs.REFERENCE]
    return [
        {
            "query": golden_pairs.ALL[i].query,
            "document": golden_pairs.ALL[i].document,
            "logit": round(float(logits[i]), 5),
        }
        for i in chosen
    ]


def write_golden(
    path: Path, model: str, revision: str, pairs: list[EncodedPair], truth: np.ndarray, q8: np.ndarray | None
) -> None:
    """One pair a line, so that a change shows as the lines that changed. `pairs` are `golden_pairs.FAMILIES`, or its `ALL`."""
    packages = ("torch", "transformers", "tokenizers", "onnxruntime")
    made_with = {"python": platform.python_version()} | {p: importlib.metadata.version(p) for p in packages}
    rows = [
        {
            "name": pair.name,
            "query": pair.query,
            "document": pair.document,
            "inputIds": encoded.input_ids,
            "documentTokens": encoded.document_tokens,
            "truncated": encoded.truncated,
            "logits": rounded(truth[i]),
        }
        | ({} if q8 is None else {"q8Native": rounded(q8[i])})
        for i, (pair, encoded) in enumerate(zip(golden_pairs.FAMILIES[: len(pairs)], pairs, strict=True))
    ]
    # Escaped, because several editors and diffs mangle the control characters that these texts contain.
    compact = [json.dumps(row, separators=(",", ":")) for row in rows]
    head = json.dumps({"model": model, "revision": revision, "madeWith": made_with}, indent=1).removesuffix("\n}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + ',\n "pairs": [\n  ' + ",\n  ".join(compact) + "\n ]\n}\n")


def rounded(logits: np.ndarray) -> list[float]:
    return [round(float(logit), 5) for logit in logits]
