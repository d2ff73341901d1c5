"""The claims about one event as its page shows them: by field, what became of each, what they rest on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from apps.actors.models import Actor
from apps.events.headline import Headline, derive
from apps.events.independence import Count, count
from apps.events.ledger import (
    DISPUTABLE,
    FOR,
    LATER_WORD,
    SAID_TO_REPLACE,
    TOLLS,
    ClaimValue,
    State,
    Stated,
    ledger,
)
from apps.events.models import Claim, Event, Evidence
from apps.events.voices import Voices, claims_with_lineage
from apps.timelines import explaining, wording
from apps.timelines.queries.evidence import Quote, Reports
from apps.timelines.vocabulary import Words

STATE_WORDS = Words(
    {
        State.STANDS: pgettext_lazy("claim", "stands"),
        State.REPLACED: pgettext_lazy("claim", "replaced"),
        State.RETRACTED: pgettext_lazy("claim", "retracted"),
        State.DENIED: pgettext_lazy("claim", "denied"),
    }
)
_WHY = Words(
    {
        SAID_TO_REPLACE: gettext_lazy("it is said to replace this claim"),
        LATER_WORD: gettext_lazy("a later word of the same voice"),
    }
)
# The order of the page: how many, who, whether, and the rest.
FIELDS = (*TOLLS, "responsible", "occurrence", "arrangement_holds", "other")


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim with what became of it: `state` in a word, `fate` in a sentence ("" while it simply stands)."""

    claim: Claim
    says: str
    state: str
    fate: str
    leads: bool  # the headline value rests on it
    quote: Quote | None
    cited: Evidence | None

    @property
    def state_words(self) -> str:
        """Its state as the page says it."""
        return STATE_WORDS[self.state]

    @property
    def superseded(self) -> bool:
        """It counts no more."""
        return self.state in (State.REPLACED, State.RETRACTED)


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of a field, and in how many independent reports it is told."""

    says: str
    words: str
    leads: bool
    current: bool


@dataclass(frozen=True, slots=True)
class FieldClaims:
    """All that is said about one field."""

    name: str
    label: str
    why: str  # how the headline value came about; "" for fields that have none
    facts: tuple[Fact, ...]
    rows: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class Claims:
    """The ledger of an event as of a moment, and the headline that follows from it."""

    head: Headline = field(default_factory=Headline)
    fields: tuple[FieldClaims, ...] = ()

    @property
    def rows(self) -> list[ClaimRow]:
        """Every claim in the order in which it became known."""
        rows = [row for group in self.fields for row in group.rows]
        return sorted(rows, key=lambda row: (row.claim.known_at, row.claim.pk))

    @property
    def contested_why(self) -> list[str]:
        """In sentences why the event is contested."""
        return explaining.contested(self.head)

    @property
    def tolls(self) -> list[tuple[str, str, str]]:
        """Which step of the rule gave the killed and the wounded, if any: field, its name, a few words."""
        tolls = zip(TOLLS, (self.head.killed, self.head.wounded), strict=True)
        return [
            (name, explaining.toll_name(name), explaining.toll_in_brief(toll))
            for name, toll in tolls
            if toll.rule
        ]

    @property
    def toll_why(self) -> list[str]:
        """In sentences how the figures of the killed and wounded came about, where there are any."""
        tolls = zip(TOLLS, (self.head.killed, self.head.wounded), strict=True)
        return [explaining.toll(name, toll) for name, toll in tolls if toll.rule]


def claims_of(event: Event, found: Reports, moment: datetime | None = None) -> Claims:
    """Return the ledger of the event's public claims as of a moment; `found` is its evidence of then."""
    rows = claims_with_lineage(Claim.objects.as_of(moment).filter(event=event))
    claims = {claim.pk: claim for claim in rows}
    if not claims:
        return Claims()
    values = Voices(moment).values(event, claims.values())
    stated = ledger(values)
    head = derive(stated)
    page = _Page(claims, says(claims.values()), head, found)
    groups = ((name, [row for row in stated if row.claim.field == name]) for name in FIELDS)
    return Claims(head, tuple(page.field(name, group) for name, group in groups if group))


def says(claims: Iterable[Claim]) -> dict[int, str]:
    """Return what each claim says, by its id; a value that is an actor's slug becomes the actor's name."""
    rows = list(claims)
    slugs = {claim.value for claim in rows if claim.value}
    names = dict(Actor.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return {
        claim.pk: wording.says(
            claim.get_act_display(), claim.number, names.get(claim.value, claim.value)
        )
        for claim in rows
    }


@dataclass(frozen=True, slots=True)
class _Page:
    """What the rows of the page are made of."""

    claims: dict[int, Claim]
    says: dict[int, str]
    head: Headline
    found: Reports

    def field(self, name: str, stated: Sequence[Stated]) -> FieldClaims:
        """All that is said about one field."""
        toll = getattr(self.head, name) if name in TOLLS else None
        return FieldClaims(
            name=name,
            label=str(Claim.Field(name).label),
            why=explaining.toll(name, toll) if toll is not None else "",
            facts=tuple(self._facts(name, stated)),
            rows=tuple(self._row(row) for row in stated),
        )

    def _leads(self, claim: ClaimValue) -> bool:
        toll = getattr(self.head, claim.field) if claim.field in TOLLS else None
        return toll is not None and toll.value is not None and claim.number == toll.value

    def _row(self, row: Stated) -> ClaimRow:
        claim = self.claims[row.claim.id]
        quotes, cited = self.found.quotes(), self.found.cited()
        return ClaimRow(
            claim=claim,
            says=self.says[claim.pk],
            state=row.state.value,
            fate=self._fate(row),
            leads=row.current and self._leads(row.claim),
            quote=quotes.get(claim.evidence_id or 0),
            cited=cited.get(claim.evidence_id or 0),
        )

    def _fate(self, row: Stated) -> str:
        if not row.by:
            return ""
        by = "; ".join(
            gettext("%(speaker)s, who %(says)s (%(day)s)")
            % {
                "speaker": claim.speaker,
                "says": self.says[claim.id],
                "day": wording.day(claim.known_at.date()),
            }
            for claim in {claim.voice: claim for claim in reversed(row.by)}.values()  # first words
        )
        if row.state == State.RETRACTED:
            return gettext("retracted by %(by)s") % {"by": by}
        if row.state == State.DENIED:
            return gettext("denied by %(by)s") % {"by": by}
        return gettext("replaced by %(by)s: %(why)s") % {"by": by, "why": _WHY[row.why]}

    def _facts(self, name: str, stated: Sequence[Stated]) -> Iterable[Fact]:
        """Each value of the field once, in the order in which it was first said, with its reports."""
        facts: dict[tuple[str, str], list[Stated]] = {}
        for row in stated:
            if name in (*TOLLS, *DISPUTABLE) and row.claim.act in (*FOR, "denies"):
                facts.setdefault(_fact(row.claim, self.says[row.claim.id]), []).append(row)
        for (_, words), rows in facts.items():
            told = [row.claim for row in rows]
            yield Fact(
                says=words,
                words=_reports(told),
                leads=any(row.current and self._leads(row.claim) for row in rows),
                current=any(row.current for row in rows),
            )


def _fact(claim: ClaimValue, words: str) -> tuple[str, str]:
    """Return which fact a claim tells, as a key and in words."""
    if claim.number is not None and claim.act in FOR:
        return "number", f"{claim.number:,}"
    if claim.field in ("occurrence", "arrangement_holds"):
        return ("yes", gettext("asserted")) if claim.act in FOR else ("no", gettext("denied"))
    return claim.act, words


def _reports(claims: Sequence[ClaimValue]) -> str:
    """Return in words how often a fact is told."""
    told: Count = count(piece for claim in claims for piece in claim.pieces)
    if told.reports:
        return explaining.reports(told)
    if told.samples:
        return gettext("only in samples, which confirm nothing")
    return gettext("its page is not told")
