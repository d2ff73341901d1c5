"""How far a report uses the words of an event: rare words weigh more, spellings may differ. Plain."""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from math import log

from rapidfuzz import fuzz, process, utils


def words_of(*lines: str) -> frozenset[str]:
    """Return the words of a written list."""
    return frozenset(word for line in lines for word in line.split())


_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_STOP = words_of(
    "a an the of in on at to for from by with and or but as is are was were be been its it his her their",
    "he she they that this which who whom after before over under into out up off not no than then said",
    "says say had has have will would could while during against about between more most one two three",
    "first last other another also new",
)
# Words that reports use for each other, by stem, under the one they count as.
_SAME = {
    stem: shown
    for shown, stems in {
        "truce": "ceasefire cease-fire pause halt lull",
        "rocket": "katyusha",
        "kill": "assassinat slay slain dead die death",
        "dismiss": "sack oust",
        "strike": "strik struck airstrike airstrik raid",
        "withdraw": "withdrew withdrawn withdrawal leave left quit exit abandon abandone",
        "deal": "accord pact agreement jcpoa",
        "plane": "airliner jetliner airplane aircraft jet",
        "shoot": "shot shootdown down downed",
        "sanction": "penaltie penalti",
        "threaten": "threat",
    }.items()
    for stem in stems.split()
}
# Names are spelled in many ways (Ghaani, Qaani); short words only in one.
_FUZZY_LENGTH, _FUZZY = 5, 82
# A report that uses this share of an event's weighed words says the same.
_ENOUGH = 0.45


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    word = re.sub(r"['’]s?$", "", word.lower())
    for ending in ("ings", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return _SAME.get(word, word)


@lru_cache(maxsize=4096)
def words(text: str) -> frozenset[str]:
    """Return the content words of a text, lower case, endings cut."""
    stems = {_stem(found) for found in _WORD.findall(text)}
    return frozenset(stem for stem in stems if stem not in _STOP and len(stem) > 1)


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many of the decided events each word (by stem) and each actor (by slug) is."""

    events: int = 0
    words: Mapping[str, int] = field(default_factory=dict)
    actors: Mapping[str, int] = field(default_factory=dict)

    def weight(self, word: str) -> float:
        """Return how much a word weighs: one that no event has most."""
        return log(1 + self.events / (1 + self.words.get(word, 0))) + 0.1

    def rarity(self, actor: str) -> float:
        """Return 1 where an actor is in one event at most, towards 0 where it is in all of them."""
        if self.events < 2:
            return 0.0
        return max(0.0, 1 - log(max(1, self.actors.get(actor, 0))) / log(self.events))


def likeness(report: "Report", known: Set[str], counts: Counts) -> float:
    """Return the weighed share of an event's words that the report uses, 0 to 1."""
    if not report.words or not known:
        return 0.0
    shared = sum(counts.weight(word) for word in known if report.says(word))
    # The shorter of the two is the measure: one sentence cannot hold a whole summary.
    whole = min(
        sum(counts.weight(word) for word in known),
        sum(counts.weight(word) for word in report.words),
    )
    return min(1.0, shared / (_ENOUGH * whole))


class Report:
    """The words of one report, asked for many events' words."""

    def __init__(self, text: str) -> None:
        """Take the sentences that mention the event."""
        self.words = words(text)
        self._answers: dict[str, bool] = {}

    def says(self, word: str) -> bool:
        """Tell whether the report has the word, spelled this way or nearly."""
        if word in self.words:
            return True
        if len(word) < _FUZZY_LENGTH:
            return False
        if word not in self._answers:
            found = process.extractOne(word, self.words, scorer=fuzz.ratio, score_cutoff=_FUZZY)
            self._answers[word] = found is not None
        return self._answers[word]


_COUNTED = re.compile(
    r"\b(multiple|several|many|frequent|repeated|numerous|recurring|dozens of|scores of|series of|waves? of"
    r"|spate of|at least \w+|\d+|three|four|five|six|seven|eight|nine|ten|eleven|twelve|more)\s+"
    r"(?:[\w-]+\s+){0,2}?(attacks|strikes|assaults|raids|incidents|bombings|shootings)\b",
    re.IGNORECASE,
)


def counts_several(report: str) -> bool:
    """Tell whether the report sums up several happenings ("nine attacks within a week"): it is about no one."""
    return _COUNTED.search(report) is not None


def names_in(report: str, names: Iterable[str]) -> bool:
    """Tell whether the report calls the event by one of its names."""
    flat = f" {utils.default_process(report)} "
    return any(f" {utils.default_process(name)} " in flat for name in names if name.strip())
