"""When and by what two loose reports may be found to tell the same: days and keys to look them up by."""

from datetime import date, timedelta

from apps.events.comparing import RECENT_DAYS, reach
from apps.events.happenings import Reported
from apps.events.known import World
from apps.events.wording import words
from apps.places.models import Place

# Words in no more than this share of the decided events say which event it may be.
_TELLING = 0.02
_KEYS, _KEY_LENGTH = 60, 100


def days_between(reported: Reported) -> tuple[date, date]:
    """Return the days within which another loose report of the same may lie."""
    recent = reported.published - timedelta(days=RECENT_DAYS)
    if reported.days is None:
        return recent, reported.published
    first, last = reach(reported.days)
    if reported.assumed:
        return min(first, recent), max(last, reported.published)
    return first, last


def keys(reported: Reported, world: World) -> list[str]:
    """Return who, where and in which rare words: two reports of one event have some of these in common."""
    on = reported.days.start if reported.days else reported.published
    named = reported.initiators | reported.targets
    actors = {f"a:{above}" for one in named for above in world.kinship.chain(one, on)}
    places = [slug for slug in reported.places if slug in world.places]
    local = [slug for slug in places if world.places[slug].kind != Place.Kind.COUNTRY]
    few = _TELLING * world.counts.events
    rare = sorted(
        (world.counts.words.get(word, 0), word)
        for word in words(reported.text)
        if world.counts.words.get(word, 0) <= few
    )
    found = [*sorted(actors), *(f"p:{slug}" for slug in local or places)]
    return [key[:_KEY_LENGTH] for key in [*found, *(f"w:{word}" for _, word in rare)][:_KEYS]]
