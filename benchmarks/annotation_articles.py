"""Measures on whole articles: distinct events, claims, time expressions, places."""

import re
from calendar import monthrange
from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt

from benchmarks.annotation_gold import Item, chains, readings, rows
from benchmarks.annotation_scores import Counts, claims_agree, day, events_agree, matched
from benchmarks.annotation_told import Miss, Told
from benchmarks.measure import Measure

ARTICLES = "gold_articles_dev.jsonl"
NEAR_KM = 161  # 100 miles, the literature's bound
_EARTH_KM = 12742
# Gold points in the Middle East: between these latitudes and longitudes.
_MIDDLE_EAST = (12.0, 42.0, 25.0, 63.5)


def articles() -> Told:
    """Score the distinct events of the gold articles; each predicted event is an answer with its confidence."""
    counts, main = Counts(), Counts()
    misses: list[Miss] = []
    answers: list[tuple[float, bool]] = []
    for row, found in zip(rows(ARTICLES), readings(ARTICLES), strict=True):
        gold = row["gold"]["events"]
        told = [e for e in found["story_events"] if e["modality"] == "actual"]
        hits = matched(gold, told, lambda g, p: events_agree(g, p, chains()))
        counts += Counts(len(hits), len(told), len(gold))
        news = [i for i, g in enumerate(gold) if g["role"] == "main"]
        main += Counts(sum(i in hits for i in news), 0, len(news))
        right = set(hits.values())
        answers += [(e["confidence"], j in right) for j, e in enumerate(told)]
        misses += _event_misses(row, gold, told, hits)
    shown = f"{counts.wanted} wanted, {counts.predicted} told, P {counts.precision:.3f}, R {counts.recall:.3f}"
    measures = [
        Measure(f"events of an article, F1 ({shown})", "", 0.60, round(counts.f1, 3), "higher"),
        Measure(f"main events found (of {main.wanted})", "", 0.75, round(main.recall, 3), "higher"),
    ]
    return Told(measures, misses, answers)


def _event_misses(
    row: Item, gold: list[Item], told: list[Item], hits: dict[int, int]
) -> list[Miss]:
    text, right = row["text"], set(hits.values())
    missed = [
        Miss(
            row["id"], "; ".join(g["quotes"]), _shown(g, g["date"]["start"]), "nothing that agrees"
        )
        for i, g in enumerate(gold)
        if i not in hits
    ]
    wrong = [
        Miss(
            row["id"],
            text[e["start"] : e["end"]],
            "no event of the gold",
            _shown(e, (e["date"] or {}).get("from")),
        )
        for j, e in enumerate(told)
        if j not in right
    ]
    return missed + wrong


def _shown(event: Item, when: str | None) -> str:
    return f"{event['type']} {event['initiators']} -> {event['targets']} on {when}"


def claims() -> Told:
    """Score the claims of the gold articles."""
    counts, misses = Counts(), []
    for row, found in zip(rows(ARTICLES), readings(ARTICLES), strict=True):
        gold, told, text = row["gold"]["claims"], found["claims"], row["text"]
        hits = matched(gold, told, lambda g, p, t=text: claims_agree(g, p, t, chains()))  # type: ignore[misc]
        counts += Counts(len(hits), len(told), len(gold))
        for i, g in enumerate(gold):
            if i not in hits:
                misses.append(Miss(row["id"], g["quote"], f"{g['speaker']} {g['act']}", "nothing"))
        for j, c in enumerate(told):
            if j not in hits.values():
                sentence = text[c["start"] : c["end"]]
                misses.append(Miss(row["id"], sentence, "no claim", f"{c['speaker']} {c['act']}"))
    name = f"claims, F1 ({counts.wanted} wanted, {counts.predicted} told)"
    return Told([Measure(name, "", 0.50, round(counts.f1, 3), "higher")], misses)


def timex() -> Told:
    """Score time expressions that are calendar dates: where they are and which days they name."""
    measures, misses = [], []
    for name in ("timebank_aquaint.jsonl", "wikiwars.jsonl"):
        counts, valued = Counts(), Counts()
        for row, found in zip(rows(name), readings(name), strict=True):
            here, value, wrong = _timex_of(row, found["dates"])
            counts, valued, misses = counts + here, valued + value, misses + wrong
        set_ = name.split(".")[0]
        measures += [
            Measure(
                f"time expressions, {set_}, F1 of spans ({counts.wanted})",
                "",
                0.90,
                round(counts.f1, 3),
                "higher",
                "0.90 (HeidelTime, TE3-Platinum)",
            ),
            Measure(
                f"time expressions, {set_}, F1 of values",
                "",
                0.80,
                round(valued.f1, 3),
                "higher",
                "0.78 (HeidelTime, TE3-Platinum)",
            ),
        ]
    return Told(measures, misses)


def _timex_of(row: Item, told: list[Item]) -> tuple[Counts, Counts, list[Miss]]:
    """A predicted expression on a gold one that is no calendar date counts neither way."""
    every = row["timex"]
    gold = [t for t in every if t.get("type", "DATE") in ("DATE", "TIME", None) and _unit(t)]
    hits = matched(gold, told, _touch)
    right = set(hits.values())
    stray = sum(j not in right and not any(_touch(t, p) for t in every) for j, p in enumerate(told))
    misses, valued = [], 0
    for i, wanted in enumerate(gold):
        shown = told[hits[i]] if i in hits else None
        if shown is not None and (day(shown["from"]), day(shown["to"])) == _unit(wanted):
            valued += 1
            continue
        around = row["text"][max(0, wanted["begin"] - 60) : wanted["end"] + 30]
        read = f"{shown['from']} to {shown['to']}" if shown else "nothing"
        misses.append(Miss(str(row.get("id")), around, wanted["value"], read))
    predicted = len(hits) + stray
    return (
        Counts(len(hits), predicted, len(gold)),
        Counts(valued, predicted, len(gold)),
        misses,
    )


def _touch(gold: Item, told: Item) -> bool:
    return bool(told["start"] < int(gold["end"]) and told["end"] > int(gold["begin"]))


def _unit(timex: Item) -> tuple[date, date] | None:
    """First and last day of a TIMEX3 value, None where it names no calendar date."""
    value = timex.get("value") or ""
    week = re.fullmatch(r"(\d{4})-W(\d{2})", value)
    found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:T.*)?", value)
    try:
        if week:
            monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return monday, monday + timedelta(6)
        if not found:
            return None
        year, month, of_month = int(found[1]), found[2], found[3]
        if of_month:
            return (date(year, int(month), int(of_month)),) * 2
        if month:
            last = monthrange(year, int(month))[1]
            return date(year, int(month), 1), date(year, int(month), last)
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        return None  # no day of any calendar


def places() -> Told:
    """Score places against coordinates: found, and resolved near enough, in all and in the Middle East."""
    measures, misses = [], []
    for name, target in (("tr_news_places.jsonl", 0.85), ("geowebnews.jsonl", 0.85)):
        found, near, here, near_here = Counts(), Counts(), Counts(), Counts()
        for row, read in zip(rows(name), readings(name), strict=True):
            for wanted in row["toponyms"]:
                point = _point(wanted)
                if point is None:
                    continue
                told = next((p for p in read["places"] if _touch(wanted, p)), None)
                is_told = told is not None and told["lat"] is not None
                close = bool(is_told and told and _km(point, (told["lat"], told["lon"])) <= NEAR_KM)
                found += Counts(is_told, 0, 1)
                near += Counts(close, 0, is_told)
                if _is_middle_east(point):
                    here += Counts(is_told, 0, 1)
                    near_here += Counts(close, 0, is_told)
                if not close:
                    text = row["text"][max(0, int(wanted["begin"]) - 60) : int(wanted["end"]) + 40]
                    shown = f"{told['surface']} {told['lat']}, {told['lon']}" if told else "nothing"
                    misses.append(
                        Miss(str(row.get("id")), text, f"{wanted['phrase']} {point}", shown)
                    )
        set_ = name.split(".")[0]
        measures += [
            Measure(
                f"places, {set_}, resolved within {NEAR_KM} km (of {near.wanted} found)",
                "",
                target,
                round(near.recall, 3),
                "higher",
                f"0.75 to 0.90 (published); found: {found.recall:.3f} of {found.wanted}",
            ),
            Measure(
                f"places, {set_}, Middle East (of {near_here.wanted} found)",
                "",
                target,
                round(near_here.recall, 3),
                "higher",
                f"0.75 to 0.90 (published); found: {here.recall:.3f} of {here.wanted}",
            ),
        ]
    return Told([m for m in measures if "of 0 found" not in m.name], misses)


def _point(toponym: Item) -> tuple[float, float] | None:
    """Degrees of a gold place; None where the gold names it only by an id of a gazetteer."""
    if toponym.get("lat"):
        return float(toponym["lat"]), float(toponym["lon"])
    written = re.fullmatch(r"(-?[\d.]+), *(-?[\d.]+)", toponym.get("geo") or "")
    return (float(written[1]), float(written[2])) if written else None


def _is_middle_east(point: tuple[float, float]) -> bool:
    south, north, west, east = _MIDDLE_EAST
    return south <= point[0] <= north and west <= point[1] <= east


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance by the haversine formula, degrees in, kilometres out."""
    a, b, c, d = map(radians, (*one, *other))
    h = sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2
    return _EARTH_KM * asin(sqrt(h))
