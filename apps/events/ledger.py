"""What has become of each claim about an event: it stands, was replaced, taken back or denied. Plain.

The rules, in the order in which claims became known:
1. A voice that says otherwise about a field replaces what it said before ("raised to 64"). The same said again
   replaces nothing, and of what a field "other" holds nothing replaces anything by itself.
2. A retraction takes back the claim it answers; without one, all that its voice said about the field.
3. A claim that answers another replaces it, whoever made it; a denial that answers a claim denies it. What
   holds for a claim holds for the same word of the same voice elsewhere.
4. A denial without an answer denies what other voices say of the field; of blame, only what blames the denier
   or nobody known.
5. A denied claim still counts: it is in dispute, not gone. A replaced or retracted one counts no more. What a
   claim did to others ends when it is taken back; a denial also ends when it is replaced.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from apps.events.independence import Piece

TOLLS = ("killed", "wounded")
DISPUTABLE = ("occurrence", "responsible", "arrangement_holds")
FOR = ("asserts", "claims_responsibility", "accuses")
DENIES, RETRACTS, DECLINES = "denies", "retracts", "declines"
# Why a claim was replaced.
SAID_TO_REPLACE = "it is said to replace this claim"
LATER_WORD = "a later word of the same voice"


@dataclass(frozen=True, slots=True)
class ClaimValue:
    """One claim as the rules see it.

    `voice` is whom the speaker speaks for (a government) or the speaker; `known_at` is aware UTC; `official`:
    the voice is of the affected side; `accused` is the voice that it blames, "" where that is nobody known;
    `answers` is the id of the claim it answers; `pieces` are what it rests on, none where that is not told.
    """

    field: str
    act: str
    voice: str
    speaker: str
    known_at: datetime
    number: int | None = None
    official: bool = False
    id: int = 0
    value: str = ""
    accused: str = ""
    answers: int | None = None
    pieces: tuple[Piece, ...] = ()


class State(StrEnum):
    """What has become of a claim."""

    STANDS = "stands"
    REPLACED = "replaced"
    RETRACTED = "retracted"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim with its state, the claims that brought it about, and why."""

    claim: ClaimValue
    state: State = State.STANDS
    by: tuple[ClaimValue, ...] = ()
    why: str = ""

    @property
    def current(self) -> bool:
        """It counts: it stands, or is in dispute."""
        return self.state in (State.STANDS, State.DENIED)


@dataclass(slots=True)
class _Entry:
    """A claim while the ledger is gone through."""

    claim: ClaimValue
    answered: "_Entry | None" = None
    state: State = State.STANDS
    by: "_Entry | None" = None
    why: str = ""

    @property
    def counts(self) -> bool:
        return self.state == State.STANDS and self.claim.act != DECLINES

    @property
    def word(self) -> tuple[str, str, str, int | None, str]:
        """What is said by whom; a denial of all harm is the figure nought."""
        claim = self.claim
        act, number = claim.act, claim.number
        if claim.field in TOLLS and act == DENIES and self.answered is None:
            act, number = "asserts", number or 0
        value = claim.value if claim.field == "other" else ""
        return claim.field, claim.voice, act, number, value

    @property
    def of_another(self) -> bool:
        """It speaks of a figure that another voice gave, and gives none itself."""
        other = self.answered is not None and self.answered.claim.voice != self.claim.voice
        return other and self.claim.act == DENIES and self.claim.field in TOLLS


def known_by(claims: Iterable[ClaimValue], instant: datetime | None) -> list[ClaimValue]:
    """Return the claims that were known at `instant` (aware UTC); all of them for None."""
    return [claim for claim in claims if instant is None or claim.known_at <= instant]


def ledger(claims: Iterable[ClaimValue], instant: datetime | None = None) -> list[Stated]:
    """Return the claims known at `instant` with their states, oldest first.

    Claims known at the same time follow each other in the order given.
    """
    entries = [_Entry(claim) for claim in known_by(claims, instant)]
    by_id = {entry.claim.id: entry for entry in entries if entry.claim.id}
    for entry in entries:
        entry.answered = by_id.get(entry.claim.answers or 0)
    entries.sort(key=lambda entry: (entry.claim.known_at, _depth(entry)))
    for number, entry in enumerate(entries):
        _take_in(entry, entries[:number])
    denials = [entry for entry in entries if entry.counts and entry.claim.act == DENIES]
    return [_stated(entry, denials) for entry in entries]


def _depth(entry: _Entry) -> int:
    """Return how many claims of its own moment it answers one after the other: they come before it."""
    depth, step = 0, entry.answered
    while step is not None and step.claim.known_at == entry.claim.known_at and depth < 100:
        depth, step = depth + 1, step.answered
    return depth


def current(claims: Iterable[ClaimValue], field_name: str) -> list[ClaimValue]:
    """Return the claims about one field that count, oldest first."""
    return [row.claim for row in ledger(claims) if row.current and row.claim.field == field_name
            and row.claim.act not in (DECLINES, RETRACTS)]  # fmt: skip


def _take_in(entry: _Entry, before: Sequence[_Entry]) -> None:
    """Let a claim do to the earlier ones what it does."""
    claim = entry.claim
    if claim.act == DECLINES:
        return
    if claim.act == RETRACTS:
        for other in _taken_back(entry, before):
            _retire(other, entry, State.RETRACTED, "its own voice took it back")
            _revive(other, before)
        return
    if (
        entry.answered is not None
        and claim.act in FOR
        and entry.answered.claim.field == claim.field
    ):
        for other in _same_words(entry.answered, before):
            _retire(other, entry, State.REPLACED, SAID_TO_REPLACE)
    if claim.field in (*TOLLS, *DISPUTABLE) and not entry.of_another:
        for other in _own(entry, before):
            if other.word != entry.word and not other.of_another:
                _retire(other, entry, State.REPLACED, LATER_WORD)


def _own(entry: _Entry, before: Sequence[_Entry]) -> list[_Entry]:
    claim = entry.claim
    return [
        other
        for other in before
        if (other.claim.field, other.claim.voice) == (claim.field, claim.voice) and other.counts
    ]


def _same_words(entry: _Entry, before: Sequence[_Entry]) -> list[_Entry]:
    return [other for other in before if other.word == entry.word and other.counts]


def _taken_back(entry: _Entry, before: Sequence[_Entry]) -> list[_Entry]:
    if entry.answered is not None:
        return _same_words(entry.answered, before)
    if entry.claim.field == "other":
        return []  # which of its sayings it takes back is not told
    return [other for other in _own(entry, before) if other.claim.act != RETRACTS]


def _retire(entry: _Entry, by: _Entry, state: State, why: str) -> None:
    entry.state, entry.by, entry.why = state, by, why


def _revive(gone: _Entry, before: Sequence[_Entry]) -> None:
    """What another voice's claim had replaced stands again, once that claim is taken back."""
    for other in before:
        if other.by is gone and other.claim.voice != gone.claim.voice:
            _retire(other, other, State.STANDS, "")
            other.by = None


def _stated(entry: _Entry, denials: Sequence[_Entry]) -> Stated:
    if entry.by is not None:
        return Stated(entry.claim, entry.state, (entry.by.claim,), entry.why)
    against = tuple(denial.claim for denial in denials if _denies(denial, entry))
    if against:
        return Stated(entry.claim, State.DENIED, against, "another voice denies it")
    return Stated(entry.claim)


def _denies(denial: _Entry, entry: _Entry) -> bool:
    """Tell whether a denial that counts speaks against a claim."""
    claim, denier = entry.claim, denial.claim
    if denier.answers is not None:
        return denial.answered is not None and entry.word == denial.answered.word
    if claim.field != denier.field or claim.voice == denier.voice or claim.act not in FOR:
        return False
    if claim.field == "responsible":
        blamed = claim.accused == denier.voice
        return blamed or (claim.act == "accuses" and not claim.accused)
    return claim.field in DISPUTABLE
