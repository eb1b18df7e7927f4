"""What rounding has to know of a model: what its layers read, and how much each of their weights moves the logit."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from encode_pairs import EncodedPair, PairEncoder, batch_feeds
from split_cross_encoder import SplitCrossEncoder

PAIRS = 256
LEAST_WORDS = 15  # of a section; shorter ones hold a list of links
BATCH = 8


@dataclass
class Measured:
    """Means over the calibration pairs. A layer is named by its path in the module, as `layers.0.q`."""

    inputs: dict[str, Tensor] = field(default_factory=dict)  # [in, in]: mean of x xᵀ over the tokens that a layer reads
    outputs: dict[str, Tensor] = field(default_factory=dict)  # [out]: mean square of dlogit/dweight, of a row's weights
    words: Tensor | None = None  # [hidden, hidden]: mean of g gᵀ, g = dlogit/d(a token's embedding)


def read_pairs(sections: Path, encoder: PairEncoder) -> list[EncodedPair]:
    """Pairs of a title and a section, every second one of another's title, drawn from a file of search records."""
    records = [json.loads(line) for line in sections.read_text().splitlines()]
    records = [record for record in records if len(record["text"].split()) >= LEAST_WORDS]
    records = random.Random(3).sample(records, PAIRS)
    return [
        encoder.encode(records[i - i % 2]["title"], f"{record['title']}\n{record['text']}") for i, record in enumerate(records)
    ]


def measure(model: SplitCrossEncoder, pairs: list[EncodedPair]) -> Measured:
    """Run `model` forward and backward over the pairs. Leaves it without gradients."""
    found, tokens = Measured(), 0
    real = torch.empty(0)  # which tokens of the batch are no padding
    starts: list[Tensor] = []

    def read_sum(_: nn.Module, inputs: tuple[Tensor]) -> tuple[Tensor]:
        starts[:] = [inputs[0].detach().requires_grad_()]
        return (starts[0],)

    def read_layer(name: str, inputs: Tensor, outputs: Tensor) -> None:
        x = inputs.detach() * real[..., None]
        if not name.endswith((".k", ".v")):  # they read what q reads
            add(found.inputs, name, torch.einsum("bti,btj->ij", x, x))
        # The weights' gradient of each pair, not of the batch: signs of different pairs must not cancel.
        outputs.register_hook(lambda g: add(found.outputs, name, torch.einsum("bto,bti->boi", g, x).square().sum(0).mean(1)))

    hooks = [model.ln.register_forward_pre_hook(read_sum)]
    for name, layer in linears(model):
        hooks.append(layer.register_forward_hook(lambda _, inputs, out, name=name: read_layer(name, inputs[0], out)))
    words: dict[str, Tensor] = {}
    for ids, mask in batches(pairs):
        real = mask.float()
        model(ids, mask).sum().backward()
        g = starts[0].grad[mask.bool()]
        add(words, "words", g.T @ g)
        tokens += len(g)
    for hook in hooks:
        hook.remove()
    model.zero_grad(set_to_none=True)

    found.inputs = {name: total / tokens for name, total in found.inputs.items()}
    for name in [name for name in found.inputs if name.endswith(".q")]:
        found.inputs |= {f"{name.removesuffix('q')}{other}": found.inputs[name] for other in "kv"}
    found.outputs = {name: total / len(pairs) for name, total in found.outputs.items()}
    found.words = words["words"] / tokens
    return found


def linears(model: SplitCrossEncoder) -> Iterator[tuple[str, nn.Linear]]:
    """The layers whose weights become int8: all but the head."""
    return ((name, layer) for name, layer in model.named_modules() if isinstance(layer, nn.Linear) and name != "head")


def add(totals: dict[str, Tensor], name: str, value: Tensor) -> None:
    totals[name] = totals[name] + value if name in totals else value


def batches(pairs: list[EncodedPair]) -> Iterator[tuple[Tensor, Tensor]]:
    by_length = sorted(pairs, key=lambda pair: len(pair.input_ids))
    for start in range(0, len(pairs), BATCH):
        feeds = batch_feeds(by_length[start : start + BATCH])
        yield torch.from_numpy(feeds["input_ids"]), torch.from_numpy(feeds["attention_mask"])
