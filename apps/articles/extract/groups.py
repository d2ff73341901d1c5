"""Texts grouped by lineage: copies, and what takes over whole passages, are one story."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from apps.articles.extract import copies
from apps.articles.extract.copies import Wording

WINDOW = timedelta(days=30)  # between a text and what it copies, where both are dated
MOST_COMPARED = 30  # texts that are compared with one, those with most marks in common


@dataclass(frozen=True, slots=True)
class Text:
    """A text to be grouped."""

    wording: Wording
    published: date | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: its story's first text, whether it is that, and what it took from an earlier one."""

    story: int  # index of the first text
    is_first: bool
    share: float  # 0 to 1, see copies.copied_share


def group(texts: Sequence[Text]) -> list[Place]:
    """Return the place of each text, in their order. Time grows with the texts and what they have in common.

    The first of a story is the one published first; of undated texts, and of one day's, the one listed first.
    """
    order = sorted(range(len(texts)), key=lambda i: (texts[i].published or date.max, i))
    parents = list(range(len(texts)))
    shares = [0.0] * len(texts)
    marked: dict[int, list[int]] = defaultdict(list)
    rank = {index: place for place, index in enumerate(order)}
    for index in order:
        marks = copies.marks(texts[index].wording)
        for other in _candidates(index, marks, marked, texts):
            ours, theirs = texts[index].wording, texts[other].wording
            if copies.is_copied(ours, theirs):
                shares[index] = max(shares[index], copies.copied_share(ours, theirs))
                _join(parents, rank, index, other)
        for mark in marks:
            marked[mark].append(index)
    roots = [_root(parents, i) for i in range(len(texts))]
    return [Place(root, root == i, shares[i]) for i, root in enumerate(roots)]


def _candidates(
    index: int, marks: list[int], marked: dict[int, list[int]], texts: Sequence[Text]
) -> Iterator[int]:
    day = texts[index].published
    common = Counter(other for mark in marks for other in marked.get(mark, ()))
    found = 0
    for other, _ in common.most_common():
        theirs = texts[other].published
        if day is None or theirs is None or abs(day - theirs) <= WINDOW:
            yield other
            found += 1
        if found == MOST_COMPARED:
            return


def _join(parents: list[int], rank: dict[int, int], one: int, other: int) -> None:
    """Unite two groups under the earlier first text."""
    a, b = _root(parents, one), _root(parents, other)
    first, second = (a, b) if rank[a] <= rank[b] else (b, a)
    parents[second] = first


def _root(parents: list[int], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index
