"""From items as people write them to values ready for use: real dates, every key there."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from apps.core.dossier import dates

Item = dict[str, Any]
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z")


def published_at(text: str) -> tuple[datetime, str]:
    """Return the aware UTC time of `2020-01-03T09:40Z` or `2020-01-03`, and instant or day.

    Raises ValueError with a sentence where it is neither.
    """
    if _INSTANT.fullmatch(text):
        try:
            return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC), "instant"
        except ValueError:
            raise ValueError(f"'{text}' is not in the calendar or on the clock") from None
    try:
        first, last = dates.days_of(text)
    except ValueError:
        first, last = date.min, date.max
    if first != last:
        raise ValueError(f"'{text}' is neither a day nor an instant like 2020-01-03T09:40Z")
    return datetime.combine(first, time(), tzinfo=UTC), "day"


def _first(item: Item, key: str) -> date | None:
    return dates.days_of(str(item[key]))[0] if key in item else None


def _last(item: Item, key: str) -> date | None:
    return dates.days_of(str(item[key]))[1] if key in item else None


def timeline(item: Item) -> Item:
    """Add `start`, `end`, `focus_start`, `focus_end`."""
    start, end, _ = dates.interval_of(str(item["span"]))
    focus_start, focus_end, _ = dates.interval_of(str(item.get("focus", item["span"])))
    return {
        **item,
        "start": start,
        "end": end,
        "focus_start": focus_start,
        "focus_end": focus_end,
    }


def actor(item: Item) -> Item:
    """Aliases become [{name, kind}]; since and active_from first days, until and active_to last days."""
    aliases = [
        {"name": name, "kind": kind}
        for kind, names in item.get("aliases", {}).items()
        for name in names
    ]
    roles = [
        {
            "title": role["title"],
            "organisation": role.get("organisation"),
            "since": _first(role, "since"),
            "until": _last(role, "until"),
        }
        for role in item.get("roles", [])
    ]
    relations = [
        {
            "kind": relation["kind"],
            "to": relation["to"],
            "since": _first(relation, "since"),
            "until": _last(relation, "until"),
            "disputed": relation.get("disputed", False),
            "evidence": relation.get("evidence", ""),
        }
        for relation in item.get("relations", [])
    ]
    return {
        "code": "",
        "notes": "",
        **item,
        "active_from": _first(item, "active_from"),
        "active_to": _last(item, "active_to"),
        "aliases": aliases,
        "roles": roles,
        "relations": relations,
    }


def place(item: Item) -> Item:
    """Fill in what was left out."""
    return {"parent": None, "aliases": [], "notes": "", **item}


def source(item: Item) -> Item:
    """Fill in what was left out; a source nobody judged is F on the Admiralty scale."""
    empty = {"domain": "", "country": "XXX", "reliability": "F", "wire_family": "", "notes": ""}
    return {**empty, **item}


def event(item: Item) -> Item:
    """Add `start`, `end`, `precision`, `edtf`; claims get `said_from`, `said_to` and `known`."""
    start, end, written = dates.interval_of(str(item["date"]))
    precision = item.get("precision", written)
    first_public = _last(item, "first_public")
    empty: Item = {
        "summary": "",
        "mode": "",
        "type_fit": "good",
        "date_note": "",
        "place": None,
        "geo_precision": "unknown",
        "rank": 0,
        "soil": 0,
        "names": [],
        "targets": [],
        "others": [],
        "links": [],
        "notes": "",
    }
    return {
        **empty,
        **item,
        "start": start,
        "end": end,
        "precision": precision,
        "edtf": dates.edtf_of(start, end, precision),
        "first_public": first_public,
        "sources": [_citation(citation) for citation in item["sources"]],
        "claims": [_claim(claim, first_public) for claim in item.get("claims", [])],
        "links": [{**link, "known": _last(link, "known")} for link in item.get("links", [])],
    }


def _citation(item: Item) -> Item:
    """`published` is the last day that the written date names, or None."""
    return {"carries": "", **item, "published": _last(item, "published")}


def _claim(item: Item, first_public: date | None) -> Item:
    """A claim is known once it was said and the event is public, unless the file names a later day."""
    said_from = said_to = None
    if "said" in item:
        said_from, said_to, _ = dates.interval_of(str(item["said"]))
    days = [day for day in (said_to, first_public, _last(item, "known")) if day]
    empty = {"speaker": None, "source": None, "speaker_text": "", "value": "", "number": None}
    return {
        **empty,
        "url": "",
        "answers": None,
        **item,
        "said_from": said_from,
        "said_to": said_to,
        "known": max(days, default=None),
    }


def dispatch(item: Item, directory: Path) -> Item:
    """Add `text`, `published_at` (aware UTC) and `published_precision` (instant or day)."""
    instant, precision = published_at(item["published"])
    text = (directory / "dispatches" / f"{item['id']}.txt").read_text(encoding="utf-8")
    return {
        "revises": None,
        "note": "",
        **item,
        "text": text,
        "published_at": instant,
        "published_precision": precision,
    }


def review(item: Item) -> Item:
    """Fill in what was left out."""
    return {"speaker": None, "act": None, "field": None, "number": None, **item}
