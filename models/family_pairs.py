"""Pairs as a family's own Python tokenizer makes them, by our two rules: how long a query may be, and that a text's special
tokens are plain text.

The original does not know the second rule wholly: `split_special_tokens` takes special tokens off the list that is looked for
in a text, but a Unigram model finds `</s>` again as a piece of its vocabulary. Here such pieces get names that no text contains.
"""

import json
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

from encode_pairs import EncodedPair
from golden_pairs import Pair


class FamilyPairEncoder:
    """The tokenizer of a finished model folder."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        file = folder / "tokenizer.json"
        config = json.loads((folder / "tokenizer_config.json").read_text())
        names = {k: v for k, v in config.items() if k.endswith("_token")}
        self.original = PreTrainedTokenizerFast(tokenizer_file=str(file), **names)
        self.plain = without_special_tokens(json.loads(file.read_text()))
        self.max_tokens = max_tokens
        self.template = read_template(self.original)
        self.special_texts = [token.content for token in self.original.added_tokens_decoder.values() if token.special]

    def encode(self, pair: Pair) -> EncodedPair:
        start, between, end = self.template
        query, document = (self.plain.encode(text, add_special_tokens=False).ids for text in (pair.query, pair.document))
        head = [*start, *query[: self.max_tokens // 2], *between]
        tail = [*document[: self.max_tokens - len(head) - len(end)], *end]
        encoded = EncodedPair(
            input_ids=head + tail,
            token_type_ids=[0] * len(head) + [1] * len(tail),
            document_tokens=len(document),
            truncated=len(head) + len(tail) < len(query) + len(document) + len(start) + len(between) + len(end),
        )
        self.check_against_original(pair, encoded, len(query))
        return encoded

    def check_against_original(self, pair: Pair, encoded: EncodedPair, query_tokens: int) -> None:
        """Wherever our rules say nothing else, the pair is the original's own."""
        if query_tokens > self.max_tokens // 2:
            return
        if any(token in text for token in self.special_texts for text in (pair.query, pair.document)):
            return
        # As lists of one: a single empty document would be taken for none.
        own = self.original([pair.query], [pair.document], truncation="only_second", max_length=self.max_tokens)
        assert own["input_ids"] == [encoded.input_ids], pair.name


def read_template(original: PreTrainedTokenizerFast) -> tuple[list[int], list[int], list[int]]:
    """Start, between and end: what stands around two texts of a character each."""
    a, b = (original(text, add_special_tokens=False)["input_ids"] for text in ("a", "b"))
    ids = original("a", "b")["input_ids"]
    first = next(i for i in range(len(ids)) if ids[i : i + len(a)] == a)
    second = next(i for i in range(first + len(a), len(ids)) if ids[i : i + len(b)] == b)
    return ids[:first], ids[first + len(a) : second], ids[second + len(b) :]


def without_special_tokens(content: dict) -> Tokenizer:
    special = {token["content"] for token in content["added_tokens"] if token["special"]}
    content["added_tokens"] = [token for token in content["added_tokens"] if not token["special"]]
    content["post_processor"] = None
    model = content["model"]
    if model["type"] == "Unigram":
        model["vocab"] = [[f" {i}" if piece in special else piece, s] for i, (piece, s) in enumerate(model["vocab"])]
    return Tokenizer.from_str(json.dumps(content))


def padded_feeds(feeds: dict[str, np.ndarray], inputs: list[str], pad: int) -> dict[str, np.ndarray]:
    """The inputs that a model has, its pad id where nothing is read."""
    ids = np.where(feeds["attention_mask"] == 1, feeds["input_ids"], pad)
    return {name: value for name, value in (feeds | {"input_ids": ids}).items() if name in inputs}
