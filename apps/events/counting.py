"""How rare words and actors are among the decided events: counted from time to time, and kept in one row."""

from collections import Counter
from functools import lru_cache

from django.db.models import Count, Max
from django.db.models.functions import Coalesce

from apps.events.models import Decision, Event, Participation, Rarity
from apps.events.settling import MACHINE
from apps.events.wording import Counts, words

# Counted anew after this many decisions, or this share of the events counted: a few more change no weight.
FEW, SHARE = 20, 0.05
# Words kept: the rest are in so few events that it makes no difference.
MOST_WORDS = 50_000


def counts() -> Counts:
    """Return the counts in force; they are made on first use and when much was decided since.

    They are taken from decided events alone, so that they do not depend on which articles came first.
    """
    row = Rarity.objects.defer("words", "actors").order_by("-pk").first()
    if row is None or _is_old(row):
        row = recount()
    return _read(row.pk)


def _is_old(row: Rarity) -> bool:
    allowed = max(FEW, round(SHARE * row.events))
    since = Decision.objects.filter(pk__gt=row.decisions).exclude(by_label__startswith=MACHINE)
    return since.order_by("pk")[: allowed + 1].count() > allowed


@lru_cache(maxsize=2)
def _read(pk: int) -> Counts:
    row = Rarity.objects.get(pk=pk)
    return Counts(row.events, row.words, row.actors)


def recount() -> Rarity:
    """Count anew: one pass over the decided events."""
    last = Decision.objects.aggregate(last=Coalesce(Max("pk"), 0))["last"]
    decided = Event.objects.settled()
    seen: Counter[str] = Counter()
    number = 0
    for title, summary in decided.values_list("title", "summary").iterator():
        seen.update(words(f"{title} {summary}"))
        number += 1
    actors = (
        Participation.objects.filter(event__in=decided)
        .values_list("actor__slug")
        .annotate(Count("event", distinct=True))
    )
    row = Rarity.objects.create(
        events=number,
        words=dict(seen.most_common(MOST_WORDS)),
        actors=dict(actors),
        decisions=last,
    )
    Rarity.objects.filter(pk__lt=row.pk).delete()
    return row
