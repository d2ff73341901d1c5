"""Feeds of a dossier (feeds.opml): all off until an operator turns them on, which no later load undoes."""

from typing import Any, ClassVar

from apps.core.dossier import DossierError
from apps.core.dossier.faults import Fault
from apps.sources import lists
from apps.sources.fetchers import opml
from apps.sources.models import Feed
from apps.timelines.dossiers.load_kinds import Kind, Values

FILE = "feeds.opml"


class FeedKind(Kind):
    """Feeds, by their address. A feed's source that `sources.yaml` lacks is made from its attributes."""

    model = "sources.feed"
    # Whether a feed is on is the operators' business; its title and language follow what it says itself.
    fields: ClassVar[tuple[str, ...]] = ("kind",)

    def items(self) -> dict[str, Values]:
        """See Kind."""
        outlines = self._outlines()
        return {url: {"kind": lists.columns(outlines[url])["kind"]} for url in outlines}

    def rows(self) -> dict[str, Feed]:
        """See Kind."""
        return {feed.url: feed for feed in Feed.objects.all()}

    def create(self, items: dict[str, Values]) -> None:
        """See Kind."""
        outlines, report = self._outlines(), lists.Report()
        Feed.objects.bulk_create(
            Feed(source=lists.source_of(outlines[url], report), **lists.columns(outlines[url]))
            for url in items
        )

    def _outlines(self) -> dict[str, opml.Outline]:
        """Return the file's feeds by address; DossierError where it cannot be read or an address be used."""
        path = self.dossier.directory / FILE
        try:
            raw = path.read_bytes() if path.is_file() else None
            outlines = opml.read(raw) if raw is not None else []
        except (OSError, opml.OpmlError) as error:
            raise DossierError([_fault(str(error))]) from error
        refused: list[Any] = [(one.url, lists.refusal(one.url)) for one in outlines]
        faults = [_fault(f"{url}: {problem}") for url, problem in refused if problem]
        if faults:
            raise DossierError(faults)
        return {outline.url: outline for outline in outlines}


def _fault(words: str) -> Fault:
    return Fault(FILE, 0, "", words)
