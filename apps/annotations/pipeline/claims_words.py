"""The words without which a sentence makes no claim: a cheap test before the parser."""

import re
from collections.abc import Set
from functools import cache

from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.triggers_data import inflected

_LISTS = ("responsibility", "denying", "accusing", "retracting")
_ACTS = ("claim", "confirm", "threaten", "warn", "vow")
_HARM = frozenset({"hurt", "unhurt", "unharmed"})


def may_hold(sentence: str, plain: Set[str]) -> bool:
    """Tell whether a sentence could make a claim; `plain` are its words in small letters."""
    return not _telling().isdisjoint(plain) or bool(_pointing().search(sentence))


@cache
def _telling() -> frozenset[str]:
    heads = frozenset(_ACTS).union(*(words(name) for name in _LISTS))
    return words("light_casualty") | _HARM | {form for head in heads for form in inflected(head)}


@cache
def _pointing() -> re.Pattern[str]:
    """A saying of something told before: "said its answer", "confirmed that the meetings"."""
    said = "|".join(sorted(form for head in words("stating") for form in inflected(head)))
    return re.compile(
        rf"\b(?:{said}) (?:that )?(?:its?|they|their|he|his|she|her|the|this|these|those|all)\b"
    )
