"""Events of a timeline as the items of a dossier's files, with what they cite (see dump.py)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.text import slugify

from apps.core.dossier.dates import written
from apps.events.models import Claim, Event, Evidence, Link, Standing
from apps.sources.models import Source
from apps.timelines.dossiers.load_events import ROLES
from apps.timelines.queries.then import hindsight

Item = dict[str, Any]
_ROLE_NAMES = {role: name for name, role in ROLES.items()}


def full(item: Item) -> Item:
    """Leave out what is empty: the files say only what there is to say."""
    return {name: value for name, value in item.items() if value not in (None, "", [], {})}


class CitedSources:
    """The publishers that events cite; one that nobody described gets a line made of its address."""

    def __init__(self) -> None:
        self._rows = list(Source.objects.all())
        self._by_name = {source.name: source for source in self._rows}
        self._by_domain = {source.domain: source for source in self._rows if source.domain}
        self._used: dict[str, Item] = {}

    def of(self, url: str, publisher: str) -> tuple[str, str]:
        """Return the id of the publisher of a cited page, and whose text the page carries."""
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        name, _, inside = publisher.rpartition(" (")
        carries = "" if publisher in self._by_name else inside.removesuffix(")") if name else ""
        source = self._by_name.get(name if carries else publisher) or self._by_domain.get(host)
        if source is not None:
            return self.use(source), carries
        slug = slugify(host.replace(".", "-"))[:100] or "unnamed"
        self._used.setdefault(slug, {"id": slug, "name": publisher or host, "kind": "other"})
        return slug, ""

    def use(self, source: Source) -> str:
        """Note that a source is cited; return its id."""
        names = ("name", "domain", "kind", "country", "reliability", "wire_family", "notes")
        self._used[source.slug] = {"id": source.slug} | full(
            {name: getattr(source, name) for name in names}
        )
        return source.slug

    def items(self) -> list[Item]:
        """Return the cited sources by id."""
        return [self._used[slug] for slug in sorted(self._used)]


def _keys(events: list[Event]) -> dict[int, str]:
    """Return each event's id in the files: the one it came with, else one made of its day and title."""
    keys: dict[int, str] = {}
    for event in events:
        made = f"e-{event.start:%Y%m%d}-{slugify(event.title)[:60]}".rstrip("-")
        key = event.key or (made if made not in keys.values() else f"{made}-{event.pk}")
        keys[event.pk] = key
    return keys


def _by_event(rows: Iterable[Any]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.event_id, []).append(row)
    return grouped


def items_of(
    events: list[Event], cited: CitedSources, moment: datetime | None = None
) -> list[Item]:
    """Return published events with their public citations, claims and links; note whom they cite.

    As of a moment (aware) with what was known then. What editors wrote about an event, which may tell of what
    became known later, is then left out.
    """
    keys = _keys(events)
    told_later = _told_later(events, moment)
    evidence = _by_event(
        Evidence.objects.as_of(moment)
        .filter(event__in=events)
        .select_related("article_version__article__source")
        .defer("article_version__text", "article_version__raw")
        .order_by("pk")
    )
    claims = _by_event(
        Claim.objects.as_of(moment)
        .filter(event__in=events)
        .select_related("speaker", "source", "answers", "evidence__article_version__article")
        .defer("evidence__article_version__text", "evidence__article_version__raw")
        .order_by("known_at", "pk")
    )
    links: dict[int, list[Link]] = {}
    known = Link.objects.as_of(moment).filter(source__in=events, target__in=events)
    for link in known.order_by("pk"):
        links.setdefault(link.source_id, []).append(link)
    items = []
    for event in events:
        sources = _citations(_proofs(evidence.get(event.pk, [])), cited)
        pages = {source["url"] for source in sources}
        told = [_claim(claim, event, cited, pages) for claim in claims.get(event.pk, [])]
        tied = [_link(link, keys) for link in links.get(event.pk, [])]
        item = _event(event, keys[event.pk], event.pk in told_later, moment is None)
        items.append(item | {"sources": sources} | full({"claims": told, "links": tied}))
    return items


def _proofs(rows: list[Evidence]) -> list[Evidence]:
    """Leave out what was written for this project as a sample, where anything else proves the event.

    A cited page counts as a report where it is loaded; a sample must not.
    """
    real = [
        row
        for row in rows
        if row.article_version is None or not row.article_version.article.project_written
    ]
    return real or rows


def _link(link: Link, keys: dict[int, str]) -> Item:
    return {
        "kind": link.kind,
        "to": keys[link.target_id],
        # What the machine read it from is for the desk alone.
        "note": (link.note or link.get_kind_display())[:300],
        **full({"known": link.known_at and link.known_at.date()}),
    }


def _told_later(events: list[Event], moment: datetime | None) -> set[int]:
    """Return the ids of events whose summary may tell of what became known after the moment."""
    if moment is None:
        return set()
    known = Event.objects.as_of(moment).filter(hindsight(moment), pk__in=[e.pk for e in events])
    return set(known.order_by().values_list("pk", flat=True))


def _event(event: Event, key: str, told_later: bool = False, with_notes: bool = True) -> Item:
    text, precision = written(event.start, event.end, event.precision)
    parts: dict[str, list[str]] = {name: [] for name in ROLES}
    for part in sorted(event.participations.all(), key=lambda part: part.position):
        parts[_ROLE_NAMES[part.role]].append(part.actor.slug)
    return full(
        {
            "id": key,
            "public_id": event.public_id,
            "title": event.title,
            "summary": "" if told_later else event.summary,
            "type": event.type,
            "mode": event.mode,
            "type_fit": event.type_fit if event.type_fit != "good" else "",
            "date": text,
            "precision": precision,
            "date_note": event.date_note if with_notes else "",
            "first_public": _first_day(event.first_public_at),
            "place": event.place and event.place.slug,
            "geo_precision": event.geo_precision,
            "rank": event.rank or None,
            "soil": event.soil or None,
            "confidence": event.confidence,
            "names": list(event.names),
            **parts,
            "notes": event.notes if with_notes else "",
        }
    )


def _first_day(instant: datetime | None) -> str:
    return instant.date().isoformat() if instant else ""


def _address(evidence: Evidence) -> str:
    version = evidence.article_version
    return evidence.url if version is None else version.article.canonical_url


def _citations(rows: list[Evidence], cited: CitedSources) -> list[Item]:
    """Return the pages that prove an event, each once; of articles the address of the article."""
    found: dict[str, Item] = {}
    for row in rows:
        url, version = _address(row), row.article_version
        if version is not None and version.article.source is not None:
            source, carries = cited.use(version.article.source), version.article.agency
        else:
            source, carries = cited.of(url, row.publisher)
            carries = row.carries or carries
        day = row.published_on or (row.known_at.date() if version else None)
        found.setdefault(
            url, full({"source": source, "carries": carries, "url": url, "published": day})
        )
    return list(found.values())


def _claim_id(claim: Claim) -> str:
    return claim.key or f"claim-{claim.pk}"


def _answered(claim: Claim) -> str:
    """Return the id of the public claim that it answers."""
    answered = claim.answers
    public = answered is not None and answered.standing == Standing.PUBLISHED
    return _claim_id(answered) if answered is not None and public else ""


def _claim(claim: Claim, event: Event, cited: CitedSources, pages: set[str]) -> Item:
    said = ""
    if claim.said_from and claim.said_to:
        said = written(claim.said_from, claim.said_to, "day")[0]
    known = claim.known_at.date()
    days = [claim.said_to, event.first_public_at and event.first_public_at.date()]
    page = _address(claim.evidence) if claim.evidence else ""
    told = known if all(day is None or known > day for day in days) else None
    return full(
        {
            "id": _claim_id(claim),
            "speaker": claim.speaker and claim.speaker.slug,
            "source": cited.use(claim.source) if claim.source else None,
            "speaker_text": claim.speaker_text,
            "act": claim.act,
            "field": claim.field,
            "value": claim.value,
            "said": said,
            "known": told,
            "url": page if page in pages else "",
            "answers": _answered(claim),
        }
    ) | ({} if claim.number is None else {"number": claim.number})
