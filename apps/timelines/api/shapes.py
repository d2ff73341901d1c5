"""From rows to the words of the answers (schemas.py)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from apps.actors.models import Actor
from apps.articles.models import Article
from apps.events.models import Event, Evidence
from apps.places.models import Place
from apps.timelines import tension
from apps.timelines.api import schemas
from apps.timelines.asof import AsOf
from apps.timelines.queries import claims as queries_claims
from apps.timelines.queries import corrections as queries_corrections
from apps.timelines.queries import events as queries_events
from apps.timelines.queries import evidence as queries_evidence


@dataclass(frozen=True, slots=True)
class Addresses:
    """Whole addresses as this caller reaches them; all carry the day that the answer is as of."""

    request: HttpRequest
    as_of: AsOf

    def whole(self, path: str, **query: Any) -> str:
        """Return an address of this site, whole; of another one as it is."""
        if not path.startswith("/"):
            return path
        linked = self.as_of.link(path, **query)
        base: str = settings.SITE_ADDRESS
        return base + linked if base else self.request.build_absolute_uri(linked)

    def of(self, name: str, *arguments: Any) -> str:
        """Return the address of a named page or operation."""
        return self.whole(reverse(name, args=arguments))

    def named(self, actor: Actor) -> schemas.Named:
        """An actor by name."""
        return schemas.Named(slug=actor.slug, name=actor.name, page=self.of("actor", actor.slug))


def place(row: Place) -> dict[str, Any]:
    """The values of schemas.Place; its parent is loaded."""
    names = ("slug", "name", "kind", "country", "lat", "lon", "radius_km")
    parent = row.parent
    return {name: getattr(row, name) for name in names} | {"inside": parent.slug if parent else ""}


def brief(event: Event, to: Addresses) -> dict[str, Any]:
    """The values of schemas.EventBrief."""
    return {
        "id": event.public_id,
        "title": event.title,
        "start": event.start,
        "end": event.end,
        "precision": event.precision,
        "type": event.type,
        "quad": event.quad,
        "page": to.of("event", event.public_id),
        "api": to.of("api-event", event.public_id),
    }


def actor(row: Actor, to: Addresses) -> dict[str, Any]:
    """The values of schemas.ActorRow; `event_count` is annotated, as actor_list() does."""
    same = ("slug", "name", "kind", "country", "code")
    return {name: getattr(row, name) for name in same} | {
        "events": row.event_count,  # type: ignore[attr-defined]
        "page": to.of("actor", row.slug),
        "api": to.of("api-actor", row.slug),
    }


def event(row: Event, to: Addresses, *, hindsight: bool) -> dict[str, Any]:
    """The values of schemas.Event, which reads as it did then; `hindsight`: more became known later.

    Its place and participations are loaded.
    """
    same = ("edtf", "mode", "geo_precision", "contested", "denied", "confidence", "severity")
    return {
        **brief(row, to),
        **{name: getattr(row, name) for name in same},
        "summary": "" if hindsight else row.summary,
        "place": schemas.Place(**place(row.place)) if row.place else None,
        "participants": [
            schemas.Part(actor=to.named(part.actor), role=part.role)
            for part in row.participations.all()
        ],
        "killed": _toll(row, "killed"),
        "wounded": _toll(row, "wounded"),
        "first_public_at": row.first_public_at,
    }


def _toll(row: Event, name: str) -> schemas.Toll:
    low, high = getattr(row, f"{name}_low"), getattr(row, f"{name}_high")
    return schemas.Toll(value=getattr(row, name), low=low, high=high)


def day(found: tension.Day, address: str) -> schemas.Day:
    """One day of the index."""
    return schemas.Day(**scaled(found), day=found.day, api=address)


def scaled(found: tension.Day) -> dict[str, float]:
    """The figures of one day."""
    return {name: round(getattr(found, name), 6) for name in ("value", "low", "high", "load")}


def article(row: Article, to: Addresses) -> dict[str, Any]:
    """The values of schemas.ArticleBrief; its source is loaded."""
    source = row.source
    return {
        "id": row.pk,
        "title": row.title,
        "source": source
        and schemas.Source(name=source.name, kind=source.kind, reliability=source.reliability),
        "published_at": row.published_at,
        "published_precision": row.published_precision,
        "url": row.url,
        "page": to.of("article", row.pk),
        "api": to.of("api-article", row.pk),
    }


def reports(found: queries_evidence.Reports, to: Addresses) -> list[schemas.Report]:
    """All public evidence of an event, by independent report."""
    return [
        schemas.Report(
            title=report.title,
            wire=report.wire,
            sample=report.sample,
            evidence=[
                *(_evidence(quote.evidence, to, quote) for quote in report.quotes),
                *(_evidence(row, to) for row in report.cited),
            ],
        )
        for report in found.all
    ]


def _evidence(
    row: Evidence, to: Addresses, quote: queries_evidence.Quote | None = None
) -> schemas.Evidence:
    source = quote and quote.article.source
    return schemas.Evidence(
        id=row.pk,
        stance=row.stance,
        known_at=row.known_at,
        quote=row.quote,
        page=to.whole(quote.href) if quote else row.url,
        publisher=source.name if source else row.publisher,
        published_on=row.published_on,
        article=schemas.ArticleBrief(**article(quote.article, to)) if quote else None,
        notes=queries_corrections.evidence_notes(row, to.as_of.moment),
    )


def claims(rows: Iterable[queries_claims.ClaimRow]) -> list[schemas.Claim]:
    """The claims of an event in the order in which they became known."""
    same = ("field", "act", "value", "number", "said_from", "said_to", "known_at")
    return [
        schemas.Claim(
            **{name: getattr(row.claim, name) for name in same},
            id=row.claim.pk,
            speaker=row.claim.speaker_name,
            speaker_slug=row.claim.speaker.slug if row.claim.speaker else "",
            says=row.says,
            state=row.state,
            fate=row.fate,
            leads=row.leads,
            # The row itself may hold evidence that was not known by then.
            evidence=row.claim.evidence_id if row.quote or row.cited else None,
        )
        for row in rows
    ]


def links(rows: Iterable[queries_events.LinkRow], to: Addresses) -> list[schemas.Link]:
    """How other events stand to one."""
    return [
        schemas.Link(
            words=row.words,
            event=schemas.EventBrief(**brief(row.event, to)),
            latency=row.latency,
            note=row.note,
        )
        for row in rows
    ]


def severity(found: queries_events.Weighed) -> schemas.Severity:
    """What an event weighs in the index."""
    terms = found.terms
    return schemas.Severity(
        base=terms.base,
        magnitude=terms.magnitude,
        rank=terms.rank,
        soil=terms.soil,
        total=terms.total,
        weight=found.weight,
        formula=tension.VERSION,
    )
