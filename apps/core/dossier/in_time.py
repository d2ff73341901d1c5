"""What must follow in time: answers after what they answer, effects after their causes, and no circles."""

from collections.abc import Iterator
from typing import Any

from apps.core.dossier import normal
from apps.core.dossier.yamlfile import Path_, YamlFile

Told = tuple[YamlFile, Path_, str]
Item = dict[str, Any]


def in_time(files: list[YamlFile]) -> Iterator[Told]:
    """Give what is wrong with the answers and links of events that are right in themselves: where, and why."""
    events: dict[str, Item] = {}
    places: dict[str, tuple[YamlFile, int]] = {}
    for file in files:
        for index, item in enumerate(file.content):
            events[item["id"]] = normal.event(item)
            places[item["id"]] = (file, index)
    for key, event in events.items():
        file, index = places[key]
        for at, reason in _answers(event):
            yield file, (index, "claims", at), reason
        for at, reason in _links(event, events):
            yield file, (index, "links", at), reason


def _answers(event: Item) -> Iterator[tuple[int, str]]:
    claims = {claim["id"]: claim for claim in event["claims"]}
    for at, claim in enumerate(event["claims"]):
        if claim["answers"] is None:
            continue
        answered = claims.get(claim["answers"])
        if answered is None or answered is claim:
            yield at, f"claim {claim['id']}: there is no other claim '{claim['answers']}' to answer"
        elif claim["act"] == "declines":
            yield at, f"claim {claim['id']}: who declines to say answers no claim"
        elif answered["known"] > claim["known"]:
            told = f"'{answered['id']}', which became known later ({answered['known']})"
            yield at, f"claim {claim['id']} answers {told}"


def _links(event: Item, events: dict[str, Item]) -> Iterator[tuple[int, str]]:
    for at, link in enumerate(event["links"]):
        target = events[link["to"]]
        if link["kind"] != "part_of" and _before(event, target):
            told = (
                f"{event['id']} ({event['start']}) began before {target['id']} ({target['start']})"
            )
            yield at, f"{told}: an event has no effect before it begins"
        way = _way(link["to"], event["id"], link["kind"], events)
        # Of the links of a circle the one tells it that starts from its first event by name.
        if way and event["id"] == min(way):
            yield at, f"the links go in a circle: {' → '.join([event['id'], *way])}"


def _before(effect: Item, cause: Item) -> bool:
    """Exact events compare by their first days; where one is known less well, all its days must lie before."""
    exact = effect["precision"] == cause["precision"] == "day"
    return bool((effect["start"] if exact else effect["end"]) < cause["start"])


def _way(start: str, goal: str, kind: str, events: dict[str, Item]) -> list[str]:
    """Return the events on a way of links from one to another, both included; empty for none."""
    ways, reached = {start: [start]}, [start]
    while reached:
        key = reached.pop()
        if key == goal:
            return ways[key]
        for link in events[key]["links"]:
            same = (link["kind"] == "part_of") == (kind == "part_of")
            if same and link["to"] not in ways:
                ways[link["to"]] = [*ways[key], link["to"]]
                reached.append(link["to"])
    return []
