"""A cross-encoder made for caching: lower layers read query and document apart, upper layers attend jointly.

Idea: PreTTR (MacAvaney et al., SIGIR 2020, "Efficient Document Re-Ranking for Transformers by Precomputing Term
Representations"). Started from a bi-encoder, whose cosine of mean states is the first guess of the score, it ranks
as the bi-encoder does before any training, and trains from there.

Inputs: input_ids, attention_mask: int64 [batch, sequence], `[CLS] query [SEP] [CLS] document [SEP] [PAD]*`.
A text begins at its [CLS], as it did in the bi-encoder; its positions count from there.
Output: logits float [batch, 1] = scale * cos(mean query state, mean document state) + head([CLS] state).

The same weights can also run as two graphs: the states after the lower layers (`layers - joint` of them) do not
depend on the other text, so a document's states can be kept between keystrokes; the joint layers then read the pair.
"""

import math
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

QUERY, DOCUMENT = 1, 2


class Layer(nn.Module):
    """One BERT encoder layer (layer norm after each block); attention takes an additive bias."""

    def __init__(self, hidden: int, heads: int, intermediate: int) -> None:
        super().__init__()
        self.heads, self.width = heads, hidden // heads
        self.q, self.k, self.v, self.o = (nn.Linear(hidden, hidden) for _ in range(4))
        self.ln1 = nn.LayerNorm(hidden, 1e-12)
        self.up, self.down = nn.Linear(hidden, intermediate), nn.Linear(intermediate, hidden)
        self.ln2 = nn.LayerNorm(hidden, 1e-12)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        x = self.ln1(x + self.o(self.attend(x, bias)))
        return self.ln2(x + self.down(F.gelu(self.up(x))))

    def attend(self, x: Tensor, bias: Tensor) -> Tensor:
        # Written out rather than F.scaled_dot_product_attention: the export of that one carries a dozen shape nodes.
        def split(t: Tensor) -> Tensor:
            return t.view(x.shape[0], -1, self.heads, self.width).transpose(1, 2)

        q, k, v = split(self.q(x) / math.sqrt(self.width)), split(self.k(x)), split(self.v(x))
        mixed = (q @ k.transpose(2, 3) + bias).softmax(-1) @ v
        return mixed.transpose(1, 2).reshape(x.shape[0], -1, self.heads * self.width)


class SplitCrossEncoder(nn.Module):
    """See the module's docstring. The defaults are the sizes of MiniLM-L6; `joint` upper layers attend jointly."""

    def __init__(
        self,
        layers: int = 6,
        joint: int = 2,
        hidden: int = 384,
        heads: int = 12,
        intermediate: int = 1536,
        vocab: int = 30522,
        positions: int = 512,
        cls: int = 101,
    ) -> None:
        super().__init__()
        self.joint = joint
        self.cls = cls  # the id of [CLS], at which a text begins
        self.word, self.pos = nn.Embedding(vocab, hidden), nn.Embedding(positions, hidden)
        self.segment = nn.Parameter(torch.zeros(hidden))  # the bi-encoder's token-type-0 embedding, for both texts
        self.ln = nn.LayerNorm(hidden, 1e-12)
        self.layers = nn.ModuleList(Layer(hidden, heads, intermediate) for _ in range(layers))
        # Bias on attention to the other text, per joint layer. So low that an untrained model is the bi-encoder.
        self.cross = nn.Parameter(torch.full((joint,), -8.0))
        self.scale = nn.Parameter(torch.tensor(20.0))
        self.head = nn.Linear(hidden, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        segment = (input_ids == self.cls).long().cumsum(1) * attention_mask
        return self.read_jointly(self.read_apart(input_ids, segment), segment)

    def read_apart(self, input_ids: Tensor, segment: Tensor) -> Tensor:
        """States [batch, sequence, hidden] after the layers below the joint ones. `segment`: 0 for padding."""
        index = torch.arange(input_ids.shape[1], device=input_ids.device)[None]
        query_length = (segment == QUERY).sum(1, keepdim=True)
        position = torch.where(segment == DOCUMENT, index - query_length, index).clamp(0, self.pos.num_embeddings - 1)
        x = self.ln(self.word(input_ids) + self.pos(position) + self.segment)
        apart = torch.where(same_segment(segment) & (segment > 0)[:, None], 0.0, torch.finfo(x.dtype).min)[:, None]
        for layer in self.layers[: -self.joint]:
            x = layer(x, apart)
        return x

    def read_jointly(self, x: Tensor, segment: Tensor) -> Tensor:
        """Logits [batch, 1] from the states that `read_apart` gives."""
        same, key = same_segment(segment), (segment > 0)[:, None]
        zero = torch.zeros((), dtype=x.dtype, device=x.device)
        for layer, cross in zip(self.layers[-self.joint :], self.cross, strict=True):
            bias = torch.where(key, torch.where(same, zero, cross.to(x.dtype)), zero + torch.finfo(x.dtype).min)
            x = layer(x, bias[:, None])
        means = (mean_state(x, segment == part) for part in (QUERY, DOCUMENT))
        return (self.scale * F.cosine_similarity(*means, dim=1))[:, None] + self.head(x[:, 0])


def same_segment(segment: Tensor) -> Tensor:
    """[batch, sequence, sequence]: whether two tokens belong to one text."""
    return segment[:, :, None] == segment[:, None, :]


def keep_pieces(model: SplitCrossEncoder, ids: list[int], cls: int) -> None:
    """Leave only these rows of the vocabulary, in this order; [CLS] is then at `cls`."""
    model.word = nn.Embedding.from_pretrained(model.word.weight[ids].detach().clone())
    model.cls = cls


def trained_weights(model: SplitCrossEncoder) -> dict[str, Tensor]:
    """What training changes, as half precision: the joint layers and what makes the logit. The rest is the base's."""
    first = len(model.layers) - model.joint
    changed = ("cross", "scale", "head.", *(f"layers.{i}." for i in range(first, len(model.layers))))
    return {name: value.half() for name, value in model.state_dict().items() if name.startswith(changed)}


def load_trained(model: SplitCrossEncoder, checkpoint: Path) -> None:
    """Put a file of `trained_weights` over a model that was filled from its base."""
    weights = torch.load(checkpoint, weights_only=True)
    if weights.keys() != trained_weights(model).keys():
        raise SystemExit(f"{checkpoint} is not of a model with {len(model.layers)} layers, {model.joint} of them joint.")
    model.load_state_dict(weights, strict=False)


def mean_state(x: Tensor, part: Tensor) -> Tensor:
    """Mean of the states [batch, sequence, hidden] where `part` [batch, sequence] is true; 0 where it never is."""
    return (x * part[:, :, None].to(x.dtype)).sum(1) / part.sum(1, keepdim=True).clamp(min=1).to(x.dtype)


def load_bert_onnx(model: SplitCrossEncoder, onnx_path: str) -> SplitCrossEncoder:
    """Fill `model` from an ONNX export of a BERT bi-encoder (Hugging Face names) and return it."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(onnx_path).graph
    tensors = {i.name: torch.tensor(numpy_helper.to_array(i).copy()) for i in graph.initializer}
    for node in graph.node:  # exports rename the MatMul weights; the node's path still says which layer
        if node.op_type == "MatMul" and node.input[1] in tensors:
            tensors["/".join(node.name.strip("/").split("/")[:-1])] = tensors[node.input[1]].T.contiguous()

    linears = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "o": "attention.output.dense",
        "up": "intermediate.dense",
        "down": "output.dense",
    }
    with torch.no_grad():
        model.word.weight.copy_(tensors["embeddings.word_embeddings.weight"])
        model.pos.weight.copy_(tensors["embeddings.position_embeddings.weight"])
        model.segment.copy_(tensors["embeddings.token_type_embeddings.weight"][0])
        model.ln.weight.copy_(tensors["embeddings.LayerNorm.weight"])
        model.ln.bias.copy_(tensors["embeddings.LayerNorm.bias"])
        for i, layer in enumerate(model.layers):
            for name, path in linears.items():
                getattr(layer, name).weight.copy_(tensors[f"encoder/layer.{i}/" + path.replace(".", "/")])
                getattr(layer, name).bias.copy_(tensors[f"encoder.layer.{i}.{path}.bias"])
            for name, path in (("ln1", "attention.output.LayerNorm"), ("ln2", "output.LayerNorm")):
                getattr(layer, name).weight.copy_(tensors[f"encoder.layer.{i}.{path}.weight"])
                getattr(layer, name).bias.copy_(tensors[f"encoder.layer.{i}.{path}.bias"])
    return model
