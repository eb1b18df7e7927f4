"""The tokenizer of a model folder: the base's own, without the settings that would cut or pad behind our back."""

import json
from pathlib import Path

CONFIG_KEYS = (
    "clean_up_tokenization_spaces", "cls_token", "do_basic_tokenize", "do_lower_case", "mask_token", "never_split",
    "pad_token", "sep_token", "strip_accents", "tokenize_chinese_chars", "tokenizer_class", "unk_token",
)  # fmt: skip


def copy_tokenizer(
    source: Path, target: Path, max_tokens: int, vocab: dict[str, int] | None = None, document_start: bool = False
) -> None:
    """Copy tokenizer.json and tokenizer_config.json.

    With `vocab`, for a model that knows only those pieces; with `document_start`, for one whose document begins with a
    [CLS] of its own.
    """
    tokenizer = json.loads((source / "tokenizer.json").read_text())
    tokenizer["truncation"] = tokenizer["padding"] = None
    if vocab:
        tokenizer["model"]["vocab"] = vocab
        for token in tokenizer["added_tokens"]:
            token["id"] = vocab[token["content"]]
        for name, token in tokenizer["post_processor"]["special_tokens"].items():
            token["ids"] = [vocab[name]]
    if document_start:
        pair = tokenizer["post_processor"]["pair"]
        second = next(i for i, piece in enumerate(pair) if piece.get("Sequence", {}).get("id") == "B")
        pair.insert(second, {"SpecialToken": {"id": "[CLS]", "type_id": 1}})
    config = json.loads((source / "tokenizer_config.json").read_text())
    config = {key: config[key] for key in CONFIG_KEYS if key in config} | {"model_max_length": max_tokens}
    write_compact(target / "tokenizer.json", tokenizer)
    write_compact(target / "tokenizer_config.json", config)


def write_compact(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")
