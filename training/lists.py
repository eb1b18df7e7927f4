"""Make training lists from sections: a query, the section that it came from, and hard negatives.

  python lists.py sections.jsonl BASES lists.pt

Queries are headings (the section is shown without its heading) and sentences taken out of their section, so that no
query is a copy of what its document says. Negatives come from BM25 and from a bi-encoder. Lists of the packages in
`HELD_OUT` are for measuring: the section among BM25's best 50.

The file: {"documents": [text], "lists": [{"query", "documents": [index], the section's own first; "heldOut"}]}.
"""

import argparse
import json
import random
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
import torch

from bi_encoder import BiEncoder

HELD_OUT = ("sqlite3-doc", "gnucash-docs", "python-tornado-doc", "wireshark-doc")
MOST_OF_A_PACKAGE = 100
CANDIDATES = 60  # from BM25, of which the bi-encoder picks the hard ones
ENGLISH = {"the", "of", "to", "and", "is", "a", "in", "for", "that", "be", "this", "are", "with", "as", "by", "or", "if"}
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


@dataclass
class Query:
    text: str
    section: int  # the positive
    document: str  # the positive as the model sees it: without what the query was made from


def choose_sections(path: Path, rng: random.Random) -> list[dict[str, str]]:
    packages = defaultdict(list)
    for line in path.open():
        section = json.loads(line)
        if is_english(section["text"]):
            packages[section["package"]].append(section)
    chosen = []
    for sections in packages.values():
        chosen += rng.sample(sections, min(len(sections), MOST_OF_A_PACKAGE))
    return chosen


def is_english(text: str) -> bool:
    words = text.lower().split()
    return sum(word in ENGLISH for word in words) > 0.08 * len(words)


def document_of(section: dict[str, str], *, with_heading: bool = True, text: str | None = None) -> str:
    """As a site's search record reads: a title line and the text."""
    title, heading = section["title"], section["heading"]
    names = [title] if title != heading else []
    if with_heading:
        names.append(heading)
    return "\n".join([" - ".join(names), text or section["text"]]).strip()


def make_queries(sections: list[dict[str, str]], rng: random.Random) -> list[Query]:
    queries = []
    for index, section in enumerate(sections):
        heading, title = section["heading"], section["title"]
        words = heading.split()
        if 3 <= len(words) <= 14 and not re.search(r"[(){}:=<>_]|introduction|see also|overview|example", heading, re.I):
            text = as_reader_types(heading, rng)
            queries.append(Query(text, index, document_of(section, with_heading=False)))
        elif len(words) <= 2 and title != heading and 2 <= len(title.split()) <= 8 and rng.random() < 0.3:
            queries.append(Query(as_reader_types(f"{title} {heading}", rng), index, section["text"]))
        sentences = SENTENCE.split(section["text"].replace("\n", " "))
        usable = [s for s in sentences if 6 <= len(s.split()) <= 22 and "|" not in s]
        if len(sentences) >= 4 and usable and rng.random() < 0.6:
            sentence = rng.choice(usable)
            rest = " ".join(s for s in sentences if s != sentence)
            document = document_of(section, with_heading=rng.random() < 0.5, text=rest)
            queries.append(Query(sentence.rstrip("."), index, document))
    rng.shuffle(queries)
    return queries


def as_reader_types(heading: str, rng: random.Random) -> str:
    """Headings in the forms in which readers ask: as they stand, in lower case, or as a question."""
    first, *rest = heading.split()
    if first.endswith("ing") and len(first) > 5 and rest and rng.random() < 0.7:
        verb = first[:-3].lower()
        if verb.endswith(("at", "iz", "ur", "ov", "ak", "ag", "in", "os", "ut")) and not verb.endswith(("ain", "oin", "eat", "out")):
            verb += "e"
        elif len(verb) > 3 and verb[-1] == verb[-2] and verb[-1] not in "lsz":
            verb = verb[:-1]
        return f"{rng.choice(['how to', 'how do I', ''])} {verb} {' '.join(rest)}".strip()
    return heading.lower() if rng.random() < 0.5 else heading


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", type=Path)
    parser.add_argument("bases", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--queries", type=int, default=3600)
    parser.add_argument("--negatives", type=int, default=7)
    options = parser.parse_args()
    rng = random.Random(0)
    torch.manual_seed(0)

    sections = choose_sections(options.sections, rng)
    documents = [document_of(section) for section in sections]
    every = make_queries(sections, rng)
    held = [q for q in every if sections[q.section]["package"] in HELD_OUT][:250]
    queries = [q for q in every if sections[q.section]["package"] not in HELD_OUT][: options.queries] + held
    print(f"{len(sections)} sections, {len(queries)} queries, {len(held)} of them held out", flush=True)

    encoder = BiEncoder(options.bases / "all-MiniLM-L6-v2", layers=6)
    vectors = encoder.encode(documents, 96).means
    query_vectors = encoder.encode([q.text for q in queries], 48).means

    stemmer = Stemmer.Stemmer("english")
    index = bm25s.BM25()
    index.index(bm25s.tokenize(documents, stemmer=stemmer, stopwords="en", show_progress=False), show_progress=False)
    asked = bm25s.tokenize([q.text for q in queries], stemmer=stemmer, stopwords="en", show_progress=False)
    found, _ = index.retrieve(asked, k=CANDIDATES, show_progress=False, n_threads=1)

    lists = []
    for i, query in enumerate(queries):
        own = sections[query.section]
        scores = vectors @ query_vectors[i]
        pool = [int(j) for j in found[i] if j != query.section and sections[j]["text"] != own["text"]]
        held_out = i >= len(queries) - len(held)
        if held_out:
            negatives = pool[:49]
        else:
            near = np.argpartition(-scores, 30)[:30]
            dense = [int(j) for j in near if j != query.section and j not in pool]
            hard = sorted(pool, key=lambda j: -scores[j])[:12]
            negatives = rng.sample(hard, min(4, len(hard))) + rng.sample(dense, min(3, len(dense)))
            others = [j for j in pool if j not in negatives]
            negatives += rng.sample(others, min(options.negatives - len(negatives), len(others)))
        documents.append(query.document)
        lists.append({"query": query.text, "documents": [len(documents) - 1, *negatives], "heldOut": held_out})
    torch.save({"documents": documents, "lists": lists}, options.out)
    print(f"{sum(len(each['documents']) for each in lists)} pairs", flush=True)


if __name__ == "__main__":
    main()
