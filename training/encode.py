"""What training reads again and again, once: the lower layers' states of every text, and a base's own cosines.

  python encode.py lists.pt BASE_FOLDER LAYERS OUT.pt

The lower layers read each text apart and are not trained, so their states never change. The file: {"documents",
"queries": states after LAYERS - 2 layers, one tensor of tokens x hidden for each text; "cosines": for each list, the
bi-encoder's cosine of each document with the query, which a teacher's student learns from}.
"""

import argparse
from pathlib import Path

import torch

from bi_encoder import BiEncoder

JOINT = 2
DOCUMENT_TOKENS, QUERY_TOKENS = 128, 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("layers", type=int)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()

    data = torch.load(options.lists, weights_only=True)
    used = sorted({i for each in data["lists"] for i in each["documents"]})
    encoder = BiEncoder(options.base, options.layers)
    documents = encoder.encode([data["documents"][i] for i in used], DOCUMENT_TOKENS, options.layers - JOINT)
    queries = encoder.encode([each["query"] for each in data["lists"]], QUERY_TOKENS, options.layers - JOINT)
    place = {document: row for row, document in enumerate(used)}
    cosines = [
        torch.tensor(documents.means[[place[i] for i in each["documents"]]] @ queries.means[row])
        for row, each in enumerate(data["lists"])
    ]
    states = {document: documents.states[row] for document, row in place.items()}
    torch.save({"documents": states, "queries": queries.states, "cosines": cosines}, options.out)


if __name__ == "__main__":
    main()
