"""Keep snapshots in the database, and load one that came from elsewhere."""

import csv
import io
import tempfile
import zipfile
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from django.db import transaction
from django.http import QueryDict

from apps.core import history
from apps.core.dossier import Dossier, DossierError, read
from apps.events.models import Event
from apps.timelines import rollups, tension
from apps.timelines.asof import NOW, AsOf
from apps.timelines.dossiers.load import Report, load
from apps.timelines.models import Membership, Snapshot, Timeline
from apps.timelines.queries.selection import select
from apps.timelines.snapshots.index_files import IndexFiles
from apps.timelines.snapshots.making import MANIFEST, Maker, SnapshotError
from apps.timelines.snapshots.opening import Opened

TOLERANCE = 1e-9
LABEL = "Snapshot loader"
_INDEX = "index/index.csv"
_FIGURES = ("load", "value", "low", "high")


def keep(timeline: Timeline, base: str, as_of: AsOf = NOW) -> tuple[Snapshot, bool]:
    """Make a snapshot of a whole timeline and keep it; False where the same one is kept already."""
    target = io.BytesIO()
    manifest = Maker(select(timeline, QueryDict(""), as_of), base).write(target)
    with zipfile.ZipFile(target) as archive:
        files = [(name, archive.read(name).decode()) for name in archive.namelist()]
    found, made = Snapshot.objects.get_or_create(
        timeline=timeline,
        sha256=manifest["seal"],
        defaults={"formula_version": tension.VERSION, "payload": {"files": files}},
    )
    return found, made


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a snapshot did. `others`: events of this installation that belong to the timeline, too."""

    report: Report
    pinned: int
    others: int
    largest: (
        float | None
    )  # difference from the sealed index, None where the snapshot holds a part only


def load_snapshot(opened: Opened, into_existing: bool = False) -> Loaded:
    """Load a checked snapshot as a dossier, all or nothing; SnapshotError where that cannot be."""
    dossier = _dossier(opened)
    if dossier.slug != opened.manifest.get("timeline"):
        raise SnapshotError(f"dossier/dossier.yaml is not of the timeline that {MANIFEST} names.")
    if not into_existing and Timeline.objects.filter(slug=dossier.slug).exists():
        raise SnapshotError(
            f"There is a timeline “{dossier.slug}” here already. With --into-existing it follows the snapshot "
            "where nobody changed it here."
        )
    with transaction.atomic(), history.noted(who=LABEL, why=f"Snapshot of {dossier.slug}."):
        report = load(dossier)
        timeline = Timeline.objects.get(slug=dossier.slug)
        pinned, others = _pin(timeline, [event["public_id"] for event in dossier.events])
        largest = _compare(timeline, opened) if opened.manifest.get("complete") else None
    return Loaded(report, pinned, others, largest)


def _dossier(opened: Opened) -> Dossier:
    with tempfile.TemporaryDirectory(prefix="snapshot-") as folder:
        for name, content in opened.files.items():
            top, _, file = name.partition("/")
            if top == "dossier" and file:
                (Path(folder) / file).write_bytes(content)
        try:
            return read(Path(folder))
        except DossierError as error:
            raise SnapshotError(
                f"The dossier in the snapshot cannot be loaded:\n{error}"
            ) from error
        except RecursionError:
            raise SnapshotError("The dossier in the snapshot is nested too deeply.") from None


def _pin(timeline: Timeline, public_ids: list[str]) -> tuple[int, int]:
    """Pin events of the snapshot that the timeline's rule would leave out; count those that it adds."""
    known = set(select(timeline, QueryDict("")).members.values_list("public_id", flat=True))
    missing = Event.objects.filter(public_id__in=set(public_ids) - known)
    for event in missing:
        Membership.objects.get_or_create(
            timeline=timeline,
            event=event,
            defaults={"kind": Membership.Kind.PINNED, "reason": "In the snapshot it came with."},
        )
    if missing:
        rollups.rebuild(timeline)
    return len(missing), len(known - set(public_ids))


def _compare(timeline: Timeline, opened: Opened) -> float:
    """Return the largest difference between the index of the loaded timeline and the sealed one.

    SnapshotError where the sealed one is none, or is not of the timeline's days: an index without a day would
    agree with every other one.
    """
    sealed = _sealed_index(opened)
    last = str(opened.manifest.get("as_of") or "9999")
    days = IndexFiles(select(timeline, QueryDict("")), "").index
    here = {day.day.isoformat(): day for day in days}
    for day in sorted(sealed.keys() ^ {day for day in here if day <= last}):
        told = "is no day of the timeline" if day in sealed else "is missing"
        raise SnapshotError(f"{_INDEX} is not of this timeline: {day[:40]} {told}.")
    pairs = (
        (value, getattr(here[day], name))
        for day, row in sealed.items()
        for name, value in row.items()
    )
    return max((abs(a - b) for a, b in pairs), default=0.0)


def _sealed_index(opened: Opened) -> dict[str, dict[str, float]]:
    """Read the sealed index: day -> its figures. SnapshotError where a line of it is none."""
    number = 1
    found: dict[str, dict[str, float]] = {}
    try:
        text = opened.files[_INDEX].decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(text)):
            number += 1
            found[row["day"]] = {name: float(row[name]) for name in _FIGURES}
            if not all(map(isfinite, found[row["day"]].values())):
                raise ValueError(row["day"])
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise SnapshotError(f"{_INDEX}, line {number}, is no day of an index.") from error
    return found
