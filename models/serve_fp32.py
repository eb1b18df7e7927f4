"""A shipped model as it was before its weights were rounded, behind the rerank API of text-embeddings-inference.

  python serve_fp32.py package/dist/Xenova minilm-l6-split --port 8765

and then, from the repository's root, what the rounding and the kernels cost:

  npx rerank-results eval --data <BEIR folder> --runtime chromium --prior-weight 0 \
    --vs reranker=tei,url=http://127.0.0.1:8765/rerank,service-scores=logit
"""

import argparse
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import golden
from build_models import BASES, INPUTS, MAX_TOKENS, ROOT, choose_pieces, load_model
from encode_pairs import PairEncoder, batch_feeds
from split_cross_encoder import SplitCrossEncoder, keep_pieces

BATCH = 4  # pairs of about one length; more of them leave the processor's caches


def load_fp32(model_id: str, package: Path) -> tuple[SplitCrossEncoder, PairEncoder]:
    """The module and its pair encoder, with the vocabulary and the tokenizer that are shipped."""
    base = next(base for base in BASES if base.id == model_id)
    model = load_model(base, package, ROOT / f"training/checkpoints/{model_id}.pt")
    full = json.loads((package / base.folder / "tokenizer.json").read_text())["model"]["vocab"]
    pieces = choose_pieces(full)
    keep_pieces(model, [full[piece] for piece in pieces], pieces["[CLS]"])
    tokenizer = ROOT / "public/models" / model_id / "tokenizer.json"
    return model, PairEncoder(tokenizer, MAX_TOKENS, document_start=True)


def score(run: golden.Run, encoder: PairEncoder, query: str, texts: list[str]) -> list[float]:
    """The logit of each text, in the order of the texts."""
    pairs = [encoder.encode(query, text) for text in texts]
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i].input_ids))
    logits = [0.0] * len(pairs)
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        for row, logit in zip(rows, run(batch_feeds([pairs[i] for i in rows]))[:, 0], strict=True):
            logits[row] = float(logit)
    return logits


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="the npm package's dist/Xenova folder")
    parser.add_argument("model", choices=[base.id for base in BASES])
    parser.add_argument("--port", type=int, default=8765)
    args = parser.parse_args()
    model, encoder = load_fp32(args.model, args.package)
    run = golden.torch_run(model, INPUTS)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - the base class calls it so
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            logits = score(run, encoder, body["query"], body["texts"])
            answer = json.dumps([{"index": i, "score": logit} for i, logit in enumerate(logits)]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    print(f"http://127.0.0.1:{args.port}/rerank", flush=True)
    HTTPServer(("127.0.0.1", args.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
