"""Train the joint layers of a split cross-encoder on lists, from the lower layers' kept states.

  python train.py lists.pt STATES.pt BASE_FOLDER LAYERS OUT.pt --teacher STATES.pt [STATES.pt ...]

The loss of a list is (1 - label weight) * KL(teacher || student) + label weight * cross-entropy of the section that the
query came from; both are softmaxes over the list's documents. The teacher is the mean of the given bi-encoders' cosines,
each divided by its temperature. After every round the held-out lists are measured, and the best round is kept.
"""

import argparse
import random
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from bi_encoder import SplitCrossEncoder, load_bert_onnx, trained_weights

QUERY, DOCUMENT = 1, 2
MEASURED_LISTS, MEASURED_DOCUMENTS = 150, 16
TEMPERATURE = 0.02  # of gte-small's and MiniLM's cosines; spreads a list of ten over about three documents


def batch_of(lists, rows, states):
    """Joint input of some lists: states [pairs, tokens, hidden], segments, and each list's number of pairs."""
    pairs = [(states["queries"][row], states["documents"][i]) for row in rows for i in lists[row]["documents"]]
    length = max(len(query) + len(document) for query, document in pairs)
    x = torch.zeros(len(pairs), length, pairs[0][0].shape[1])
    segment = torch.zeros(len(pairs), length, dtype=torch.long)
    for at, (query, document) in enumerate(pairs):
        end = len(query) + len(document)
        x[at, : len(query)], x[at, len(query) : end] = query, document
        segment[at, : len(query)], segment[at, len(query) : end] = QUERY, DOCUMENT
    return x, segment


def scores_of(model, lists, rows, states):
    x, segment = batch_of(lists, rows, states)
    with torch.autocast("cpu", torch.bfloat16):
        logits = model.read_jointly(x, segment).float().squeeze(1)
    return logits.split([len(lists[row]["documents"]) for row in rows])


@torch.inference_mode()
def measure(model, lists, rows, states) -> dict[str, float]:
    """nDCG@10 and MRR@10 of the one right section among BM25's best of held-out lists; ties are lost."""
    ranks = []
    for row in rows[:MEASURED_LISTS]:
        shortened = {row: {"documents": lists[row]["documents"][:MEASURED_DOCUMENTS]}}
        (scores,) = scores_of(model, shortened, [row], states)
        ranks.append(int((scores[1:] >= scores[0]).sum()) + 1)
    ranks = torch.tensor(ranks, dtype=torch.float)
    top = ranks <= 10
    return {"ndcg@10": float((top / torch.log2(ranks + 1)).mean()), "mrr@10": float((top / ranks).mean())}


@torch.inference_mode()
def center(model, lists, rows, states) -> None:
    """Move the logit's zero between right and wrong sections; a softmax over a list does not care where it is.

    The bias of the logistic regression with slope 1 on held-out pairs, right and wrong ones weighing the same. No order changes.
    """
    right, wrong = [], []
    for row in rows[:MEASURED_LISTS]:
        shortened = {row: {"documents": lists[row]["documents"][:MEASURED_DOCUMENTS]}}
        (scores,) = scores_of(model, shortened, [row], states)
        right.append(scores[:1])
        wrong.append(scores[1:])
    right, wrong = torch.cat(right), torch.cat(wrong)
    low, high = -100.0, 100.0
    while high - low > 1e-4:
        shift = (low + high) / 2
        gradient = wrong.add(shift).sigmoid().mean() - (1 - right.add(shift).sigmoid()).mean()
        low, high = (low, shift) if gradient > 0 else (shift, high)
    model.head.bias += shift


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", type=Path)
    parser.add_argument("states", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("layers", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--teacher", type=Path, nargs="+", required=True)
    parser.add_argument("--label-weight", type=float, default=0.4)
    parser.add_argument("--scale", type=float, default=60, help="of the base's cosine")
    parser.add_argument("--bias", type=float, default=-52)
    parser.add_argument("--cross", type=float, default=-4, help="bias of attention to the other text at the start")
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--epochs", type=float, default=2)
    parser.add_argument("--lists-a-step", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)

    lists = torch.load(options.lists, weights_only=True)["lists"]
    states = torch.load(options.states, weights_only=True, mmap=True)
    teachers = [torch.load(path, weights_only=True, mmap=True)["cosines"] for path in options.teacher]
    training = [row for row, each in enumerate(lists) if not each["heldOut"]]
    held_out = [row for row, each in enumerate(lists) if each["heldOut"]]

    model = load_bert_onnx(SplitCrossEncoder(layers=options.layers), str(options.base / "onnx/model.onnx"))
    with torch.no_grad():
        model.scale.fill_(options.scale)
        model.head.bias.fill_(options.bias)
    base = measure(model.eval(), lists, held_out, states)
    print("the base as it came", base, flush=True)
    with torch.no_grad():
        model.cross.fill_(options.cross)

    model.requires_grad_(False)
    layers = list(model.layers[-model.joint :].parameters())
    others = [model.cross, model.scale, *model.head.parameters()]
    for parameter in (*layers, *others):
        parameter.requires_grad_(True)
    groups = [{"params": layers, "lr": options.rate}, {"params": others, "lr": 20 * options.rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = int(options.epochs * len(training)) // options.lists_a_step
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [group["lr"] for group in groups], total_steps=steps + 1, pct_start=0.1, anneal_strategy="linear"
    )

    best, order, start = base["ndcg@10"], [], time.monotonic()
    for step in range(1, steps + 1):
        if len(order) < options.lists_a_step:
            order = rng.sample(training, len(training))
        rows = [order.pop() for _ in range(options.lists_a_step)]
        losses = []
        for row, scores in zip(rows, scores_of(model, lists, rows, states), strict=True):
            target = (sum(each[row] for each in teachers) / len(teachers) / TEMPERATURE).softmax(0)
            log_student = scores.log_softmax(0)
            distilled = F.kl_div(log_student, target, reduction="sum")
            losses.append((1 - options.label_weight) * distilled - options.label_weight * log_student[0])
        loss = torch.stack(losses).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*layers, *others], 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            print(f"{step}/{steps} loss {loss.item():.3f} {time.monotonic() - start:.0f} s", flush=True)
        if step % (steps // options.rounds) == 0:
            measured = measure(model.eval(), lists, held_out, states)
            model.train()
            print(f"step {step}", measured, "cross", [round(c, 2) for c in model.cross.tolist()], flush=True)
            if measured["ndcg@10"] > best:
                best = measured["ndcg@10"]
                center(model, lists, held_out, states)
                torch.save(trained_weights(model), options.out)


if __name__ == "__main__":
    sys.exit(main())
