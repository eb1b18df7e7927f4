"""A cross-encoder made for caching: lower layers read query and document apart, upper layers attend jointly.

Idea: PreTTR (MacAvaney et al., SIGIR 2020, "Efficient Document Re-Ranking for Transformers by Precomputing Term
Representations"). Started from a bi-encoder, whose cosine of mean states is the first guess of the score, it ranks
well before any training, and trains from there.

Standard inputs, so that any ONNX runtime and transformers.js can run it as a one-label sequence classifier:
  input_ids, attention_mask, token_type_ids: int64 [batch, sequence], `[CLS] query [SEP] document [SEP] [PAD]*`,
  token_type_ids 0 on `[CLS] query [SEP]`, 1 on `document [SEP]`.
Output: logits float [batch, 1] = scale * cos(mean query state, mean document state) + head([CLS] state).

The same weights can also run as two graphs: the states after the lower layers (`layers - joint` of them) do not
depend on the other text, so a document's states can be kept between keystrokes; the joint layers then read the pair.
"""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


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
    ) -> None:
        super().__init__()
        self.joint = joint
        self.word, self.pos = nn.Embedding(vocab, hidden), nn.Embedding(positions, hidden)
        self.segment = nn.Parameter(torch.zeros(hidden))  # the bi-encoder's token-type-0 embedding, for both texts
        self.ln = nn.LayerNorm(hidden, 1e-12)
        self.layers = nn.ModuleList(Layer(hidden, heads, intermediate) for _ in range(layers))
        self.cross = nn.Parameter(torch.full((joint,), -2.0))  # bias on attention to the other text, per joint layer
        self.scale = nn.Parameter(torch.tensor(20.0))
        self.head = nn.Linear(hidden, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        real = attention_mask.bool()
        in_query, in_document = (token_type_ids == 0) & real, (token_type_ids == 1) & real
        index = torch.arange(input_ids.shape[1], device=input_ids.device)[None]
        query_length = in_query.sum(1, keepdim=True)
        # The document counts its positions from 1, as if its own [CLS] stood at 0: so it is independent of the query.
        position = torch.where(token_type_ids == 1, index - query_length + 1, index).clamp(0, 511)
        x = self.ln(self.word(input_ids) + self.pos(position) + self.segment)

        same = token_type_ids[:, :, None] == token_type_ids[:, None, :]
        key = real[:, None, :]
        zero = torch.zeros((), dtype=x.dtype, device=x.device)
        never = zero + torch.finfo(x.dtype).min
        apart = torch.where(same & key, zero, never)[:, None]
        for i, layer in enumerate(self.layers):
            j = i - (len(self.layers) - self.joint)
            bias = apart if j < 0 else torch.where(key, torch.where(same, zero, self.cross[j]), never)[:, None]
            x = layer(x, bias)

        cosine = F.cosine_similarity(mean_state(x, in_query), mean_state(x, in_document), dim=1)
        return (self.scale * cosine)[:, None] + self.head(x[:, 0])


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
