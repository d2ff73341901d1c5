"""Double coding: a sample of what the machine proposed and an editor published is coded again, blind.

Which events are in the sample depends on their number alone, so that nobody chooses them. Who decided anything
about an event has seen its coding and is never asked to code it again.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import MD5
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.events import agreement
from apps.events.agreement import Agreement, Metric
from apps.events.decide import CurateError, authorise
from apps.events.models import Decision, Event, Evidence, SecondCoding, Standing

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# Then another coder may take the event; whoever had it may still send the coding in.
ABANDONED_AFTER = timedelta(days=14)
# Eight hexadecimal digits of a hash, which are as good as drawn.
_DIGITS = 8
PRECISIONS = tuple(value for value, _ in Event.Precision.choices)


def sample() -> QuerySet[Event]:
    """Public events that the machine proposed from an article, drawn at DOUBLE_CODING_RATE (0 to 1)."""
    proposed = Decision.objects.filter(event=OuterRef("pk"), action=Decision.Action.PROPOSE)
    quoted = Evidence.objects.filter(
        event=OuterRef("pk"), standing=Standing.PUBLISHED, article_version__isnull=False
    )
    events = Event.objects.public().filter(Exists(proposed), Exists(quoted))
    if settings.DOUBLE_CODING_RATE >= 1:
        return events
    limit = f"{int(settings.DOUBLE_CODING_RATE * 16**_DIGITS):0{_DIGITS}x}"
    return events.annotate(drawn=MD5("public_id")).filter(drawn__lt=limit)


def assigned(coder: User) -> SecondCoding | None:
    """Return what the coder is to code now: what waits for them, or a new one; None where nothing is left."""
    authorise(coder, "")
    waiting = SecondCoding.objects.filter(coder=coder, coded_at__isnull=True)
    coding = waiting.filter(event__in=Event.objects.public()).order_by("assigned_at").first()
    return coding or _assign(coder)


@transaction.atomic
def _assign(coder: User) -> SecondCoding | None:
    recent = Q(assigned_at__gte=timezone.now() - ABANDONED_AFTER)
    taken = SecondCoding.objects.filter(
        Q(coded_at__isnull=False) | recent | Q(coder=coder), event=OuterRef("pk")
    )
    seen = Decision.objects.filter(event=OuterRef("pk"), by=coder)
    left = sample().filter(~Exists(taken), ~Exists(seen)).order_by("pk")
    event = left.select_for_update(of=("self",), skip_locked=True).first()
    return SecondCoding.objects.create(event=event, coder=coder) if event else None


@transaction.atomic
def record(coding: SecondCoding, values: Mapping[str, Any], *, by: User) -> SecondCoding:
    """Keep a coding (see `coded` for its keys) beside the event's as it stands now; it is not changed after.

    CurateError where it is another's, was sent in already, or the event is not public any more.
    """
    authorise(by, "")
    row = SecondCoding.objects.select_for_update().select_related("event").get(pk=coding.pk)
    if row.coder_id != by.pk:
        raise CurateError("This was given to another coder.")
    if row.coded_at is not None:
        raise CurateError("This was coded already; a coding is not changed.")
    if row.event.status != Event.Status.PUBLISHED:
        raise CurateError("The event was taken back meanwhile: there is nothing to compare with.")
    missing = FIELDS.keys() - values.keys()
    if missing:
        raise CurateError(f"These fields were not coded: {', '.join(sorted(missing))}.")
    row.first = coded(row.event)
    row.second = {name: values[name] for name in FIELDS}
    row.coded_at = timezone.now()
    row.save(update_fields=["first", "second", "coded_at"])
    return row


def coded(event: Event) -> dict[str, Any]:
    """Return an event's coding as JSON: type and mode, slugs of the parties, days, precision, place, tolls."""
    parts = list(event.participations.values_list("role", "actor__slug"))
    return {
        "type": event.type,
        "mode": event.mode,
        "initiators": sorted(slug for role, slug in parts if role == "initiator"),
        "targets": sorted(slug for role, slug in parts if role == "target"),
        "start": event.start.isoformat(),
        "end": event.end.isoformat(),
        "precision": event.precision,
        "place": event.place.slug if event.place else "",
        "killed": event.killed,
        "wounded": event.wounded,
    }


@dataclass(frozen=True, slots=True)
class Field:
    """How a field is compared: its name in words, the distance, in words too, and how its value is read."""

    words: "_StrPromise"
    metric: Metric
    metric_words: "_StrPromise"
    read: Callable[[Any], Hashable | None]


def _day(value: str) -> int:
    return date.fromisoformat(value).toordinal()


def _same(value: Any) -> Hashable | None:
    return value  # type: ignore[no-any-return]


_NOMINAL = (agreement.nominal, gettext_lazy("same or not"), _same)
_SET = (agreement.sets, gettext_lazy("sets, partial agreement by MASI"), frozenset)
_DAYS = (agreement.interval, gettext_lazy("squared difference in days"), _day)
_COUNT = (agreement.ratio, gettext_lazy("ratio of counts; not told is missing"), _same)
_RANKS = (agreement.ordinal(PRECISIONS), gettext_lazy("ranks from day to year"), _same)
FIELDS: dict[str, Field] = {
    "type": Field(gettext_lazy("Type"), *_NOMINAL),
    "mode": Field(gettext_lazy("Mode"), *_NOMINAL),
    "initiators": Field(gettext_lazy("Initiators"), *_SET),
    "targets": Field(gettext_lazy("Targets"), *_SET),
    "start": Field(gettext_lazy("First day"), *_DAYS),
    "end": Field(gettext_lazy("Last day"), *_DAYS),
    "precision": Field(gettext_lazy("Precision"), *_RANKS),
    "place": Field(gettext_lazy("Place"), *_NOMINAL),
    "killed": Field(gettext_lazy("Killed"), *_COUNT),
    "wounded": Field(gettext_lazy("Wounded"), *_COUNT),
}


def report() -> dict[str, Agreement]:
    """Return how far first and second codings agree, by field. One query."""
    pairs = list(SecondCoding.objects.filter(coded_at__isnull=False).values_list("first", "second"))
    return {
        name: agreement.agreement(
            [[_value(field, coding[name]) for coding in pair] for pair in pairs], field.metric
        )
        for name, field in FIELDS.items()
    }


def _value(field: Field, value: Any) -> Hashable | None:
    return None if value is None else field.read(value)
