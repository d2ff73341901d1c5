"""Feeds: what feedparser's own suite expects of the fields that are kept, and that no file crashes or hangs.

Every file of the corpus says in its first comment what is expected of it (`Expect:`, an expression over the
parsed feed). Of each comparison of a kept field with a value that feedparser, called directly, meets, our field
must have the same value as it is kept: one line, without tags.
"""

import ast
import html
import io
import json
import re
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from benchmarks.events_truth import corpora
from benchmarks.measure import Measure

_EXPECT = re.compile(r"^Expect:\s*(.+)$", re.MULTILINE)
_HEADER = re.compile(r"^Header:\s*([\w-]+):\s*(.+)$", re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BREAK = re.compile(r"</?(?:br|p|div|li|hr|img|h\d|blockquote|td)\b[^<>]*>")
_MAIL = re.compile(r"\s*\([^()]*@[^()]*\)$")
_SECONDS = 2.0
_ADDRESS = "http://127.0.0.1:8097/feed"
# feedparser's name of a field -> ours; "[]" stands for any number.
_OF_ENTRY = {
    "title": "title", "title_detail.value": "title", "link": "url", "id": "guid", "guid": "guid",
    "author": "author", "author_detail.name": "author", "summary": "summary",
    "description": "summary", "summary_detail.value": "summary", "content[].value": "summary",
    "published_parsed": "published", "issued_parsed": "published", "updated_parsed": "updated",
    "modified_parsed": "updated", "language": "language", "title_detail.language": "language",
    "source.title": "agency", "source.title_detail.value": "agency", "publisher": "agency",
    "tags[].term": "categories", "authors[].name": "author",
}  # fmt: skip
_OF_FEED = {
    "title": "title", "title_detail.value": "title", "link": "link", "language": "language",
}  # fmt: skip


def measures() -> list[Measure]:
    """Return how many expectations on kept fields are met, and how many files crash or hang."""
    files = sorted((corpora() / "feeds").rglob("*.xml"))
    asked, missed, broken = judged(files)
    for miss in missed:
        print(f"feeds: {miss}")
    return [
        Measure(
            f"{asked} expectations on kept fields that feedparser meets, of {len(files):,} files: met",
            "%", 100, round(100 * (asked - len(missed)) / asked, 2), "higher", "100 %",
        ),
        Measure(
            f"files that crash the reader or take {_SECONDS:g} s and more",
            "files", 0, len(broken), "lower",
        ),
    ]  # fmt: skip


def judged(files: list[Path]) -> tuple[int, list[str], list[str]]:
    """Return the number of expectations asked, those missed in words, and the files that break the reader."""
    from apps.sources.fetchers import feeds

    asked, missed, broken = 0, [], []
    for path in files:
        raw = path.read_bytes()
        told = _written(raw)
        headers = {"content-location": _ADDRESS}
        headers |= {name.lower(): value.strip() for name, value in _HEADER.findall(told)}
        started, ours = time.perf_counter(), None
        try:
            feeds.parse(raw, _ADDRESS, headers)
            ours = feeds.everything(raw, headers["content-location"], headers)
        except feeds.FeedError:
            pass
        except Exception as error:
            broken.append(f"{path.name}: {error!r}")
        if time.perf_counter() - started >= _SECONDS:
            broken.append(f"{path.name}: too slow")
        for field, value in _expected(told, raw, headers):
            asked += 1
            found = _ours(ours, field)
            if value not in found:
                missed.append(f"{path.parent.name}/{path.name}: {field} is {found}, not {value!r}")
    return asked, missed, broken


def _written(raw: bytes) -> str:
    """Return the file as text, for the sake of its first comment."""
    encodings = (json.detect_encoding(raw), "utf-16", "utf-32", "cp037", "latin-1")
    for encoding in encodings:
        text = raw.decode(encoding, "replace")
        if "Expect:" in text:
            return re.sub(r"^[ \t]+", "", text.replace("\r\n", "\n"), flags=re.MULTILINE)
    return ""


def _expected(told: str, raw: bytes, headers: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """Yield (field, value as kept) of each comparison of a kept field that feedparser meets."""
    found = _EXPECT.search(told)
    if found is None:
        return
    try:
        tree = ast.parse(found.group(1).strip(), mode="eval")
    except SyntaxError:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        direct = feedparser.parse(io.BytesIO(raw), response_headers=headers)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq):
                continue
            steps = _path(node.left)
            field = _field(steps) if steps else ""
            if not field or not isinstance(node.comparators[0], ast.Constant | ast.Tuple):
                continue
            value = ast.literal_eval(node.comparators[0])
            if _at(direct, steps) == value and _kept(direct, steps):
                yield field, _as_kept(value, field, direct, steps)


def _path(node: ast.expr) -> list[str | int]:
    """Return the steps of feed['title'], entries[0].link; [] for what is no such path."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        before = _path(node.value)
        return [*before, node.attr] if before else []
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        before = _path(node.value)
        return [*before, node.slice.value] if before else []
    return []


def _field(steps: list[str | int]) -> str:
    """Return our name of a field: "feed.title", "0.summary"; "" where it is not kept."""
    names = "".join("[]" if isinstance(s, int) else f".{s}" for s in steps).lstrip(".")
    if names.startswith("feed."):
        name = _OF_FEED.get(names.removeprefix("feed."), "")
        return f"feed.{name}" if name else ""
    if names.startswith("entries[]."):
        name = _OF_ENTRY.get(names.removeprefix("entries[]."), "")
        return f"{steps[1]}.{name}" if name else ""
    return ""


def _at(tree: Any, steps: list[str | int]) -> Any:
    for step in steps:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def _kept(direct: Any, steps: list[str | int]) -> bool:
    """Tell whether the field is the one that is kept of two that say the same kind of thing."""
    entry = _at(direct, steps[:2])
    if "content" in steps:  # in place of a missing summary only, and of several pieces the first
        return not entry.get("summary") and steps[3] == 0
    if (
        "title_detail" in steps and "language" in steps
    ):  # inherited, where nothing is said of its own
        return not entry.get("language")
    if "publisher" in steps:
        return not _at(entry, ["source", "title"])
    return True


def _as_kept(value: Any, field: str, direct: Any, steps: list[str | int]) -> Any:
    """Return a value of feedparser's as we keep it: aware times, one line, no tags, no mail address."""
    if isinstance(value, tuple):
        return datetime(*value[:6], tzinfo=UTC)
    name = field.partition(".")[2]
    if name in ("url", "link", "guid"):
        return value
    if name == "author":
        value = _MAIL.sub("", value)
    detail = _at(direct, _detail(steps))
    if detail is None and steps[-1] in ("summary", "description"):  # copied from the content
        detail = _at(direct, [*steps[:2], "content", 0])
    if isinstance(detail, dict) and detail.get("type") in ("text/html", "application/xhtml+xml"):
        value = html.unescape(_TAG.sub("", _BREAK.sub(" ", value)))
    return " ".join(str(value or "").split())


def _detail(steps: list[str | int]) -> list[str | int]:
    """Return where feedparser says of what type a text is."""
    if steps[-1] == "value":
        return steps[:-1]
    last = "summary" if steps[-1] == "description" else steps[-1]
    return [*steps[:-1], f"{last}_detail"]


def _ours(document: Any, field: str) -> Any:
    """Return what we have in a field, as a collection to look a value up in."""
    place, _, name = field.partition(".")
    if document is None:
        return ()
    if place == "feed":
        return (getattr(document, name),)
    if int(place) >= len(document.entries):
        return ()
    value = getattr(document.entries[int(place)], name)
    if name == "author":
        return (value, *value.split(", "))
    return value if isinstance(value, tuple) else (value,)
