"""Actors that turn out to be one, and one that turns out to be two. Each is one group of the history."""

from collections.abc import Iterable

from apps.accounts.models import User
from apps.actors.models import Actor, Alias, normalised
from apps.core import moving
from apps.core.moving import MovingError

RIGHT = "actors.merge_actor"


def merge(actor: Actor, *, into: Actor, by: User, reason: str) -> None:
    """Say that `actor` is `into`: its names and all that points at it move there, and its row points on.

    What `into` has already is not doubled. MovingError where it makes no sense; PermissionDenied without
    the right.
    """
    moving.refuse(actor, RIGHT, by, reason)
    moving.refuse_merged(into)
    if actor.pk == into.pk:
        raise MovingError(f"{actor} cannot be merged into itself.")
    with moving.decided(actor, into, by, reason):
        known = {normalised(into.name), *into.aliases.values_list("normalised", flat=True)}
        actor.aliases.filter(normalised__in=known).delete()
        moving.merge(actor, into)
        if normalised(actor.name) not in into.aliases.values_list("normalised", flat=True):
            _name(into, actor)


def split(
    actor: Actor, new: Actor, *, chosen: Iterable[tuple[str, int]], by: User, reason: str
) -> None:
    """Make `new` (not saved yet) and move the chosen rows of `actor` to it: (moving.key(field), pk).

    MovingError where it makes no sense, PermissionDenied without the right.
    """
    moving.refuse(actor, RIGHT, by, reason)
    if Actor.objects.filter(slug=new.slug).exists():
        raise MovingError(f"There is an actor with the slug {new.slug} already; choose another.")
    with moving.decided(actor, new, by, reason):
        moving.split(actor, new, chosen)


def _name(into: Actor, actor: Actor) -> None:
    """Keep the merged actor's name as an alias: of a person it is most often another spelling."""
    if normalised(actor.name) == normalised(into.name):
        return
    person = actor.kind == Actor.Kind.PERSON
    kind = Alias.Kind.TRANSLITERATION if person else Alias.Kind.OFFICIAL
    Alias.objects.create(actor=into, name=actor.name, kind=kind)
