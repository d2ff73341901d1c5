"""What the machine understood of a proposal, field by field, with the words it took it from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.actors.models import Actor
from apps.annotations.models import Candidate, Mention
from apps.events.models import Event, Evidence
from apps.places.models import Place


@dataclass(frozen=True, slots=True)
class Understood:
    """One field: its name in words, what was understood, and why; `known` is False for a name nobody bears."""

    field: str
    value: str
    why: str = ""
    known: bool = True


def understood(event: Event, evidence: Sequence[Evidence]) -> list[Understood]:
    """Return what was read from the first sentence that waits; empty where no machine read it.

    `evidence` has its candidates loaded. Three queries.
    """
    row = next((row for row in evidence if row.candidate is not None), None)
    if row is None or row.candidate is None:
        return []
    read = row.candidate
    mentions = list(
        Mention.objects.filter(
            annotation=read.annotation_id, start__lt=read.end, end__gt=read.start
        )
        .select_related("actor", "place")
        .only("kind", "how", "surface", "start", "actor__slug", "place__slug")
    )
    trigger, _, rest = read.why.partition("; ")
    rows = [
        Understood("What", f"{read.type} {read.mode}".strip(), trigger),
        Understood("Whether", read.get_modality_display()),
        Understood("When", _days(read), rest or _told(mentions, Mention.Kind.DATE)),
        *_parties("Who", read.initiators, mentions),
        *_parties("To whom", read.targets, mentions),
        *_where(read, mentions),
        *_tolls(read),
    ]
    if read.attribution_speaker:
        said = f"{read.attribution_speaker} {read.attribution_act}".strip()
        rows.append(Understood("Said by", said))
    rows.append(Understood("Confidence", f"{read.confidence:.2f}"))
    return rows


def _days(read: Candidate) -> str:
    if read.date_from is None or read.date_to is None:
        return "no day told"
    if read.date_from == read.date_to:
        return f"{read.date_from} ({read.precision or 'day'})"
    return f"{read.date_from} to {read.date_to} ({read.precision or 'day'})"


def _told(mentions: Iterable[Mention], kind: str) -> str:
    words = [f"“{row.surface}”" for row in mentions if row.kind == kind]
    return ", ".join(dict.fromkeys(words))


def _parties(field: str, slugs: Sequence[str], mentions: Sequence[Mention]) -> list[Understood]:
    if not slugs:
        return [Understood(field, "nobody named")]
    names = dict(Actor.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return [
        Understood(field, names.get(slug, slug), _named_by(slug, mentions), known=slug in names)
        for slug in slugs
    ]


def _named_by(slug: str, mentions: Sequence[Mention]) -> str:
    words = [
        f"“{row.surface}”{f' ({row.how})' if row.how else ''}"
        for row in mentions
        if row.actor is not None and row.actor.slug == slug
    ]
    return ", ".join(dict.fromkeys(words)) or "not in the sentence: from the text around it"


def _where(read: Candidate, mentions: Sequence[Mention]) -> list[Understood]:
    if not read.place:
        return [Understood("Where", "no place told")]
    place = Place.objects.filter(slug=read.place).first()
    told = _told([row for row in mentions if row.place == place], Mention.Kind.PLACE)
    name = place.name if place else read.place
    return [Understood("Where", name, told, known=place is not None)]


def _tolls(read: Candidate) -> list[Understood]:
    told = (("Killed", read.killed), ("Wounded", read.wounded))
    return [Understood(name, str(number)) for name, number in told if number is not None]
