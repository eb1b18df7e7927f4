"""Read documentation packages of Debian into sections: one heading and the text below it.

  apt-get download $(cat packages.txt); python sections.py DEB_FOLDER sections.jsonl

Each line: {"package", "page", "title", "heading", "text"}. Sections of 25 to 400 words; equal texts once.
"""

import argparse
import gzip
import io
import json
import re
import subprocess
import tarfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from lxml import etree, html

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = {"p", "li", "dd", "dt", "pre", "td", "th", "tr", "div", "br", "blockquote", "section", "table", "ul", "ol"}
LEFT_OUT = {"script", "style", "nav", "header", "footer", "head", "form", "button", "noscript", "aside", "svg", "math"}
CHROME = re.compile(r"nav|toc|sidebar|footer|breadcrumb|related|search|header(?!let)|menu|index-?entries", re.I)
PAGE = re.compile(r"\.x?html?(\.gz)?$")
# Lists of names, not prose: nobody's question is answered there.
SKIPPED_PAGES = re.compile(r"(genindex|search|modindex|index-all|allclasses|hierarchy|_static|changelog|class-use|package-use|/src/|source)", re.I)
MOST_PAGES = 1500  # of one package, evenly spread: no package may outweigh the others
WORDS = range(25, 401)


def read_pages(package: Path) -> Iterator[tuple[str, bytes]]:
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as process:
        data = process.stdout.read()
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        pages = [m for m in archive if m.isfile() and PAGE.search(m.name) and not SKIPPED_PAGES.search(m.name)]
        for member in pages[:: max(1, len(pages) // MOST_PAGES)]:
            content = archive.extractfile(member).read()
            yield member.name, gzip.decompress(content) if member.name.endswith(".gz") else content


def is_chrome(node) -> bool:
    names = " ".join(filter(None, (node.get("class"), node.get("id"), node.get("role"))))
    return bool(CHROME.search(names)) and node.tag not in ("body", "html", "main")


def walk(node, sections: list[tuple[str, list[str]]]) -> None:
    tag = node.tag if isinstance(node.tag, str) else None
    if tag is None or tag in LEFT_OUT or (tag in ("div", "ul", "ol", "table", "span", "p") and is_chrome(node)):
        return
    if tag in HEADINGS:
        sections.append((tidy(node.text_content()), []))
        return
    words = sections[-1][1]
    if tag in BLOCKS:
        words.append("\n")
    if node.text:
        words.append(node.text)
    for child in node:
        walk(child, sections)
        if child.tail:
            sections[-1][1].append(child.tail)
    if tag in BLOCKS:
        sections[-1][1].append("\n")


def tidy(text: str) -> str:
    text = re.sub(r"[¶§#🔗\u200b]", "", text)
    text = re.sub(r"^\s*((chapter|appendix|section|part)\s+)?([A-Z]\.|\d+\.)*(\d+)?\.?\s+(?=\w)", "", text, flags=re.I)
    return re.sub(r"\s+", " ", text).strip()


def read_package(package: Path) -> list[dict[str, str]]:
    found = []
    name = package.name.split("_")[0]
    for page, content in read_pages(package):
        try:
            root = html.fromstring(content, parser=html.HTMLParser(encoding="utf-8", recover=True))
        except (etree.ParserError, etree.XMLSyntaxError, ValueError):
            continue
        body = root.find("body")
        if body is None:
            continue
        sections: list[tuple[str, list[str]]] = [("", [])]
        try:
            walk(body, sections)
        except RecursionError:
            continue
        title = next((heading for heading, _ in sections if heading), "") or tidy(root.findtext(".//title") or "")
        for heading, pieces in sections:
            text = re.sub(r"\s*\n\s*", "\n", re.sub(r"[ \t\r\f\v\xa0]+", " ", "".join(pieces))).strip()
            text = re.sub(r"[¶🔗\u200b]", "", text)
            letters = sum(c.isascii() and c.isalpha() for c in text)
            if heading and len(text.split()) in WORDS and letters > 0.6 * len(text):
                found.append({"package": name, "page": page, "title": title, "heading": heading, "text": text})
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    seen: set[str] = set()
    with ProcessPoolExecutor() as pool, options.out.open("w") as out:
        packages = sorted(options.packages.glob("*.deb"))
        for package, sections in zip(packages, pool.map(read_package, packages), strict=True):
            kept = 0
            for section in sections:
                if section["text"] in seen:
                    continue
                seen.add(section["text"])
                out.write(json.dumps(section, ensure_ascii=False) + "\n")
                kept += 1
            print(f"{kept:6} {package.name}", flush=True)


if __name__ == "__main__":
    main()
