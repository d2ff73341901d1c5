"""Names that articles use and nobody is known by: suggested as aliases to editors, each of them once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Value
from django.db.models.functions import Greatest, Least, Lower, Substr

from apps.actors.models import Actor, Alias, AliasSuggestion, normalised
from apps.annotations.likeness import LEAST, Likeness, likeness
from apps.annotations.models import Mention

# A name that is like none is suggested (as a new actor's) once so many articles have it.
LEAST_ARTICLES = 2
_EXAMPLES, _AROUND, _LONGEST = 3, 110, 200
_ARTICLE = "annotation__article_version__article"
Outcome = AliasSuggestion.Outcome


@dataclass(frozen=True, slots=True)
class Known:
    """A name that somebody bears."""

    name: str
    actor: Actor


def suggest() -> int:
    """Bring the open suggestions in step with what articles name; return how many are open.

    What an editor declined stays declined; what was taken is open again where the alias was taken back.
    """
    counts, known = _counts(), _known()
    with transaction.atomic():
        stored = {row.normalised: row for row in AliasSuggestion.objects.select_for_update()}
        for key, row in stored.items():
            _settle(row, key, known)
        wanted = {
            key: found
            for key, found in counts.items()
            if key not in known and (key not in stored or stored[key].outcome == Outcome.OPEN)
        }
        gone = [
            row.pk
            for key, row in stored.items()
            if row.outcome == Outcome.OPEN and key not in wanted
        ]
        AliasSuggestion.objects.filter(pk__in=gone).delete()
        names = [Known(name, actor) for bearers in known.values() for name, actor in bearers]
        return sum(_write(key, *wanted[key], stored.get(key), names) for key in sorted(wanted))


def _mentions() -> Any:
    return Mention.objects.filter(kind=Mention.Kind.ACTOR, actor__isnull=True, how="unknown")


def _counts() -> dict[str, tuple[str, int]]:
    """Return for each name, normalised: as it is spelt, and in how many articles."""
    rows = (
        _mentions()
        .order_by()
        .values(name=F("surface"))
        .annotate(articles=Count(_ARTICLE, distinct=True))
        .order_by("articles", "name")
    )
    found: dict[str, tuple[str, int]] = {}
    for row in rows:
        key = normalised(row["name"])
        if 1 < len(key) <= _LONGEST:
            found[key] = (
                " ".join(row["name"].split()),
                row["articles"] + found.get(key, ("", 0))[1],
            )
    return found


def _known() -> dict[str, list[tuple[str, Actor]]]:
    """Return who bears each name, normalised; several may bear one."""
    known: dict[str, list[tuple[str, Actor]]] = defaultdict(list)
    for actor in Actor.objects.standing().order_by("pk"):
        known[normalised(actor.name)].append((actor.name, actor))
    for alias in Alias.objects.select_related("actor").order_by("pk"):
        known[alias.normalised].append((alias.name, alias.actor))
    return known


def _settle(row: AliasSuggestion, key: str, known: dict[str, list[tuple[str, Actor]]]) -> None:
    """What somebody is known by now was taken; what was taken and nobody is known by is open again."""
    outcome = row.outcome
    if key in known and outcome == Outcome.OPEN:
        row.outcome, row.actor = Outcome.TAKEN, known[key][0][1]
    elif key not in known and outcome == Outcome.TAKEN:
        row.outcome = Outcome.OPEN
    if row.outcome != outcome:
        row.save(update_fields=["outcome", "actor"])


def _write(
    key: str, name: str, articles: int, row: AliasSuggestion | None, known: Iterable[Known]
) -> bool:
    """Write one suggestion where there is reason for it; tell whether it stands."""
    best, actor = _best(name, known)
    if actor is None and articles < LEAST_ARTICLES:
        if row is not None:
            row.delete()
        return False
    values: dict[str, Any] = {
        "name": name,
        "actor": actor,
        "score": best.score,
        "why": best.why[:300],
    }
    if (
        row is not None
        and row.articles == articles
        and all(getattr(row, n) == v for n, v in values.items())
    ):
        return True
    values |= {"articles": articles, "examples": _examples(key)}
    AliasSuggestion.objects.update_or_create(normalised=key, defaults=values)
    return True


def _best(name: str, known: Iterable[Known]) -> tuple[Likeness, Actor | None]:
    """Return the likest known name with its actor; None where none is like enough."""
    best, actor = Likeness(0.0), None
    for one in known:
        found = likeness(name, one.name, person=one.actor.kind == Actor.Kind.PERSON)
        if found.score > best.score:
            best, actor = found, one.actor
    return (best, actor) if best.score >= LEAST else (Likeness(0.0), None)


def _examples(key: str) -> list[dict[str, Any]]:
    """Return where the name stands, newest articles first, one place of each: text before and after it."""
    text = "annotation__article_version__text"
    rows = (
        _mentions()
        .annotate(spelt=Lower("surface"))
        .filter(spelt__in={key, key.replace(" ", "\n")})
        .order_by(f"-{_ARTICLE}_id", "start")
        .distinct(f"{_ARTICLE}_id")
        .annotate(
            before=Substr(
                text,
                Greatest(F("start") - _AROUND, Value(0)) + 1,
                Least(F("start"), Value(_AROUND)),
            ),
            after=Substr(text, F("end") + 1, _AROUND),
        )
        .values("surface", "before", "after", pk_of=F(_ARTICLE), title=F(f"{_ARTICLE}__title"))
    )
    return [
        {
            "article": row["pk_of"],
            "title": row["title"],
            "before": " ".join(row["before"].split()),
            "name": " ".join(row["surface"].split()),
            "after": " ".join(row["after"].split()),
        }
        for row in rows[:_EXAMPLES]
    ]
