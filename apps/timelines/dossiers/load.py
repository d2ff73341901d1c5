"""Load a dossier into the database: repeatable, and never over what an editor changed since.

For every field of every item there are three values: what the file says, what was last loaded
(DossierRecord) and what the row says. A field that the row still has as it was loaded follows the file;
one that an editor changed stays and the difference is reported. New items are added. Items that left the
files are reported, not deleted; items that an editor deleted are not made again.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from apps.core import history
from apps.core.dossier import Dossier
from apps.events import curate
from apps.events.models import Event
from apps.timelines import rollups
from apps.timelines.dossiers.load_actors import ActorKind
from apps.timelines.dossiers.load_claims import ClaimKind, EvidenceKind, LinkKind
from apps.timelines.dossiers.load_events import EventKind, Touched
from apps.timelines.dossiers.load_feeds import FeedKind
from apps.timelines.dossiers.load_kinds import (
    Kind,
    LaneKind,
    PlaceKind,
    SourceKind,
    TimelineKind,
    Values,
)
from apps.timelines.dossiers.load_names import as_merged_here
from apps.timelines.models import DossierRecord, Timeline

LABEL = "Dossier loader"
_MISSING = object()


@dataclass(slots=True)
class Report:
    """What a load did, by kind, and in sentences what it left alone."""

    created: Counter[str] = field(default_factory=Counter)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    @property
    def nothing_done(self) -> bool:
        """Tell whether the database already said what the files say."""
        return not self.created and not self.changed


@transaction.atomic
def load(dossier: Dossier) -> Report:
    """Bring the database up to the dossier's files; all of it or nothing."""
    with history.noted(who=LABEL, why=f"Files of the dossier {dossier.slug}."):
        return _load(dossier)


def _load(dossier: Dossier) -> Report:
    dossier, told = as_merged_here(dossier)
    report = Report(kept=told)
    records = _Records(dossier.slug)
    touched = Touched()
    for kind in (SourceKind, FeedKind, PlaceKind, ActorKind, TimelineKind, LaneKind):
        _merge(kind(dossier), records, report)
    for kind_of_event in (EventKind, EvidenceKind, ClaimKind, LinkKind):
        _merge(kind_of_event(dossier, touched), records, report)
    _publish(touched, dossier, report)
    records.save()
    rollups.rebuild(Timeline.objects.get(slug=dossier.slug))
    return report


class _Records:
    """What was last loaded of this dossier, by model and key."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        rows = DossierRecord.objects.filter(dossier=slug)
        self.stored = {(row.model, row.key): row for row in rows}
        self.new: list[DossierRecord] = []
        self.changed: list[DossierRecord] = []
        self.spent: list[int] = []

    def add(self, model: str, key: str, values: Values) -> None:
        self.new.append(DossierRecord(dossier=self.slug, model=model, key=key, values=values))

    def update(self, record: DossierRecord, values: Values) -> None:
        if record.values != values:
            record.values = values
            self.changed.append(record)

    def save(self) -> None:
        DossierRecord.objects.bulk_create(self.new)
        DossierRecord.objects.bulk_update(self.changed, ["values"])
        DossierRecord.objects.filter(pk__in=self.spent).delete()


def _merge(kind: Kind, records: _Records, report: Report) -> None:
    """Bring the rows of one kind up to the files."""
    items, rows = kind.items(), kind.rows()
    fresh: dict[str, Values] = {}
    for key, wanted in items.items():
        record, row = records.stored.get((kind.model, key)), rows.get(key)
        if row is not None:
            _reconcile(kind, key, wanted, row, record, records, report)
        elif record is None:
            fresh[key] = wanted
        else:
            report.kept.append(
                f"{kind.model} {key}: deleted here since it was loaded; not made again"
            )
    if fresh:
        kind.create(fresh)
        report.created[kind.model] += len(fresh)
        for key, wanted in fresh.items():
            records.add(kind.model, key, wanted)
    for (model, key), record in records.stored.items():
        if model == kind.model and key not in items:
            _gone(kind, key, record, rows, records, report)


def _gone(
    kind: Kind,
    key: str,
    record: DossierRecord,
    rows: dict[str, Any],
    records: _Records,
    report: Report,
) -> None:
    """An item left the files: tell it as long as its row is there, then forget it; a merged one was told of."""
    merged = getattr(rows.get(key), "merged_into_id", None) is not None
    if merged:
        return
    if key in rows:
        report.gone.append(f"{kind.model} {key}: no longer in the files; its row stays")
    else:
        records.spent.append(record.pk)


def _reconcile(
    kind: Kind,
    key: str,
    wanted: Values,
    row: Any,
    record: DossierRecord | None,
    records: _Records,
    report: Report,
) -> None:
    """Compare file, last load and row, field by field; write what the file changed and nobody else did."""
    current = kind.values(row)
    loaded = dict(record.values) if record else {}
    changes: Values = {}
    for name, value in wanted.items():
        if current[name] == value:
            loaded[name] = value
        elif current[name] == loaded.get(name, kind.later.get(name, _MISSING)):
            changes[name] = loaded[name] = value
        else:
            report.kept.append(_difference(kind, key, name, current[name], value))
    if changes:
        kind.write(row, changes)
        report.changed.append(f"{kind.model} {key}: {', '.join(changes)}")
    if record:
        records.update(record, loaded)
    else:
        records.add(kind.model, key, loaded)


def _difference(kind: Kind, key: str, name: str, here: Any, there: Any) -> str:
    return f"{kind.model} {key}: {name} is {_told(here)} here and {_told(there)} in the files; kept"


def _told(value: Any) -> str:
    """Write a value for a report, short enough for a line."""
    text = repr(value) if value not in (None, "", []) else "empty"
    return text if len(text) <= 100 else f"{text[:97]}..."


def _publish(touched: Touched, dossier: Dossier, report: Report) -> None:
    """Have curate publish new events and record what changed in old ones."""
    events = {event.key: event for event in Event.objects.filter(key__in=touched.before)}
    for key, before in touched.before.items():
        made = (
            "Loaded from the dossier {}." if not before else "The files of the dossier {} changed."
        )
        try:
            curate.load(
                events[key],
                before=before,
                links=touched.links.get(key, ()),
                by_label=LABEL,
                reason=made.format(dossier.slug),
            )
        except curate.CurateError as error:
            report.kept.append(f"events.event {key}: {error} The files' changes are not public.")
