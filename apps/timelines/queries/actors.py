"""What the actor list and the actor page show, as known at a moment (aware; None: now). Counts and events are
public ones only.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear
from django.utils.translation import gettext

from apps.actors.models import Actor, Relation, Role
from apps.core import plover
from apps.events.models import Claim, Event, Participation
from apps.places.models import Place
from apps.timelines.drawing.pictures import Neighbour
from apps.timelines.queries import then
from apps.timelines.vocabulary import RELATION_WORDS

Dated = TypeVar("Dated", Role, Relation)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asks of the actor list; unknown values count as not asked."""

    text: str = ""
    kind: str = ""
    country: str = ""
    sort: str = "name"

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> "Filters":
        """Read the filters from a query string."""
        kind, country = query.get("kind", ""), query.get("country", "").upper()
        return cls(
            text=" ".join(query.get("q", "").replace("\x00", "").split())[:100],
            kind=kind if kind in Actor.Kind.values else "",
            country=country
            if len(country) == 3 and country.isascii() and country.isalpha()
            else "",
            sort="events" if query.get("sort") == "events" else "name",
        )

    @property
    def query(self) -> str:
        """The filters as a query string, without a page."""
        asked = {"q": self.text, "kind": self.kind, "country": self.country}
        if self.sort != "name":
            asked["sort"] = self.sort
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def any(self) -> bool:
        """Tell whether anything narrows the list."""
        return bool(self.text or self.kind or self.country)


def known_actors(moment: datetime | None) -> QuerySet[Actor]:
    """Return the actors that were known at `moment`.

    An actor has no known time of its own: it was not known where all that it does or says became known later,
    or where it was not active yet. Actors that do and say nothing stand for what is above them.
    """
    if moment is None:
        return Actor.objects.standing()
    known = Actor.objects.standing().filter(_involved(moment) | ~_involved(None))
    return known.exclude(active_from__gt=moment.date())


def merged_into(slug: str) -> Actor | None:
    """Return the actor that the one of this slug was merged into; None where it was not."""
    found = Actor.objects.filter(slug=slug, merged_into__isnull=False)
    merged = found.select_related("merged_into").first()
    return merged and merged.merged_into


def _involved(moment: datetime | None) -> Q:
    """A condition on actors: something they do or say is public."""
    parts = Participation.objects.filter(
        actor=OuterRef("pk"), event__in=Event.objects.as_of(moment)
    )
    return Q(Exists(parts)) | Q(Exists(Claim.objects.as_of(moment).filter(speaker=OuterRef("pk"))))


def actor_list(filters: Filters, moment: datetime | None = None) -> QuerySet[Actor]:
    """Return the actors asked for, each with `event_count`: the public events it takes part in."""
    counts = (
        Participation.objects.filter(actor=OuterRef("pk"), event__in=Event.objects.as_of(moment))
        .order_by()
        .values("actor")
        .annotate(total=Count("event", distinct=True))
        .values("total")
    )
    found = known_actors(moment).annotate(
        event_count=Coalesce(Subquery(counts, output_field=IntegerField()), 0)
    )
    if filters.text:
        found = found.filter(pk__in=Actor.objects.named(filters.text).values("pk"))
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.country:
        found = found.filter(country=filters.country)
    order = ["-event_count", "name"] if filters.sort == "events" else ["name"]
    return found.order_by(*order, "pk")


def country_names() -> dict[str, str]:
    """Return the names of the countries that are known places, by ISO 3166-1 alpha-3 code."""
    known = Place.objects.filter(kind=Place.Kind.COUNTRY).order_by("-pk")
    return {**dict(known.values_list("country", "name")), "XXX": gettext("No country")}


def countries(moment: datetime | None = None) -> list[tuple[str, str]]:
    """Return (code, name) of every country that actors have, by name."""
    names = country_names()
    codes = known_actors(moment).order_by().values_list("country", flat=True).distinct()
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1])


@dataclass(frozen=True, slots=True)
class RelationRow:
    """How the actor stands to another one."""

    other: Actor
    words: str
    relation: Relation
    past: bool


@dataclass(slots=True)
class Relations:
    """An actor's relations as it stands on a day."""

    current: list[RelationRow] = field(default_factory=list)
    past: list[RelationRow] = field(default_factory=list)

    def neighbours(self) -> list[Neighbour]:
        """Return each related actor once, those of current relations first."""
        found: dict[str, Neighbour] = {}
        for row in [*self.current, *self.past]:
            other = Neighbour(
                row.other.slug,
                row.other.name,
                row.other.kind,
                row.words,
                row.past,
                row.relation.disputed,
            )
            found.setdefault(row.other.slug, other)
        return list(found.values())


def relations_of(actor: Actor, today: date, moment: datetime | None = None) -> Relations:
    """Return the actor's relations in both directions; those that ended before `today` are past."""
    found = Relations()
    rows = Relation.objects.filter(Q(source=actor) | Q(target=actor))
    if moment is not None:
        known = known_actors(moment)
        rows = rows.filter(source__in=known, target__in=known)
    rows = rows.select_related("source", "target")
    for relation in dated(rows.order_by("kind", F("since").desc(nulls_last=True), "pk"), moment):
        past = relation.until is not None and relation.until < today
        outward = relation.source_id == actor.pk
        words = RELATION_WORDS[
            f"{relation.kind}{'' if outward else ' by'}{' past' if past else ''}"
        ]
        other = relation.target if outward else relation.source
        row = RelationRow(other, words, relation, past)
        (found.past if past else found.current).append(row)
    return found


def roles_of(actor: Actor, moment: datetime | None = None) -> list[Role]:
    """Return the roles that a person held."""
    roles = actor.roles.select_related("organisation")
    if moment is not None:
        known = Q(organisation__isnull=True) | Q(organisation__in=known_actors(moment))
        roles = roles.filter(known)
    return dated(roles, moment)


def holders_of(actor: Actor, moment: datetime | None = None) -> list[Role]:
    """Return the roles at an organisation, with who held them."""
    roles = actor.role_holders.select_related("person")
    if moment is not None:
        roles = roles.filter(person__in=known_actors(moment))
    return dated(roles, moment)


def active_to(actor: Actor, moment: datetime | None = None) -> date | None:
    """Return the last day on which an actor was active; None where it was not over then."""
    ended = actor.active_to
    return ended if ended is None or moment is None or ended <= moment.date() else None


def dated(rows: "QuerySet[Dated]", moment: datetime | None) -> "list[Dated]":
    """Return rows as they stood at `moment`: begun by then, and without an end that was still to come.

    They are for showing: never save them.
    """
    if moment is None:
        return list(rows)
    today = moment.date()
    found = [row for row in rows if row.since is None or row.since <= today]
    for row in found:
        if row.until is not None and row.until > today:
            row.until = None
    return found


def activity(
    actor: Actor, moment: datetime | None = None
) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    """Count the actor's public events by the month of their first day, each by quad class, 1 to 4."""
    rows = (
        Event.objects.as_of(moment)
        .filter(actors=actor)
        .order_by()
        .annotate(year=ExtractYear("start"), month=ExtractMonth("start"))
        .values_list("year", "month", "type")
        .annotate(total=Count("pk", distinct=True))
    )
    counts: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for year, month, type_, total in rows:
        counts[(year, month)][plover.QUAD[type_] - 1] += total
    return {month: (one, two, three, four) for month, (one, two, three, four) in counts.items()}


def events_of(
    actor: Actor, moment: datetime | None = None, other: Actor | None = None
) -> QuerySet[Event]:
    """Return the public events the actor takes part in, newest first, with everybody's parts loaded.

    With `other`: those in which that actor takes part, too.
    """
    found = Event.objects.as_of(moment)
    for taking_part in filter(None, (actor, other)):
        parts = Participation.objects.filter(actor=taking_part)
        found = found.filter(pk__in=parts.values("event"))
    return found.prefetch_related("participations__actor").order_by("-start", "-public_id")


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as seen from one actor."""

    event: Event
    roles: str
    others: list[Actor]


def event_rows(
    actor: Actor, events: Iterable[Event], moment: datetime | None = None
) -> list[EventRow]:
    """Turn events of `events_of` into rows: the actor's own part in words, and the other actors."""
    rows = []
    shown = list(events)
    then.read(Event.objects.filter(pk__in=[event.pk for event in shown]), moment).onto(shown)
    for event in shown:
        parts = list(event.participations.all())
        own = [part.get_role_display() for part in parts if part.actor_id == actor.pk]
        others = {part.actor_id: part.actor for part in parts if part.actor_id != actor.pk}
        rows.append(EventRow(event, gettext(" and ").join(own), list(others.values())))
    return rows


def claims_by(actor: Actor, moment: datetime | None = None) -> QuerySet[Claim]:
    """Return the public claims the actor made, newest first."""
    return (
        Claim.objects.as_of(moment)
        .filter(speaker=actor)
        .select_related("event")
        .order_by(F("known_at").desc(nulls_last=True), "-pk")
    )
