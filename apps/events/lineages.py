"""From evidence to what independence counts: which page it stands on, whose text that page carries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet

from apps.events.independence import Count, Piece, count, domain_of, host_of, wires_of
from apps.events.models import Event, Evidence
from apps.sources.models import Source

# What `Lineages.piece` reads of an evidence row, and what of it would be heavy to load.
RELATED = ("article_version__article__source", "article_version__article__story")
HEAVY = ("article_version__text", "article_version__raw")


def with_lineage(evidence: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Load with the evidence what `Lineages.piece` needs, without texts and bytes."""
    return evidence.select_related(*RELATED).defer(*HEAVY)


class Lineages:
    """The publishers' domains and wires, read once and used for many pieces of evidence."""

    @cached_property
    def _wires(self) -> dict[str, str]:
        """The wire that each known publisher mostly carries, by its domain."""
        known = Source.objects.filter(~Q(domain=""))
        return dict(known.values_list("domain", "wire_family"))

    def piece(self, evidence: Evidence) -> Piece:
        """Return what the evidence counts as (loaded by `with_lineage`)."""
        if evidence.article_version is None:
            domain = domain_of(host_of(evidence.url), self._wires)
            wires = wires_of(evidence.carries, self._wires.get(domain, ""))
            return Piece(evidence.url, wires=wires, domain=domain)
        article = evidence.article_version.article
        domain = domain_of(host_of(article.canonical_url), self._wires)
        usual = article.source.wire_family if article.source else self._wires.get(domain, "")
        return Piece(
            page=f"article {article.pk}",
            story=str(article.story_id),
            wires=wires_of(article.agency, article.story.wire_family, usual),
            domain=domain,
            sample=article.project_written,
        )


def counts(events: Iterable[Event], moment: datetime | None = None) -> dict[int, Count]:
    """Count the independent reports that tell of each event, by its id, as known at `moment`; None: now.

    What contradicts an event does not tell of it. Two queries, whatever the number of events.
    """
    lineages = Lineages()
    pieces: dict[int, list[Piece]] = defaultdict(list)
    rows = Evidence.objects.as_of(moment).filter(event__in=list(events)).order_by("known_at", "pk")
    for row in with_lineage(rows.exclude(stance=Evidence.Stance.CONTRADICTS)):
        pieces[row.event_id].append(lineages.piece(row))
    return {event_id: count(told) for event_id, told in pieces.items()}
