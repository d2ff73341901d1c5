"""Recompute the tension index, formula T1, from contributions.csv and compare it with index.csv.

Run it beside both files: python3 recompute.py. It needs nothing but Python 3.8 or newer, and ends with 0 if
every day agrees to 1e-9. Parts: severity x weight, spread over the event's days; each part then halves in a
fixed time. The band reads every event at its lowest and at its highest.
"""

import csv
import sys
from datetime import date, timedelta
from math import exp, log10

KILLED, WOUNDED, CEILING, K, DENIED = 1.2, 0.5, 3.0, 30.0, 0.75
WEIGHT = {"high": 1.0, "medium": 0.8, "low": 0.5}
KEEP = {True: 0.5 ** (1 / 14), False: 0.5 ** (1 / 7)}  # conflict, cooperation: what a day leaves


def parts(row, reading):
    """Yield (day, amount) of one event; `reading` is "" for the line, "_low" or "_high" for the band."""
    severity = -float(row["plover_score"])
    conflict = severity >= 0
    if conflict:
        killed, wounded = (int(row[name + reading]) for name in ("killed", "wounded"))
        severity += min(CEILING, KILLED * log10(1 + killed) + WOUNDED * log10(1 + wounded))
        severity += float(row["rank"]) + float(row["soil"])
    amount = severity * WEIGHT[row["confidence"]]
    denied, raises = row["denied"] == "true", (reading == "_high") == conflict
    if denied and reading and not raises:
        return  # at its mildest it did not happen
    if denied and not reading:
        amount *= DENIED
    first, last = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    keep = KEEP[amount >= 0]
    if row["precision"] == "day" or not reading:
        yield from ((day, amount / len(days)) for day in days)
    elif raises:  # on whatever day of its span weighs most
        yield from ((day, amount if day == first else amount * (1 - keep)) for day in days)
    else:
        yield last, amount * keep ** (len(days) - 1)


def loads(rows, reading, days):
    """Return {day: what is left of all parts}."""
    fresh: dict = {}
    for day, amount in (part for row in rows for part in parts(row, reading)):
        fresh.setdefault((day, amount >= 0), []).append(amount)
    day, kept, found = min([days[0], *(day for day, _ in fresh)]), {True: 0.0, False: 0.0}, {}
    while day <= days[-1]:
        kept = {side: kept[side] * KEEP[side] + sum(fresh.get((day, side), [])) for side in kept}
        found[day], day = kept[True] + kept[False], day + timedelta(1)
    return found


def main(folder="."):
    """Compare both files; return 0 if they agree, 1 if not."""
    rows, index = (
        list(csv.DictReader(open(f"{folder}/{name}.csv", encoding="utf-8-sig", newline="")))
        for name in ("contributions", "index")
    )
    if not index:
        print("index.csv has no day: nothing to recompute.")
        return 0
    days, scale = (
        [date.fromisoformat(row["day"]) for row in index],
        lambda load: 100 * (1 - exp(-max(load, 0) / K)),
    )
    line, low, high = (loads(rows, reading, days) for reading in ("", "_low", "_high"))
    worst, name, where = 0.0, "", ""
    for row, day in zip(index, days):
        load = line[day]
        again = {
            "load": load,
            "value": scale(load),
            "low": scale(min(low[day], load)),
            "high": scale(max(high[day], load)),
        }
        worst, name, where = max(
            (worst, name, where),
            *((abs(float(row[n]) - v), n, row["day"]) for n, v in again.items()),
        )
    if worst > 1e-9:
        print(
            f"NO: {name} of {where} differs by {worst:.3g}. These files do not follow from one another by T1."
        )
        return 1
    print(
        f"Yes: {len(days)} days follow from {len(rows)} events by T1; the largest difference is {worst:.1e}."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
