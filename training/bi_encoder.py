"""The bases as they came: bi-encoders, whose cosine of mean states is a first score. The teacher of the distillation."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "models"))
from split_cross_encoder import SplitCrossEncoder, load_bert_onnx, load_trained, trained_weights  # noqa: E402, F401

CLS, SEP = 101, 102



@dataclass(frozen=True)
class Encoded:
    means: np.ndarray  # texts x hidden, unit length
    states: list[torch.Tensor]  # of each text: tokens x hidden, bfloat16, after the layer that was asked for


class BiEncoder:
    def __init__(self, folder: Path, layers: int) -> None:
        self.model = load_bert_onnx(SplitCrossEncoder(layers=layers), str(folder / "onnx/model.onnx")).eval()
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    @torch.inference_mode()
    def encode(self, texts: list[str], max_tokens: int, keep_layer: int = 0, batch_tokens: int = 4096) -> Encoded:
        """Mean states of the top layer, and the states after `keep_layer` layers where that is not 0."""
        encodings = self.tokenizer.encode_batch(texts, add_special_tokens=False)
        ids = [[CLS, *encoding.ids[: max_tokens - 2], SEP] for encoding in encodings]
        order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
        means = np.zeros((len(ids), 384), np.float32)
        states: list[torch.Tensor] = [torch.empty(0)] * (len(ids) if keep_layer else 0)
        start = time.monotonic()
        at = 0
        while at < len(order):
            rows = order[at : at + max(1, batch_tokens // len(ids[order[at]]))]
            at += len(rows)
            tokens = torch.zeros(len(rows), len(ids[rows[0]]), dtype=torch.long)
            for row, i in enumerate(rows):
                tokens[row, : len(ids[i])] = torch.tensor(ids[i])
            mask = (tokens > 0).float()
            kept, top = self.run(tokens, mask, keep_layer)
            means[rows] = F.normalize((top * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True), dim=-1).numpy()
            if keep_layer:
                for row, i in enumerate(rows):
                    states[i] = kept[row, : len(ids[i])].to(torch.bfloat16).clone()
            if at == len(order) or at % 2000 < len(rows):
                print(f"{at}/{len(order)} texts, {time.monotonic() - start:.0f} s", flush=True)
        return Encoded(means, states)

    def run(self, tokens: torch.Tensor, mask: torch.Tensor, keep_layer: int) -> tuple[torch.Tensor, torch.Tensor]:
        model = self.model
        with torch.autocast("cpu", torch.bfloat16):
            x = kept = model.ln(model.word(tokens) + model.pos.weight[: tokens.shape[1]] + model.segment)
            bias = (1 - mask)[:, None, None, :] * -1e4
            for number, layer in enumerate(model.layers, 1):
                x = layer(x, bias)
                if number == keep_layer:
                    kept = x
        return kept, x.float()
