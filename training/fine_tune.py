"""Fine-tune a shipped model on a site's own judgments, and say what that brings before it is used.

  python fine_tune.py DATA BASE_FOLDER LAYERS checkpoints/MODEL.pt OUT.pt

DATA is a BEIR folder, as `npx rerank-results judge` writes it: corpus.jsonl, queries.jsonl, qrels/test.tsv, runs/*.trec. 200 to
500 judged pairs are enough to try. Only the joint layers learn, from lists of one relevant document and others of the
same query: those that were judged irrelevant first, then the first stage's own.

Each query is measured by a model that did not see it (cross-validation by query); OUT.pt then learns from all of them.
"""

import argparse
import copy
import json
import math
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import torch

from bi_encoder import BiEncoder, load_trained, trained_weights
from encode import DOCUMENT_TOKENS, JOINT, QUERY_TOKENS
from train import scores_of

NEGATIVES = 7


@dataclass
class Query:
    id: str
    text: str
    grades: dict[str, int]  # document -> grade
    ranking: list[str]  # the first stage's, best first


def read_queries(data: Path, depth: int) -> list[Query]:
    texts = {record["_id"]: record["text"] for record in map(json.loads, (data / "queries.jsonl").open())}
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (data / "qrels/test.tsv").read_text().splitlines()[1:]:
        query, document, grade = line.split("\t")
        grades[query][document] = int(grade)
    scores: dict[str, list[tuple[float, str]]] = defaultdict(list)
    (run,) = (data / "runs").glob("*.trec")
    for line in run.read_text().splitlines():
        query, _, document, _, score, _ = line.split()
        scores[query].append((-float(score), document))
    return [
        Query(query, texts[query], grades[query], [document for _, document in sorted(found)][:depth])
        for query, found in scores.items()
        if any(grade > 0 for grade in grades[query].values())
    ]


def encode(data: Path, queries: list[Query], encoder: BiEncoder, layers: int) -> dict:
    """The lower layers' states: {"queries": by position, "documents": by id}."""
    wanted = {document for query in queries for document in (*query.ranking, *query.grades)}
    texts = {
        record["_id"]: "\n".join(filter(None, (record.get("title"), record["text"])))
        for record in map(json.loads, (data / "corpus.jsonl").open())
        if record["_id"] in wanted
    }
    documents = encoder.encode(list(texts.values()), DOCUMENT_TOKENS, layers - JOINT).states
    asked = encoder.encode([query.text for query in queries], QUERY_TOKENS, layers - JOINT).states
    return {"queries": asked, "documents": dict(zip(texts, documents, strict=True))}


def make_lists(query: Query, row: int, known: dict, rng: random.Random) -> list[dict]:
    """A list for each relevant document: it first, then others of the query."""
    relevant = [document for document, grade in query.grades.items() if grade > 0 and document in known]
    judged = [document for document, grade in query.grades.items() if grade <= 0 and document in known]
    others = [document for document in query.ranking if document not in query.grades]
    lists = []
    for document in relevant:
        negatives = rng.sample(judged, min(len(judged), NEGATIVES))
        negatives += rng.sample(others, min(len(others), NEGATIVES - len(negatives)))
        lists.append({"row": row, "documents": [document, *negatives]})
    return lists


def learn(model, queries, rows, states, *, epochs: int, rate: float, seed: int):
    model = copy.deepcopy(model)
    rng = random.Random(seed)
    model.requires_grad_(False)
    learned = [*model.layers[-model.joint :].parameters(), model.cross, *model.head.parameters()]
    for parameter in learned:
        parameter.requires_grad_(True)
    optimizer = torch.optim.AdamW(learned, lr=rate, weight_decay=0.01)
    for _ in range(epochs):
        lists = [each for row in rows for each in make_lists(queries[row], row, states["documents"], rng)]
        rng.shuffle(lists)
        for at in range(0, len(lists), 4):
            step = lists[at : at + 4]
            by_row = dict(enumerate(step))
            here = {"documents": states["documents"], "queries": [states["queries"][each["row"]] for each in step]}
            losses = [-scores.log_softmax(0)[0] for scores in scores_of(model, by_row, list(by_row), here)]
            optimizer.zero_grad()
            torch.stack(losses).mean().backward()
            torch.nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
    return model.eval()


@torch.inference_mode()
def measure(model, query: Query, row: int, states) -> float:
    """nDCG@10 of the query's candidates in the model's order."""
    (scores,) = scores_of(model, {row: {"documents": query.ranking}}, [row], states)
    order = scores.argsort(descending=True, stable=True).tolist()
    return ndcg([query.grades.get(query.ranking[i], 0) for i in order], query.grades)


def ndcg(gains: list[int], grades: dict[str, int], cutoff: int = 10) -> float:
    def dcg(values) -> float:
        return sum(max(0, value) / math.log2(rank + 2) for rank, value in enumerate(values[:cutoff]))

    return dcg(gains) / dcg(sorted(grades.values(), reverse=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("layers", type=int)
    parser.add_argument("checkpoint", type=Path, help="the shipped model's")
    parser.add_argument("out", type=Path)
    parser.add_argument("--depth", type=int, default=50)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=1e-4)
    options = parser.parse_args()
    torch.manual_seed(0)

    encoder = BiEncoder(options.base, options.layers)
    model = encoder.model
    load_trained(model, options.checkpoint)
    queries = read_queries(options.data, options.depth)
    states = encode(options.data, queries, encoder, options.layers)

    rows = list(range(len(queries)))
    random.Random(0).shuffle(rows)
    first, before, after = [], {}, {}
    for row in rows:
        query = queries[row]
        first.append(ndcg([query.grades.get(document, 0) for document in query.ranking], query.grades))
        before[row] = measure(model.eval(), query, row, states)
    for fold in range(options.folds):
        left_out = rows[fold :: options.folds]
        seen = [row for row in rows if row not in left_out]
        tuned = learn(model, queries, seen, states, epochs=options.epochs, rate=options.rate, seed=fold)
        after |= {row: measure(tuned, queries[row], row, states) for row in left_out}
        print(f"fold {fold + 1} of {options.folds}", flush=True)
    better = sum(after[row] > before[row] + 1e-9 for row in rows)
    worse = sum(after[row] < before[row] - 1e-9 for row in rows)
    pairs = sum(len(query.grades) for query in queries)
    print(f"{len(queries)} queries, {pairs} judged pairs; nDCG@10: first stage {sum(first) / len(rows):.4f}, ", end="")
    print(f"before {sum(before.values()) / len(rows):.4f}, after {sum(after.values()) / len(rows):.4f}", end=" ")
    print(f"({better} queries better, {worse} worse)")
    tuned = learn(model, queries, rows, states, epochs=options.epochs, rate=options.rate, seed=0)
    torch.save(trained_weights(tuned), options.out)


if __name__ == "__main__":
    main()
