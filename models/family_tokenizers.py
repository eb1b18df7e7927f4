"""Tokenizers of the families' tiny models: trained here on texts of our own, set up as the families' real ones are.

Normalizer, pre-tokenizer and post-processor follow what transformers' own classes and converters build (BertTokenizer,
RobertaTokenizer, XLMRobertaTokenizer, DebertaV2Converter) and the tokenizer.json that ModernBERT was published with.
"""

import io
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

import golden_pairs

BERT_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

# Besides the English of the golden pairs: some text of other scripts, so that some of their characters are known.
OTHER_SCRIPTS = [
    "数据库的索引可以加快查询，但是会让写入变慢。",
    "テーブルの列に索引を作成します。インデックスは検索を速くします。",
    "데이터베이스의 색인은 검색을 빠르게 합니다.",
    "Команда удаляет последний коммит и сохраняет изменения в файлах.",
    "Le résumé décrit où l'élève a déjà reçu son diplôme; ça va très bien.",
    "Größere Tabellen müssen häufiger geprüft werden, äußerst selten überflüssig.",
    "ينشئ هذا الأمر فهرسا على أعمدة الجدول.",
    "Το ευρετήριο κάνει την αναζήτηση πιο γρήγορη.",
    "def read(path): return open(path).read()  # 1234567890",
    # Often enough for bytes that make one token of a space and a byte order mark, or of two next-line signs.
    "a \ufeffb \ufeffc \ufeffd \ufeffe \ufefff \ufeffg \ufeffh \x85\x85i \x85\x85j \x85\x85k \x85\x85l \x85\x85m",
    "SELECT id, title FROM posts WHERE id = 42 ORDER BY 1; [SEP] </s> [CLS] <mask>",
]


def training_texts() -> list[str]:
    topics = [text for topic in golden_pairs.TOPICS.values() for text in topic]
    return [*golden_pairs.SENTENCES, *topics, *OTHER_SCRIPTS]


def wordpiece(lowercase: bool) -> Tokenizer:
    """BERT's, as ELECTRA and DistilBERT have it too."""
    trained = bert_pipeline(models.WordPiece(unk_token="[UNK]"), lowercase)
    characters = {c for text in training_texts() for c in trained.normalizer.normalize_str(text) if not c.isspace()}
    # Given first, because the trainer would number them in another order each time.
    known = [*BERT_SPECIAL, *sorted(f"##{c}" for c in characters)]
    trainer = trainers.WordPieceTrainer(vocab_size=600, special_tokens=known, show_progress=False)
    trained.train_from_iterator(training_texts(), trainer)
    tokenizer = bert_pipeline(models.WordPiece(trained.get_vocab(), unk_token="[UNK]"), lowercase)
    tokenizer.add_special_tokens(BERT_SPECIAL)
    tokenizer.post_processor = template(tokenizer, "[CLS]", ["[SEP]"], "[SEP]", document_type=1)
    return tokenizer


def bert_pipeline(model: models.WordPiece, lowercase: bool) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def roberta() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    train_bytes(tokenizer, ["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True)])
    sep, cls = ((t, tokenizer.token_to_id(t)) for t in ("</s>", "<s>"))
    tokenizer.post_processor = processors.RobertaProcessing(sep, cls, add_prefix_space=False)
    return tokenizer


def modernbert() -> Tokenizer:
    """Special tokens last, and runs of spaces as tokens that are no special ones."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    train_bytes(tokenizer, ["<|padding|>", "<|endoftext|>"])
    spaces = [AddedToken(" " * n, normalized=True) for n in range(24, 1, -1)]
    tokenizer.add_tokens([AddedToken("|||EMAIL_ADDRESS|||", normalized=True), *spaces])
    tokenizer.add_special_tokens(["[UNK]", "[CLS]", "[SEP]", "[PAD]", AddedToken("[MASK]", lstrip=True)])
    tokenizer.post_processor = template(tokenizer, "[CLS]", ["[SEP]"], "[SEP]", document_type=1)
    return tokenizer


def train_bytes(tokenizer: Tokenizer, special: list[str]) -> None:
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=600, special_tokens=special, initial_alphabet=sorted(alphabet), show_progress=False
    )
    tokenizer.train_from_iterator(training_texts(), trainer)


def xlm_roberta() -> Tokenizer:
    """As XLMRobertaTokenizer builds it, and as bge-reranker-base has it."""
    pieces, charsmap = sentencepiece_unigram()
    tokenizer = unigram(["<s>", "<pad>", "</s>", "<unk>"], pieces, "<unk>", "<mask>")
    tokenizer.normalizer = normalizers.Precompiled(charsmap)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    tokenizer.post_processor = template(tokenizer, "<s>", ["</s>", "</s>"], "</s>", document_type=0)
    return tokenizer


def deberta_v2() -> Tokenizer:
    """As DebertaV2Converter builds it, which is how DeBERTa-v3's tokenizer.json was made."""
    pieces, charsmap = sentencepiece_unigram()
    tokenizer = unigram(["[PAD]", "[CLS]", "[SEP]", "[UNK]"], pieces, "[UNK]", "[MASK]")
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Strip(), normalizers.Precompiled(charsmap), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Metaspace(prepend_scheme="always")])
    tokenizer.post_processor = template(tokenizer, "[CLS]", ["[SEP]"], "[SEP]", document_type=1)
    return tokenizer


def unigram(special: list[str], pieces: list[tuple[str, float]], unknown: str, mask: str) -> Tokenizer:
    """Special tokens first, with score 0, and the mask last: in the vocabulary, as SentencePiece's converters leave them."""
    vocabulary = [(token, 0.0) for token in special] + pieces + [(mask, 0.0)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=special.index(unknown), byte_fallback=False))
    tokenizer.add_special_tokens([*special, AddedToken(mask, lstrip=True)])
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    return tokenizer


def sentencepiece_unigram() -> tuple[list[tuple[str, float]], bytes]:
    """Pieces with scores, and the compiled map of `normalization_rules`: real ones' formats, in a tenth of the size."""
    with tempfile.TemporaryDirectory() as folder:
        rules, text = Path(folder) / "rules.tsv", Path(folder) / "text.txt"
        rows = [(" ".join(f"{ord(c):X}" for c in part) for part in rule) for rule in normalization_rules()]
        rules.write_text("".join("\t".join(row) + "\n" for row in rows))
        text.write_text("\n".join(training_texts()))
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            input=str(text), model_writer=model, vocab_size=500, character_coverage=1.0, minloglevel=2,
            normalization_rule_tsv=str(rules), num_threads=1,
        )  # fmt: skip
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(model.getvalue())
    pieces = [(piece.piece, round(piece.score, 5)) for piece in proto.pieces[3:]]
    return pieces, proto.normalizer_spec.precompiled_charsmap


def template(
    tokenizer: Tokenizer, start: str, between: list[str], end: str, document_type: int
) -> processors.TemplateProcessing:
    middle = " ".join(f"{token}:0" for token in between)
    return processors.TemplateProcessing(
        single=f"{start}:0 $A:0 {end}:0",
        pair=f"{start}:0 $A:0 {middle} $B:{document_type} {end}:{document_type}",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in dict.fromkeys([start, *between, end])],
    )


def normalization_rules() -> Iterator[tuple[str, str]]:
    """What nmt_nfkc says of the characters that the golden pairs' scripts have: spaces, controls, NFKC."""
    spaces = [*"\t\n\f\r\u00a0\u1680\u200b\u200c\u200e\u200f\u2028\u2029\u202f\u205f\u3000\ufeff\ufffd"]
    spaces += [chr(c) for c in range(0x2000, 0x200B)]
    controls = [chr(c) for c in [*range(1, 9), 0x0B, *range(0x0E, 0x20), 0x7F, 0x8F, 0x9F]]
    yield from ((c, " ") for c in spaces)
    yield from ((c, "") for c in controls)
    ranges = [(0xA1, 0x250), (0x370, 0x400), (0x2010, 0x2500), (0x3001, 0x3400), (0xFB00, 0xFB07), (0xFF00, 0xFFF0)]
    for start, stop in ranges:
        for c in map(chr, range(start, stop)):
            composed = unicodedata.normalize("NFKC", c)
            if c == "～" or not c.isprintable():
                continue
            if composed != c:
                yield c, composed
            parts = unicodedata.normalize("NFD", c)
            if len(parts) == 2 and unicodedata.normalize("NFC", parts) == c:
                yield parts, composed
    yield from ((f"{chr(c)}ﾞ", unicodedata.normalize("NFKC", f"{chr(c)}ﾞ")) for c in range(0xFF76, 0xFF85))
