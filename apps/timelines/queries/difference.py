"""What became known of a view's events between two moments: events, and figures that read otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.events.models import Claim, Event, EventQuerySet
from apps.timelines import tension, wording
from apps.timelines.queries import then
from apps.timelines.queries.readings import readings
from apps.timelines.queries.selection import Selection

TOLLS = {"killed": _("killed"), "wounded": _("wounded")}
MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value of an event in words, as it was and as it is; empty where there was or is none."""

    label: str | Promise
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Altered:
    """An event that was known at both moments, with the values that differ."""

    event: Event
    fields: list[FieldChange]


@dataclass(frozen=True, slots=True)
class Difference:
    """What the later moment knew more than the earlier: `new` is cut to some of `total_new`."""

    new: list[Event]
    total_new: int
    altered: list[Altered]

    @property
    def nothing(self) -> bool:
        """Tell whether the two moments knew the same."""
        return not (self.total_new or self.altered)


def between(chosen: Selection, earlier: datetime, most: int = MOST_SHOWN) -> Difference:
    """Return what became known of the events of `chosen` after `earlier` (aware), by the moment of `chosen`.

    At most `most` new events, in the order in which they became known. The number of queries does not grow
    with the events.
    """
    fresh = chosen.events.filter(first_public_at__gt=earlier)
    new = list(fresh.order_by("first_public_at", "start", "public_id")[:most])
    chosen.scope.then.onto(new)
    total = len(new) if len(new) < most else fresh.count()
    return Difference(new, total, _altered(chosen, earlier))


def of_the_day(chosen: Selection) -> Difference | None:
    """Return what the day as of which `chosen` is read brought; None where it is read as known now."""
    if chosen.as_of.day is None:
        return None
    midnight = datetime.combine(chosen.as_of.day, time.min, UTC)
    return between(chosen, midnight - timedelta(microseconds=1))


def _altered(chosen: Selection, earlier: datetime) -> list[Altered]:
    """Return the events whose figures or disputes read otherwise at `earlier`, by their days."""
    touched = _touched(chosen, earlier)
    rows = list(touched.order_by("start", "public_id"))
    if not rows:
        return []
    chosen.scope.then.onto(rows)
    before = then.read(touched, earlier).by_event
    found = [Altered(row, _fields(before.get(row.pk, {}), row)) for row in rows]
    return [row for row in found if row.fields]


def _touched(chosen: Selection, earlier: datetime) -> EventQuerySet:
    """The events that stood at `earlier` and of which a claim, or its sentence, became known since."""
    known = Claim.objects.as_of(earlier).values("pk")
    unlike = ~Q(pk__in=known) | Q(evidence__known_at__gt=earlier)
    came = Claim.objects.as_of(chosen.as_of.moment).filter(unlike, event=OuterRef("pk"))
    return chosen.events.filter(Exists(came), first_public_at__lte=earlier)


def _fields(before: Mapping[str, Any], event: Event) -> list[FieldChange]:
    """Compare the columns of then, where they differ at all, with those that the loaded event shows."""
    if not before:
        return []
    fields = []
    for name, label in TOLLS.items():
        names = (name, f"{name}_low", f"{name}_high")
        was = wording.figure(*(before[n] for n in names))
        now = wording.figure(*(getattr(event, n) for n in names))
        if was != now:
            fields.append(FieldChange(label, was, now))
    if before["contested"] != event.contested:
        words = {True: gettext("contested"), False: gettext("not contested")}
        then_word, now_word = words[before["contested"]], words[event.contested]
        fields.append(FieldChange(_("standing"), then_word, now_word))
    return fields


def index_on(chosen: Selection, day: date) -> float:
    """Return the dossier's index of `day`, 0 to 100, as `chosen` knows it. One query."""
    read = readings(chosen.members, chosen.scope.then.by_event)
    return tension.series(read, day, day)[0].value
