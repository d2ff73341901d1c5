"""What a schema cannot say: dates in order, ids once, references known, modes of their type, quotes exact."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from apps.core import plover
from apps.core.dossier import dates, normal
from apps.core.dossier.faults import Fault
from apps.core.dossier.in_time import in_time
from apps.core.dossier.structure import item_name
from apps.core.dossier.yamlfile import Path_, YamlFile

Files = dict[str, list[YamlFile]]
Span = tuple[date, date]
# Kinds of items that have an id, and what one of them is called.
KINDS = {
    "actors": "actor",
    "places": "place",
    "sources": "source",
    "events": "event",
    "dispatches": "dispatch",
}

# Events that were made by hand or by the machine are numbered so, and keep their number.
NUMBERED_HERE = "EV-"


@dataclass(slots=True)
class _Check:
    """The files, the ids they define, and the faults found so far."""

    files: Files
    directory: Path
    ids: dict[str, set[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def items(self, kind: str) -> Iterator[tuple[YamlFile, int, dict[str, Any]]]:
        for file in self.files.get(kind, []):
            for index, item in enumerate(file.content):
                yield file, index, item

    def tell(self, file: YamlFile, path: Path_, reason: str) -> None:
        item = item_name(file.content, path)
        self.faults.append(Fault(file.name, file.line(path), item, reason))

    def known(self, kind: str, name: str, file: YamlFile, path: Path_) -> None:
        if name not in self.ids[kind]:
            self.tell(file, path, f"there is no {KINDS[kind]} '{name}'")

    def all_known(self, kind: str, names: list[str], file: YamlFile, path: Path_) -> None:
        for index, name in enumerate(names):
            self.known(kind, name, file, (*path, index))

    def days(self, item: dict[str, Any], key: str, file: YamlFile, path: Path_) -> Span | None:
        """Parse one date or interval; None where it is absent or wrong (which is told)."""
        if key not in item:
            return None
        try:
            first, last, _ = dates.interval_of(str(item[key]))
        except ValueError as error:
            self.tell(file, (*path, key), str(error))
            return None
        return first, last

    def in_order(
        self, item: dict[str, Any], since: str, until: str, file: YamlFile, path: Path_
    ) -> None:
        first, last = (self.days(item, key, file, path) for key in (since, until))
        if first and last and last[1] < first[0]:
            told = f"{until} {item[until]} is before {since} {item[since]}"
            self.tell(file, (*path, until), told)

    def once(self, kind: str, key: str, said: str) -> None:
        """Report values of `key` that two items of a kind share."""
        seen: dict[Any, str] = {}
        for file, index, item in self.items(kind):
            value = item.get(key)
            if value in seen:
                self.tell(file, (index, key), f"{said} '{value}' is used by {seen[value]} already")
            elif value is not None:
                seen[value] = f"{item['id']} ({file.name}:{file.line((index,))})"


def faults_of(files: Files, directory: Path) -> list[Fault]:
    """Return the faults of files whose shape is right."""
    check = _Check(files, directory)
    check.ids = {kind: {item["id"] for _, _, item in check.items(kind)} for kind in KINDS}
    for kind in KINDS:
        check.once(kind, "id", "the id")
    check.once("events", "public_id", "the public id")
    check.once("sources", "domain", "the domain")
    check.once("dispatches", "url", "the address")
    span = _timeline(check)
    each: dict[str, Callable[[_Check, YamlFile, int, dict[str, Any]], None]] = {
        "actors": _actor,
        "places": _place,
        "dispatches": _dispatch,
        "reviewed": _review,
    }
    for kind, examine in each.items():
        for file, index, item in check.items(kind):
            examine(check, file, index, item)
    for file, index, item in check.items("events"):
        _event(check, file, index, item, span)
    _texts(check)
    if not check.faults:
        for file, path, reason in in_time(check.files["events"]):
            check.tell(file, path, reason)
    return check.faults


def _timeline(check: _Check) -> Span | None:
    file = check.files["timeline"][0]
    timeline = file.content
    span, focus = (check.days(timeline, key, file, ()) for key in ("span", "focus"))
    if span and focus and not (span[0] <= focus[0] and focus[1] <= span[1]):
        check.tell(file, ("focus",), f"the focus {timeline['focus']} is not inside the span")
    for kind in ("actors", "places"):
        check.all_known(kind, timeline["scope"][kind], file, ("scope", kind))
    seen: set[str] = set()
    for index, lane in enumerate(timeline["lanes"]):
        if lane["id"] in seen:
            check.tell(file, ("lanes", index), f"the lane '{lane['id']}' is there twice")
        seen.add(lane["id"])
        for side in ("a", "b"):
            check.all_known("actors", lane.get(side, []), file, ("lanes", index, side))
    return span


def _actor(check: _Check, file: YamlFile, index: int, actor: dict[str, Any]) -> None:
    check.in_order(actor, "active_from", "active_to", file, (index,))
    names = [
        actor["name"],
        *(name for group in actor.get("aliases", {}).values() for name in group),
    ]
    for name in {name for name in names if names.count(name) > 1}:
        check.tell(file, (index, "aliases"), f"the name '{name}' is there twice")
    roles, relations = actor.get("roles", []), actor.get("relations", [])
    if roles and actor["kind"] != "person":
        check.tell(file, (index, "roles"), "only a person holds roles")
    for at, role in enumerate(roles):
        path: Path_ = (index, "roles", at)
        check.in_order(role, "since", "until", file, path)
        if "organisation" in role:
            check.known("actors", role["organisation"], file, (*path, "organisation"))
        if any(
            (role["title"], role.get("since")) == (r["title"], r.get("since")) for r in roles[:at]
        ):
            check.tell(file, path, f"the role '{role['title']}' is there twice")
    for at, relation in enumerate(relations):
        path = (index, "relations", at)
        check.in_order(relation, "since", "until", file, path)
        check.known("actors", relation["to"], file, (*path, "to"))
        if relation["to"] == actor["id"]:
            check.tell(file, path, "an actor has no relation to itself")
        same = [(r["kind"], r["to"], r.get("since")) for r in relations]
        if same[at] in same[:at]:
            check.tell(file, path, f"'{relation['kind']} {relation['to']}' is there twice")


def _place(check: _Check, file: YamlFile, index: int, place: dict[str, Any]) -> None:
    if "parent" not in place:
        return
    check.known("places", place["parent"], file, (index, "parent"))
    parents = {item["id"]: item.get("parent") for _, _, item in check.items("places")}
    above, seen = place["parent"], {place["id"]}
    while above is not None and above not in seen:
        seen.add(above)
        above = parents.get(above)
    if above is not None:
        check.tell(file, (index, "parent"), "the place lies in itself: its parents go in a circle")


def _event(
    check: _Check, file: YamlFile, index: int, event: dict[str, Any], span: Span | None
) -> None:
    days = check.days(event, "date", file, (index,))
    if days and span and not (span[0] <= days[0] and days[1] <= span[1]):
        check.tell(file, (index, "date"), f"{event['date']} is outside the timeline's span")
    public = check.days(event, "first_public", file, (index,))
    if public and days and public[1] < days[0]:
        check.tell(file, (index, "first_public"), "first_public is before the event")
    modes = plover.MODES[event["type"]]
    if event.get("mode", modes[0] if modes else None) not in (*modes, None):
        known = ", ".join(modes) or "none"
        told = f"'{event['mode']}' is no mode of {event['type']}; its modes are {known}"
        check.tell(file, (index, "mode"), told)
    code = check.files["timeline"][0].content["code"]
    if not event["public_id"].startswith((f"{code}-", NUMBERED_HERE)):
        told = f"the public id must start with {code}-, or {NUMBERED_HERE} where it came from no dossier"
        check.tell(file, (index, "public_id"), told)
    if "place" in event:
        check.known("places", event["place"], file, (index, "place"))
    for role in ("initiators", "targets", "others"):
        check.all_known("actors", event.get(role, []), file, (index, role))
    _citations(check, file, index, event)
    _claims(check, file, index, event)
    _links(check, file, index, event)


def _citations(check: _Check, file: YamlFile, index: int, event: dict[str, Any]) -> None:
    seen: set[str] = set()
    for at, citation in enumerate(event["sources"]):
        path: Path_ = (index, "sources", at)
        check.known("sources", citation["source"], file, (*path, "source"))
        check.days(citation, "published", file, path)
        if citation["url"] in seen:
            check.tell(file, (*path, "url"), f"{citation['url']} is cited twice")
        seen.add(citation["url"])


def _claims(check: _Check, file: YamlFile, index: int, event: dict[str, Any]) -> None:
    cited = {citation["url"] for citation in event["sources"]}
    seen: set[str] = set()
    for at, claim in enumerate(event.get("claims", [])):
        path: Path_ = (index, "claims", at)
        for key in ("said", "known"):
            check.days(claim, key, file, path)
        for key, kind in (("speaker", "actors"), ("source", "sources")):
            if key in claim:
                check.known(kind, claim[key], file, (*path, key))
        if claim["id"] in seen:
            check.tell(file, path, f"the claim id '{claim['id']}' is there twice")
        seen.add(claim["id"])
        if claim.get("url", None) not in (*cited, None):
            check.tell(file, (*path, "url"), f"{claim['url']} is not among the event's sources")
        if (told := _number_fault(claim)) is not None:
            check.tell(file, path, f"claim {claim['id']}: {told}")


def _number_fault(claim: dict[str, Any]) -> str | None:
    """A toll is a number; nothing else is."""
    toll = claim["field"] in ("killed", "wounded")
    if toll and "number" not in claim and claim["act"] not in ("denies", "retracts", "declines"):
        return f"a claim of {claim['field']} needs a number"
    if "number" in claim and not toll:
        return f"a number says how many were killed or wounded, not {claim['field']}"
    return None


def _links(check: _Check, file: YamlFile, index: int, event: dict[str, Any]) -> None:
    links = [(link["kind"], link["to"]) for link in event.get("links", [])]
    for at, (kind, to) in enumerate(links):
        path: Path_ = (index, "links", at)
        check.known("events", to, file, (*path, "to"))
        if to == event["id"]:
            check.tell(file, path, "an event has no link to itself")
        if (kind, to) in links[:at]:
            check.tell(file, path, f"the link '{kind} {to}' is there twice")


def _dispatch(check: _Check, file: YamlFile, index: int, dispatch: dict[str, Any]) -> None:
    check.known("sources", dispatch["source"], file, (index, "source"))
    if "revises" in dispatch:
        check.known("dispatches", dispatch["revises"], file, (index, "revises"))
    try:
        normal.published_at(dispatch["published"])
    except ValueError as error:
        check.tell(file, (index, "published"), str(error))
    name = f"dispatches/{dispatch['id']}.txt"
    try:
        text = _text(check, dispatch["id"])
    except UnicodeDecodeError:
        check.tell(file, (index,), f"{name} is not UTF-8 text")
        return
    if not text.strip():
        check.tell(file, (index,), f"there is no text in {name}")
    elif "\0" in text:
        check.tell(file, (index,), f"there is a NUL in {name}, which no text can hold")


def _text(check: _Check, dispatch: str, errors: str = "strict") -> str:
    path = check.directory / "dispatches" / f"{dispatch}.txt"
    return path.read_text(encoding="utf-8", errors=errors) if path.is_file() else ""


def _review(check: _Check, file: YamlFile, index: int, review: dict[str, Any]) -> None:
    check.known("events", review["event"], file, (index, "event"))
    check.known("dispatches", review["dispatch"], file, (index, "dispatch"))
    if "speaker" in review:
        check.known("actors", review["speaker"], file, (index, "speaker"))
    times = _text(check, review["dispatch"], "replace").count(review["quote"])
    if review["dispatch"] in check.ids["dispatches"] and times != 1:
        told = "does not stand" if times == 0 else f"stands {times} times"
        check.tell(file, (index, "quote"), f"the quote {told} in {review['dispatch']}.txt")


def _texts(check: _Check) -> None:
    """Report text files that the index does not name."""
    for path in sorted((check.directory / "dispatches").glob("*.txt")):
        if path.stem not in check.ids["dispatches"]:
            reason = "this text is not in dispatches/index.yaml"
            check.faults.append(Fault(f"dispatches/{path.name}", 0, "", reason))
