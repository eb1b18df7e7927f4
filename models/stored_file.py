"""Weights as a model folder holds them: compressed, because hosts compress texts only.

  python stored_file.py ../public/models/minilm-l6-split ...

converts folders whose manifests name plain weights, without building them again.
"""

import hashlib
import json
import sys
import zlib
from pathlib import Path

# No server knows this ending and takes it for a Content-Encoding, which browsers would undo.
ENDING = ".deflate"

# More weights share one table of codes, which saves some of the tables.
MEMORY_LEVEL = 9


def compress(data: bytes) -> bytes:
    """Raw deflate without matches: quantized weights repeat nothing, so looking for it costs bytes and time."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, MEMORY_LEVEL, zlib.Z_HUFFMAN_ONLY)
    return deflate.compress(data) + deflate.flush()


def store(folder: Path, path: str) -> dict[str, object]:
    """Put the compressed file in the place of `path`, and return what the manifest's entry of `path` says of it."""
    compressed = compress((folder / path).read_bytes())
    stored = f"{path}{ENDING}"
    (folder / stored).write_bytes(compressed)
    (folder / path).unlink()
    sha256 = hashlib.sha256(compressed).hexdigest()
    return {"path": stored, "encoding": "deflate-raw", "bytes": len(compressed), "sha256": sha256}


def convert(folder: Path) -> None:
    """The revision stays: it is made of the files' own SHA-256, whatever holds them."""
    manifest_path = folder / "manifest.json"
    manifest = json.loads(manifest_path.read_text())
    weights = {path for variant in manifest["variants"] for path in variant.get("weights", [])}
    for path in sorted(weights):
        if "stored" not in manifest["files"][path]:
            manifest["files"][path]["stored"] = store(folder, path)
    manifest["formatVersion"] = 2
    manifest_path.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        convert(Path(name))
