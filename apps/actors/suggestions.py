"""What an editor decides about a suggested name: an alias, a new actor's name, or neither."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import slugify

from apps.accounts.models import User
from apps.actors.models import Actor, Alias, AliasSuggestion
from apps.core import history

Outcome = AliasSuggestion.Outcome


class SuggestionError(Exception):
    """A decision that cannot be taken; the message is a sentence for the editor."""


def take(suggestion: AliasSuggestion, actor: Actor | None, kind: str, *, by: User) -> Alias:
    """Make the name an alias of `actor`; SuggestionError where none is given or it was merged."""
    _refuse(by, "actors.add_alias")
    if actor is None:
        raise SuggestionError(f"Say whose name “{suggestion.name}” is, or make a new actor of it.")
    if actor.merged_into is not None:
        raise SuggestionError(f"{actor} was merged into {actor.merged_into}; choose that one.")
    with transaction.atomic(), history.noted(user=by, why=_why(suggestion)):
        alias, _ = Alias.objects.get_or_create(
            actor=actor, name=suggestion.name, defaults={"kind": kind}
        )
        _close(suggestion, Outcome.TAKEN, actor)
    return alias


def make_actor(suggestion: AliasSuggestion, *, kind: str, country: str, by: User) -> Actor:
    """Make a new actor of this name; SuggestionError where its slug is taken."""
    _refuse(by, "actors.add_actor")
    slug = slugify(suggestion.name)[:100]
    if not slug or Actor.objects.filter(slug=slug).exists():
        raise SuggestionError(
            f"There is an actor “{slug}” already, or the name gives no address: add the actor by hand."
        )
    with transaction.atomic(), history.noted(user=by, why=_why(suggestion)):
        actor = Actor.objects.create(slug=slug, name=suggestion.name, kind=kind, country=country)
        _close(suggestion, Outcome.TAKEN, actor)
    return actor


def decline(suggestion: AliasSuggestion, *, by: User) -> None:
    """The name is nobody's: it is not suggested again."""
    _refuse(by, "actors.change_aliassuggestion")
    _close(suggestion, Outcome.DECLINED, suggestion.actor)


def reopen(suggestion: AliasSuggestion, *, by: User) -> None:
    """Have it wait for an editor again."""
    _refuse(by, "actors.change_aliassuggestion")
    _close(suggestion, Outcome.OPEN, suggestion.actor)


def _refuse(by: User, right: str) -> None:
    if not by.has_perm(right):
        raise PermissionDenied(f"{by} may not decide about suggested names (it takes {right}).")


def _close(suggestion: AliasSuggestion, outcome: str, actor: Actor | None) -> None:
    suggestion.outcome, suggestion.actor = outcome, actor
    suggestion.save(update_fields=["outcome", "actor"])


def _why(suggestion: AliasSuggestion) -> str:
    """Say in the history where the name came from."""
    told = f"; {suggestion.why}" if suggestion.why else ""
    return f"Suggested from {suggestion.articles} articles{told}."
