"""The pairs whose logits are recorded: ordinary ones, and every kind of text that has broken a tokenizer or a kernel.

All texts were written for this project.
"""

from typing import NamedTuple


class Pair(NamedTuple):
    name: str
    query: str
    document: str


# Ordinary questions; each has an answer, a near miss and an unrelated text.
TOPICS: dict[str, tuple[str, str, str, str]] = {
    "slow-queries": (
        "find slow queries in postgres",
        "Turn on log_min_duration_statement to write every statement that runs longer than the given time to the server log.",
        "A B-tree index lets the planner fetch a few rows without reading the whole table.",
        "Bread dough rises faster in a warm kitchen.",
    ),
    "undo-commit": (
        "undo last commit but keep my changes",
        "git reset --soft HEAD~1 removes the newest commit and leaves its changes staged.",
        "git commit --amend replaces the newest commit with a new one.",
        "The harbour closes to sailing boats in November.",
    ),
    "vacuum": (
        "why does my table keep growing after deletes",
        "Deleted rows stay on disk as dead tuples until VACUUM marks their space as free for new rows.",
        "TRUNCATE empties a table at once, and cannot be limited to some rows.",
        "To grow tomatoes indoors, give each plant a deep pot and a sunny window.",
    ),
    "branch": (
        "rename a local branch",
        "Use git branch -m old-name new-name to give a local branch another name.",
        "git branch -d deletes a branch that is already merged.",
        "The tree in front of the house lost a branch in the storm.",
    ),
    "transaction": (
        "what isolation level prevents phantom reads",
        "Under SERIALIZABLE, transactions behave as if they ran one after another, so no phantom rows can appear.",
        "BEGIN starts a transaction block; COMMIT makes its changes visible to others.",
        "The museum keeps its oldest paintings in an isolated room.",
    ),
    "worker": (
        "run heavy code without freezing the page",
        "A web worker runs a script on a background thread, so long computations do not block the user interface.",
        "requestAnimationFrame calls a function before the next repaint.",
        "Freezing soup in small portions keeps it fresh for months.",
    ),
}

SENTENCES = [
    "A database stores its pages in files and keeps the busy ones in memory.",
    "When a page changes, the server first writes a log record that describes the change.",
    "After a crash, the log is replayed from the last checkpoint, and no committed work is lost.",
    "Checkpoints cost writes, so their distance is a trade between recovery time and load.",
    "A replica receives the same log over the network and applies it a moment later.",
    "Reading from a replica is cheap, but the answer may be slightly old.",
    "The planner estimates how many rows each step returns and picks the cheapest order of joins.",
    "Its estimates come from samples of the columns, which ANALYZE refreshes.",
    "If the estimate is far off, a nested loop may run a million times instead of ten.",
    "EXPLAIN ANALYZE prints both the estimated and the actual number of rows of every step.",
    "An index helps only when the condition names its leading columns.",
    "Every additional index makes inserts slower, because each must be updated too.",
    "Version control keeps the history of a project as a graph of commits.",
    "Each commit names its parents, its author and a snapshot of all files.",
    "A branch is nothing but a movable name for one commit.",
    "Merging joins two lines of work; rebasing copies one of them on top of the other.",
    "Conflicts arise when both sides changed the same lines of a file.",
    "Tags mark releases and, unlike branches, do not move.",
    "A browser draws a page from a tree of elements and a set of style rules.",
    "Scripts may change the tree, and every change can force a new layout.",
    "Reading a size right after writing a style makes the browser lay out the page at once.",
    "Large lists stay fast when only the visible rows exist in the tree.",
    "Caches remember answers by address, and a hash in the address makes them safe to keep forever.",
    "A service worker can answer requests while the network is away.",
    "Permissions decide which role may read a table and which may change it.",
    "Passwords belong in a vault, not in a configuration file under version control.",
    "Backups that were never restored are only a hope.",
    "Monitoring should wake a person only for what a person can mend.",
]


def words(count: int, start: int = 0) -> str:
    """The first `count` words of the sentences, from sentence `start` on, repeated as often as needed."""
    text = " ".join(SENTENCES[start:] + SENTENCES[:start]).split()
    return " ".join((text * (count // len(text) + 1))[:count])


def topic_pairs() -> list[Pair]:
    kinds = ("answer", "near", "unrelated")
    return [Pair(f"{t}/{kind}", q, d) for t, (q, *texts) in TOPICS.items() for kind, d in zip(kinds, texts, strict=True)]


def length_pairs() -> list[Pair]:
    lengths = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 400)
    return [Pair(f"length/{n}-words", "how does crash recovery work", words(n, start=n % 7)) for n in lengths]


EDGES = [
    Pair("truncated/document", "how does crash recovery work", words(900)),
    Pair("truncated/document-answer-at-end", "freezing soup", words(600, 4) + " Freezing soup keeps it fresh."),
    Pair("truncated/query", words(500), "A replica receives the same log over the network."),
    Pair("truncated/both", words(400, 12), words(800, 3)),
    Pair("empty/query", "", "A branch is nothing but a movable name for one commit."),
    Pair("empty/document", "what is a branch", ""),
    Pair("empty/both", "", ""),
    Pair("empty/only-spaces", "   ", "\t\n  \r\n"),
    Pair("script/chinese", "如何撤销上一次提交", "使用 git reset --soft 可以撤销最近一次提交并保留修改。"),
    Pair("script/japanese", "インデックスを作成する方法", "CREATE INDEX 文は、テーブルの列に索引を作成します。"),
    Pair("script/korean", "느린 쿼리를 찾는 방법", "로그 설정을 켜면 오래 걸리는 문장이 기록됩니다."),
    Pair("script/arabic", "كيف أنشئ فهرسا", "ينشئ هذا الأمر فهرسا على أعمدة الجدول."),
    Pair("script/hindi", "तालिका कैसे बनाएं", "यह कथन डेटाबेस में एक नई तालिका बनाता है।"),
    Pair("script/russian", "как отменить последний коммит", "Команда удаляет последний коммит и сохраняет изменения."),
    Pair("script/greek-hebrew-thai", "Ευρετήριο πίνακα", "אינדקס של טבלה ดัชนีของตาราง"),
    Pair("script/mixed", "¿dónde está el archivo de configuración?", "Die Datei liegt unter /etc — 設定ファイル, Größe 4 KiB."),
    Pair("emoji/simple", "deploy 🚀 failed 😢", "The release 🎉 is out; see the notes 📝 before you upgrade."),
    Pair("emoji/joined", "👩‍💻 workflow", "A 👨‍👩‍👧‍👦 shares one ❤️‍🔥 repository 🏳️‍🌈 👍🏽."),
    Pair("accents/composed", "café résumé naïve", "Ça va très bien: l'élève a reçu son diplôme à Besançon."),
    Pair("accents/combining", "cafe\u0301 re\u0301sume\u0301", "Zalgo: t\u0335\u0321h\u0337\u0328i\u0336\u0322s, and n\u0303 as two code points."),
    Pair("accents/turkish-german", "İSTANBUL ığdır STRASSE", "Straße, ŞİŞLİ, Ǆ and ﬁ ligature are lowercased."),
    Pair("controls/c0", "null\u0000byte and\u0007bell", "Escape \u001b[31mred\u001b[0m, delete \u007f, form\u000cfeed, vertical\u000btab."),
    Pair("controls/format", "zero\u200bwidth\u200djoin", "Soft\u00adhyphen, \ufeffbyte order mark, \u202eoverride\u202c and \u2060word joiner."),
    Pair("controls/replacement", "broken \ufffd text", "It was read as \ufffd\ufffd instead of UTF-8."),
    Pair("controls/spaces", "no\u00a0break\u3000wide", "Thin\u2009space, line\u2028separator and paragraph\u2029separator."),
    Pair("words/100-letters", "a" * 100, "The word has " + "b" * 100 + " letters."),
    Pair("words/101-letters", "a" * 101, "Longer words become unknown: " + "c" * 101 + "."),
    Pair("words/5000-letters", "long word", "x" * 5000),
    Pair("words/compound", "Donaudampfschifffahrtsgesellschaft", "getElementsByTagNameAndSetAttributeIfMissing is too long."),
    Pair("code/sql", "select rows newer than a week", "SELECT id, title FROM posts WHERE created_at > now() - interval '7 days' ORDER BY 1 DESC;"),
    Pair("code/typescript", "abort a fetch", "const c = new AbortController();\nawait fetch(url, { signal: c.signal }); // c.abort()"),
    Pair("code/shell", "delete merged branches", "git branch --merged | grep -vE '^\\*|main' | xargs -r git branch -d"),
    Pair("code/html", "<b>bold</b> text", "<ul>\n  <li class=\"x\">&lt;escaped&gt;</li>\n</ul>"),
    Pair("code/path", "~/.config/app.toml", "C:\\Users\\me\\AppData\\Local\\app\\config.toml or $HOME/.config"),
    Pair("numbers/mixed", "pi to 10 digits", "3.1415926535; 1e-12; 0xFF; 1,234,567.89; 2026-11-21T10:00:00Z; v17.2; ½ ² ①"),
    Pair("numbers/only", "42", "1 2 3 5 8 13 21 34 55 89 144"),
    Pair("symbols/punctuation", "???", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ — “quotes” … « » ‘x’"),
    Pair("special/sep-in-document", "what is a branch", "A branch [SEP] is a name [SEP] for a commit."),
    Pair("special/sep-in-query", "what is [SEP] a branch", "A branch is a name for a commit."),
    Pair("special/cls-pad", "[CLS] branch", "[PAD] [PAD] A branch is a name for a commit. [PAD]"),
    Pair("special/mask-unk", "[MASK] a branch", "A [MASK] is a [UNK] for a commit, [sep] [Sep]."),
    Pair("special/glued", "x[SEP]y", "[CLS][SEP][MASK][PAD][UNK]"),
]

ALL: list[Pair] = [*topic_pairs(), *length_pairs(), *EDGES]

# What separates one tokenizer of a family from another: for the tiny models of the families only.
TRAPS = [
    Pair("special/roberta", "what is </s> a branch", "A branch </s></s> is <s>a name</s> for <pad> a commit. <pad></s>"),
    Pair("special/roberta-mask", "<mask> a branch", "A <mask> is <unk> for a<mask>commit, </S> <S> < /s> <|endoftext|> <|padding|>."),
    Pair("special/only-end", "</s>", "[SEP]"),
    Pair("special/only-pads", "<pad><pad>", "[PAD][PAD]"),
    Pair("special/metaspace", "▁branch▁", "▁A▁branch ▁ is ▁▁a name▁ [SEP]▁</s>▁"),
    Pair("special/byte-alphabet", "Ġbranch", "Ċ A ĠbranchĠisĊaĠname âĢĿ"),
    Pair("spaces/runs", "two  spaces   three", "Indented:\n    four\n        eight\t\ttabs \n \n mixed  . end   "),
    Pair("spaces/ends", "  leading", "\n  first line\n\n\nlast line\n\n"),
    Pair("spaces/only-newlines", "what is a branch", "\n\n\n"),
    Pair("spaces/byte-order-mark", "\ufeffbranch", "A\ufeff \ufeffbranch \u0085next line\u0085 \u001cfile\u001fsep."),
    Pair("spaces/odd-ends", "\x85 branch \x85", "\ufeff\ufeff A branch is a name.\x85\x85 \ufeff"),
    Pair("spaces/odd-between", "a\x85branch", "A \ufeffname \ufefffor\ufeffa\ufeff commit \x85\x85and\x85 more\x85\x85."),
    Pair("nfkc/width", "ＦＵＬＬ　ｗｉｄｔｈ", "ﾊﾝｶｸ ｶﾞﾊﾟ, ￥１２３ and ～ tilde."),
    Pair("nfkc/compatibility", "ﬁle ① ½ ㎏", "E = mc², H₂O, №5, ™, Ⅷ, …, ‥, ﷺ and ㍿."),
    Pair("nfkc/marks", "x\u0301\u0327 q\u0307", "e\u0301\u0323 o\u0308\u0304 \u0344 \u1100\u1161\u11a8 か\u3099 ①\u0301 ﾊﾞ."),
    Pair("nfkc/ohm", "Ω K Å", "\u2126 \u212a \u212b are letters of their own in Unicode."),
    Pair("case/greek-sigma", "ΟΔΟΣ ΣΊΣΥΦΟΣ", "Σ. ΤΗΣ ΠΌΛΗΣ, ὈΔΥΣΣΕΎΣ"),
    Pair("case/mixed", "GitHub PostgreSQL", "iOS and macOS; ẞ, Dž, ŉ, K and İstanbul."),
    Pair("script/astral", "𠀀𠮷 野家", "𝐁𝐨𝐥𝐝 𝓼𝓬𝓻𝓲𝓹𝓽 𠜎 text, 𐍈 gothic 🂡."),
    Pair("script/long-chinese", "索引", "数据库的索引可以加快查询但是会让写入变慢" * 40),
    Pair("script/long-unknown", "index", "龘靐齉" * 400 + "end"),
    Pair("script/right-to-left", "שלום עולם", "הפקודה \u200fgit\u200e מחזירה את \u202bהשינויים\u202c, ١٢٣ و۴۵۶."),
    Pair("script/thai-lao-khmer", "ค้นหาข้อมูลที่ช้า", "ຂໍ້ມູນ ឯកសារ မြန်မာ አማርኛ"),
    Pair("emoji/flags", "🇩🇪🇫🇷", "1️⃣ #️⃣ 👨🏿‍🚀 🏴\U000e0067\U000e0062\U000e007f ☺︎ ♥️"),
    Pair("english/contractions", "it's we'll I'D they'Re", "don't 'tis 'S o'clock rock'n'roll can't've ’s"),
    Pair("numbers/long", "1234567890123", "v1.2.3-rc.4+build.567 10⁻⁶ ٣٫١٤ 0b1010 1_000_000"),
    Pair("symbols/runs", "====", "---- **** ____ ........ !!!??? ((([[[{{{ ### ~~~~ `code` --flag=value"),
    Pair("truncated/one-word", "long word", "y" * 3000),
    Pair("truncated/emoji", "party", "🎉🥳" * 200),
]

FAMILIES: list[Pair] = [*ALL, *TRAPS]

# Short pairs, relevant and not, whose fp32 logits stand in the manifest: an engine runs them before it trusts a device.
REFERENCE = ["undo-commit/answer", "undo-commit/unrelated", "worker/answer", "vacuum/near"]
