"""The families' tiny random-weight classifiers, of transformers' own classes."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
import transformers
from tokenizers import Tokenizer
from transformers import PretrainedConfig, PreTrainedModel

import family_tokenizers

SIZE = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
# Ten times the usual: with less, every text gets nearly the same logit.
RANGE = {"initializer_range": 0.2}
BERT_INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


@dataclass(frozen=True)
class Family:
    """One tiny model: how its tokenizer and its classifier are made, and what the manifest must say of it."""

    id: str
    make_tokenizer: Callable[[], Tokenizer]
    tokenizer_class: str
    # Text of each role, as tokenizer_config.json has it.
    tokens: dict[str, str]
    config: type[PretrainedConfig]
    model: type[PreTrainedModel]
    settings: dict[str, object]
    # Rows of the position table; what a pair may be long is `max_tokens`.
    positions: int
    max_tokens: int
    labels: list[str] = field(default_factory=lambda: ["relevant"])
    inputs: list[str] = field(default_factory=lambda: BERT_INPUTS[:2])


BERT_TOKENS = {"cls": "[CLS]", "sep": "[SEP]", "pad": "[PAD]", "unk": "[UNK]", "mask": "[MASK]"}
ROBERTA_TOKENS = {
    "bos": "<s>", "eos": "</s>", "cls": "<s>", "sep": "</s>", "pad": "<pad>", "unk": "<unk>", "mask": "<mask>",
}  # fmt: skip

FAMILIES = [
    Family(
        "tiny-electra", lambda: family_tokenizers.wordpiece(lowercase=True), "ElectraTokenizer", BERT_TOKENS,
        transformers.ElectraConfig, transformers.ElectraForSequenceClassification,
        {**SIZE, **RANGE, "embedding_size": 16}, positions=96, max_tokens=96, inputs=BERT_INPUTS,
    ),
    Family(
        "tiny-distilbert", lambda: family_tokenizers.wordpiece(lowercase=False), "DistilBertTokenizer", BERT_TOKENS,
        transformers.DistilBertConfig, transformers.DistilBertForSequenceClassification,
        {**RANGE, "dim": 32, "n_layers": 2, "n_heads": 2, "hidden_dim": 64}, positions=128, max_tokens=128,
    ),
    Family(
        "tiny-roberta", family_tokenizers.roberta, "RobertaTokenizer", ROBERTA_TOKENS,
        transformers.RobertaConfig, transformers.RobertaForSequenceClassification,
        {**SIZE, **RANGE, "type_vocab_size": 1}, positions=130, max_tokens=128, labels=["irrelevant", "relevant"],
    ),
    Family(
        "tiny-xlm-roberta", family_tokenizers.xlm_roberta, "XLMRobertaTokenizer", ROBERTA_TOKENS,
        transformers.XLMRobertaConfig, transformers.XLMRobertaForSequenceClassification,
        {**SIZE, **RANGE, "type_vocab_size": 1}, positions=130, max_tokens=128,
    ),
    Family(
        "tiny-deberta-v2", family_tokenizers.deberta_v2, "DebertaV2Tokenizer", BERT_TOKENS,
        transformers.DebertaV2Config, transformers.DebertaV2ForSequenceClassification,
        # DeBERTa-v3's settings: relative positions in buckets, shared key, no absolute positions, no token types.
        {
            **SIZE, **RANGE, "type_vocab_size": 0, "relative_attention": True, "position_buckets": 16,
            "max_relative_positions": -1, "norm_rel_ebd": "layer_norm", "share_att_key": True,
            "pos_att_type": ["p2c", "c2p"], "position_biased_input": False, "pooler_hidden_size": 32,
            "pooler_dropout": 0,
        },
        positions=128, max_tokens=128,
    ),
    Family(
        "tiny-modernbert", family_tokenizers.modernbert, "PreTrainedTokenizerFast", BERT_TOKENS,
        transformers.ModernBertConfig, transformers.ModernBertForSequenceClassification,
        # Far wider pairs than the window of local attention, and the mean as gte-reranker-modernbert pools.
        {
            **SIZE, "initializer_range": 0.1, "initializer_cutoff_factor": 2.0, "num_hidden_layers": 4, "local_attention": 16,
            "global_attn_every_n_layers": 3, "classifier_pooling": "mean",
        },
        positions=192, max_tokens=192,
    ),
]  # fmt: skip


class Logits(torch.nn.Module):
    """Takes the inputs by position and returns the logits alone, as the exporter wants it."""

    def __init__(self, original: PreTrainedModel, inputs: list[str]) -> None:
        super().__init__()
        self.original, self.inputs = original, inputs

    def forward(self, *values: torch.Tensor) -> torch.Tensor:
        return self.original(**dict(zip(self.inputs, values, strict=True))).logits


def make_model(family: Family, tokenizer: Tokenizer) -> Logits:
    torch.manual_seed(20261121)
    # BERT-like ones have no tokens of their own for the ends of a text.
    roles = {"bos": family.tokens["cls"], "eos": family.tokens["sep"], **family.tokens}
    ids = {f"{role}_token_id": tokenizer.token_to_id(roles[role]) for role in ("pad", "bos", "eos", "cls", "sep")}
    config = family.config(
        vocab_size=tokenizer.get_vocab_size(),
        max_position_embeddings=family.positions,
        num_labels=len(family.labels),
        id2label=dict(enumerate(family.labels)),
        label2id={label: i for i, label in enumerate(family.labels)},
        **ids,
        **family.settings,
    )
    config._attn_implementation = "eager"  # exports as plain MatMul and Softmax
    return Logits(family.model(config).eval(), family.inputs)


def spread_logits(model: Logits, logits: torch.Tensor) -> None:
    """Scale and shift the last layer so that these logits [pairs, labels] lie within about -4..4."""
    # Rounded, so that the last bits of this machine's arithmetic do not get into the weights.
    middle = ((logits.amax(0) + logits.amin(0)) / 2).round(decimals=3)
    factor = (4 / (logits - middle).abs().amax()).round(decimals=2)
    head = [m for m in model.modules() if isinstance(m, torch.nn.Linear) and m.out_features == logits.shape[1]][-1]
    with torch.no_grad():
        head.weight.mul_(factor)
        head.bias.sub_(middle).mul_(factor)
