"""Places that turn out to be one, and one that turns out to be two. Each is one group of the history."""

from collections.abc import Iterable

from apps.accounts.models import User
from apps.core import moving
from apps.core.moving import MovingError
from apps.places.models import Place

RIGHT = "places.merge_place"


def merge(place: Place, *, into: Place, by: User, reason: str) -> None:
    """Say that `place` is `into`: its names and all that points at it move there, and its row points on.

    MovingError where it makes no sense, PermissionDenied without the right.
    """
    moving.refuse(place, RIGHT, by, reason)
    moving.refuse_merged(into)
    if place.pk == into.pk:
        raise MovingError(f"{place} cannot be merged into itself.")
    _refuse_circle(place, into)
    with moving.decided(place, into, by, reason):
        if into.parent_id == place.pk:
            into.parent = place.parent
        into.aliases = _names(into, [place.name, *place.aliases])
        into.save(update_fields=["parent", "aliases"])
        moving.merge(place, into)


def split(
    place: Place, new: Place, *, chosen: Iterable[tuple[str, int]], by: User, reason: str
) -> None:
    """Make `new` (not saved yet, with the names it takes along) and move the chosen rows of `place` to it.

    `chosen` are (moving.key(field), pk). MovingError where it makes no sense; PermissionDenied without the
    right.
    """
    moving.refuse(place, RIGHT, by, reason)
    if Place.objects.filter(slug=new.slug).exists():
        raise MovingError(f"There is a place with the slug {new.slug} already; choose another.")
    with moving.decided(place, new, by, reason):
        place.aliases = [name for name in place.aliases if name not in new.aliases]
        place.save(update_fields=["aliases"])
        moving.split(place, new, chosen)


def _refuse_circle(place: Place, into: Place) -> None:
    """A place that lies in a part of `place` would come to lie in itself."""
    above, seen = into.parent, {into.pk}
    while above is not None and above.pk not in seen:
        if above.pk == place.pk and into.parent_id != place.pk:
            raise MovingError(
                f"{into} lies in {into.parent}, which lies in {place}: it would come to lie in itself. "
                f"Change where {into} lies first, or merge {into} into {place}."
            )
        seen.add(above.pk)
        above = above.parent


def _names(place: Place, names: Iterable[str]) -> list[str]:
    """Return the place's aliases with the names it does not have yet."""
    known = {name.lower(): name for name in (place.name, *place.aliases)}
    new = {name.lower(): name for name in reversed(list(names)) if name.lower() not in known}
    return [*place.aliases, *reversed(new.values())]
