"""What two kept states of a public event differ by, in words: ids and slugs become names that readers know."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from apps.actors.models import Actor
from apps.events.models import Claim, Event, Evidence
from apps.places.models import Place
from apps.timelines import wording
from apps.timelines.queries.difference import TOLLS, FieldChange

PUBLISHED: Final = str(Event.Status.PUBLISHED)
State = Mapping[str, Any]

# The values of a kept state that readers see, in the order in which they are told.
_PLAIN: Final = {
    "title": _("title"), "summary": _("summary"), "place": _("place"), "confidence": _("confidence"),
    "date_note": _("how the day was settled"), "geo_precision": _("precision of the place"),
}  # fmt: skip
_LISTS: Final = {
    "evidence": _("evidence"),
    "claims": _("claims"),
    "links": _("links to other events"),
}


def public(state: State) -> dict[str, Any] | None:
    """Return what readers saw of a kept state: values by name; None where the event was not public."""
    if state.get("status") != PUBLISHED:
        return None
    found = {name: state.get(name) or "" for name in _PLAIN}
    found["type"] = wording.type_in_words(state.get("type", ""), state.get("mode") or "")
    found["days"] = state.get("start"), state.get("end"), state.get("precision")
    for name in ("killed", "wounded"):
        toll = (state.get(f"{name}{edge}") for edge in ("", "_low", "_high"))
        found[name] = wording.figure(*toll)
    found["standing"] = bool(state.get("contested"))
    found["denied"] = bool(state.get("denied"))
    found["participants"] = tuple(state.get("participants") or ())
    for name in ("evidence", "claims"):
        rows = state.get(name) or {}
        found[name] = tuple(pk for pk, told in rows.items() if told.startswith("published"))
    links = state.get("links") or ()
    found["links"] = tuple(link for link in links if link.endswith("(published)"))
    return found


@dataclass(frozen=True)
class Names:
    """What the ids and slugs of kept states are called today; rows that are not public have no name."""

    actors: Mapping[str, str]
    places: Mapping[str, str]
    evidence: Mapping[str, str]
    claims: Mapping[str, str]
    roles: Mapping[str, str]
    events: Mapping[str, str]


def names_of(pairs: Sequence[tuple[State, State]]) -> Names:
    """Look up the names of all rows that the pairs of public states (was, now) differ by: five queries."""

    def differing(name: str) -> set[str]:
        return {key for was, now in pairs for key in set(was[name]) ^ set(now[name])}

    slugs = {part.partition(": ")[2] for part in differing("participants")}
    where = {state["place"] for pair in pairs for state in pair} - {""}
    events = {_linked(link)[1] for link in differing("links")}
    evidence = Evidence.objects.as_of(None).filter(pk__in=differing("evidence"))
    claims = Claim.objects.as_of(None).filter(pk__in=differing("claims"))
    return Names(
        actors=_pairs(Actor.objects.filter(slug__in=slugs).values_list("slug", "name")),
        places=_pairs(Place.objects.filter(slug__in=where).values_list("slug", "name")),
        evidence={
            str(row.pk): _source(row)
            for row in evidence.select_related("article_version__article").defer(
                "article_version__text", "article_version__raw"
            )
        },
        claims={str(row.pk): _said(row) for row in claims.select_related("speaker", "source")},
        roles={"initiator": gettext("initiator"), "target": gettext("target"),
               "other": gettext("otherwise involved")},
        events=_pairs(
            Event.objects.as_of(None).filter(public_id__in=events).values_list("public_id", "title")
        ),
    )  # fmt: skip


def _pairs(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    return dict(rows)


def _source(row: Evidence) -> str:
    if row.article_version is not None:
        return f"“{row.quote}” ({row.article_version.article.title})"
    return row.publisher or row.url


def _said(row: Claim) -> str:
    says = wording.says(row.get_act_display(), row.number, row.value)
    return f"{row.speaker or row.source or row.speaker_text} {says} ({row.get_field_display()})"


def _linked(link: str) -> tuple[str, str]:
    """Take "responds_to USIR-1 (published)" apart: kind and event."""
    kind, public_id, _standing = link.split(" ", 2)
    return kind, public_id


def fields(was: State, now: State, names: Names) -> list[FieldChange]:
    """Return the values by which two public states of an event differ, in the order of telling."""
    rows = [FieldChange(_("type"), was["type"], now["type"])]
    rows += [FieldChange(_("days"), _days(was["days"]), _days(now["days"]))]
    rows += [
        FieldChange(label, _plain(name, was[name], names), _plain(name, now[name], names))
        for name, label in _PLAIN.items()
    ]
    rows += [FieldChange(label, was[name], now[name]) for name, label in TOLLS.items()]
    yes = {True: pgettext("standing", "contested"), False: pgettext("standing", "not contested")}
    rows.append(FieldChange(_("standing"), yes[was["standing"]], yes[now["standing"]]))
    denied = {True: gettext("denied"), False: gettext("not denied")}
    rows.append(FieldChange(_("denial"), denied[was["denied"]], denied[now["denied"]]))
    rows += _of_lists(was, now, names)
    return [row for row in rows if row.was != row.now]


def _of_lists(was: State, now: State, names: Names) -> Iterator[FieldChange]:
    """Yield what came and what went of the rows of an event; counts stand for what is public no more."""
    yield FieldChange(
        _("who took part"),
        _parts(set(was["participants"]) - set(now["participants"]), names),
        _parts(set(now["participants"]) - set(was["participants"]), names),
    )
    for name, label in _LISTS.items():
        gone = [key for key in was[name] if key not in now[name]]
        came = [key for key in now[name] if key not in was[name]]
        yield FieldChange(label, _rows(name, gone, names), _rows(name, came, names))


def _rows(name: str, keys: Sequence[str], names: Names) -> str:
    if name == "links":
        told = [names.events.get(_linked(key)[1], "") for key in keys]
    else:
        known = names.evidence if name == "evidence" else names.claims
        told = [known.get(key, "") for key in keys]
    lines = [line for line in told if line]
    if hidden := len(keys) - len(lines):
        lines.append(gettext("%(count)d not public any more") % {"count": hidden})
    return "; ".join(lines)


def _parts(parts: set[str], names: Names) -> str:
    found = []
    for part in sorted(parts):
        role, _colon, slug = part.partition(": ")
        found.append(f"{names.actors.get(slug, slug)} ({names.roles.get(role, role)})")
    return ", ".join(found)


def _plain(name: str, value: str, names: Names) -> str:
    if name == "place":
        return names.places.get(value, value)
    if name == "geo_precision" and value:
        return str(dict(Event.GeoPrecision.choices).get(value, value))
    return value


def _days(value: tuple[str, str, str]) -> str:
    start, end, precision = value
    if not start or not end:
        return ""
    first, last = (datetime.fromisoformat(day).date() for day in (start, end))
    return wording.days(first, last, precision or "day")
