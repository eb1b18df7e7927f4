"""Query and document -> token ids, by the rule that the engine follows too.

The query alone is cut to at most floor(max_tokens / 2) tokens. Then only the document is cut, so that
start + query + between + document + end fit into max_tokens. The special tokens are never cut.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer


@dataclass(frozen=True)
class EncodedPair:
    input_ids: list[int]
    token_type_ids: list[int]
    document_tokens: int  # before the cut
    truncated: bool


class PairEncoder:
    """Tokenizer and special tokens of one model."""

    def __init__(self, tokenizer: Path, max_tokens: int, document_start: bool = False) -> None:
        """`document_start`: the document begins with a [CLS] of its own."""
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        # "[SEP]" in a text is six characters of the reader's, not the model's separator.
        self.tokenizer.encode_special_tokens = True
        self.max_tokens = max_tokens
        start, end = (self.tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]"))
        self.start, self.end = [start], [end]
        self.between = [end, start] if document_start else [end]

    def encode(self, query: str, document: str) -> EncodedPair:
        all_query, all_document = self.ids(query), self.ids(document)
        head = [*self.start, *all_query[: self.max_tokens // 2], *self.between]
        tail = [*all_document[: self.max_tokens - len(head) - 1], *self.end]
        return EncodedPair(
            input_ids=head + tail,
            token_type_ids=[0] * len(head) + [1] * len(tail),
            document_tokens=len(all_document),
            truncated=len(head) + len(tail) < len(all_query) + len(all_document) + len(self.start + self.between + self.end),
        )

    def ids(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False).ids


def batch_feeds(pairs: list[EncodedPair], length: int = 0) -> dict[str, np.ndarray]:
    """Model inputs for one batch, padded to its longest pair or to `length`."""
    longest = max(length, *(len(p.input_ids) for p in pairs))

    def rows(values: list[list[int]]) -> np.ndarray:
        return np.array([row + [0] * (longest - len(row)) for row in values], np.int64)

    return {
        "input_ids": rows([p.input_ids for p in pairs]),
        "attention_mask": rows([[1] * len(p.input_ids) for p in pairs]),
        "token_type_ids": rows([p.token_type_ids for p in pairs]),
    }
