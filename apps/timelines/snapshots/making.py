"""Sealed snapshots: all that a view of a timeline says, in one file that shows whether anybody changed it."""

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import IO, Any, Final

import yaml
from django.urls import reverse
from django.utils.translation import gettext

from apps.events.models import EventQuerySet
from apps.timelines import tension
from apps.timelines.dossiers.dump import dump_events
from apps.timelines.exports.about import About
from apps.timelines.exports.json_file import dumped, event_of, joined
from apps.timelines.exports.rows import read
from apps.timelines.exports.shapes import Row
from apps.timelines.models import Snapshot
from apps.timelines.queries.selection import Selection
from apps.timelines.snapshots.archive import Archive, TooLargeError
from apps.timelines.snapshots.coverage_file import coverage_file
from apps.timelines.snapshots.index_files import SCRIPT, IndexFiles, lines
from apps.timelines.snapshots.readme import readme

FORMAT: Final = "tensionline-snapshot"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
MOST_EVENTS: Final = 20_000
MOST_BYTES: Final = 256 * 1024 * 1024  # of all files together, before they are packed
SOURCES: Final = ("event", "publisher", "title", "url", "stance", "published_on", "sample")
# What editors noted there stands on no page; notes on an actor do, they introduce it.
WITHOUT_NOTES: Final = ("dossier/events.yaml", "dossier/places.yaml", "dossier/sources.yaml")
# When it was made is no part of a snapshot: the same content has the same seal.
_NO_TIME: Final = datetime(1980, 1, 1, tzinfo=UTC)


class SnapshotError(Exception):
    """A snapshot cannot be made or loaded; the message is a sentence for whoever asked."""


_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Base):
    """Writes every value where it stands: loaders refuse references, which can be made to grow without end."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def about_view(chosen: Selection, base: str, count: int = 0) -> About:
    """Describe a view for a file that says the same whenever it is made."""
    return About(chosen, base, _NO_TIME, count)


def sources(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield sources.csv: what each event rests on."""
    told = (
        [row.id, s.publisher, s.title, s.url, s.stance, s.published_on, s.sample]
        for row in rows
        for s in row.sources
    )
    return lines(SOURCES, told)


@dataclass(frozen=True)
class Maker:
    """A snapshot of a view. Without days in its address it holds the timeline's events of all days."""

    chosen: Selection
    base: str

    @property
    def days_asked(self) -> bool:
        """Tell whether the view is narrowed to days."""
        filters = self.chosen.filters
        return (filters.start, filters.end) != filters.focus

    @property
    def complete(self) -> bool:
        """Tell whether it holds every public event of the timeline that was known."""
        return not (self.days_asked or self.chosen.filters.narrowed)

    @property
    def events(self) -> EventQuerySet:
        """The events that it holds."""
        if self.days_asked:
            return self.chosen.events
        return self.chosen.on_any_day if self.chosen.filters.narrowed else self.chosen.members

    @cached_property
    def count(self) -> int:
        """How many these are; SnapshotError where they are too many."""
        count = self.events.count()
        if count > MOST_EVENTS:
            words = gettext(
                "This snapshot would hold %(count)s events, and one holds %(most)s at most: "
                "narrow the view by days or filters and take it in parts."
            )
            raise SnapshotError(words % {"count": f"{count:,}", "most": f"{MOST_EVENTS:,}"})
        return count

    def rows(self) -> Iterator[Row]:
        """Yield the events with all that files tell of them."""
        found = self.events.select_related("place").order_by("start", "public_id")
        return read(self.chosen, found.iterator(chunk_size=400))

    def write(self, target: IO[bytes]) -> dict[str, Any]:
        """Write the zip; return its manifest. DumpError or SnapshotError where none can be made."""
        about = about_view(self.chosen, self.base, self.count)
        archive = Archive(target, MOST_BYTES)
        try:
            for name, chunks in self._files(about):
                archive.add(name, chunks)
        except TooLargeError as error:
            words = gettext(
                "This snapshot would hold more than %(most)s MB: narrow the view by days or filters."
            )
            raise SnapshotError(words % {"most": MOST_BYTES // 1024**2}) from error
        files = {w.name: {"sha256": w.sha256, "bytes": w.size} for w in archive.written}
        manifest = self._manifest(about) | {"files": files}
        manifest["seal"] = seal_of(manifest)
        archive.add(MANIFEST, [json.dumps(manifest, indent=1, ensure_ascii=False).encode()])
        archive.close()
        return manifest

    def _files(self, about: About) -> Iterator[tuple[str, Iterable[bytes]]]:
        files = IndexFiles(self.chosen, self.base)
        dossier = dump_events(self.chosen.timeline, self.events, self.chosen.as_of.moment)
        part = "" if self.complete else f"{about.period_words}; {about.filters_words}."
        yield (
            "README.txt",
            [
                readme(
                    *("snapshot_readme.txt", about, files),
                    count=self.count,
                    complete=self.complete,
                    part=part,
                )
            ],
        )
        for file, content in dossier.items():
            name = f"dossier/{file}"
            if name in WITHOUT_NOTES:
                content = [{k: v for k, v in item.items() if k != "notes"} for item in content]
            text = yaml.dump(
                content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110
            )
            yield name, [text.encode()]
        yield "data/events.json", self._json(about)
        yield "data/sources.csv", sources(self.rows())
        told = coverage_file(self.chosen.timeline, *files.days, self.chosen.as_of)
        yield "data/coverage.csv", told
        yield "index/index.csv", files.series()
        yield "index/contributions.csv", files.contributions()
        yield "index/recompute.py", [SCRIPT.read_bytes()]

    def _json(self, about: About) -> Iterator[bytes]:
        yield b'{"meta": ' + dumped(self._manifest(about)) + b',\n"events": ['
        yield from joined(event_of(row, about) for row in self.rows())
        yield b"\n]}\n"

    def _manifest(self, about: About) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "timeline": self.chosen.timeline.slug,
            "title": about.title,
            "url": about.url,
            "methodology": self.base + reverse("methodology"),
            "as_of": about.as_of or None,
            "complete": self.complete,
            "days": list(about.period) if self.days_asked else None,
            "filters": about.filters,
            "events": self.count,
            "formula": tension.VERSION,
            "licence": about.licence,
        }


def seal_of(manifest: dict[str, Any]) -> str:
    """Return the SHA-256 of a manifest without its seal."""
    sealed = {name: value for name, value in manifest.items() if name != "seal"}
    text = json.dumps(sealed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def kept(snapshot: Snapshot) -> bytes:
    """Return the zip of a snapshot that the database keeps."""
    target = io.BytesIO()
    archive = Archive(target, MOST_BYTES)
    for name, text in snapshot.payload["files"]:
        archive.add(name, [text.encode()])
    archive.close()
    return target.getvalue()
