"""Small makers of valid rows, for tests that need something to look at."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.db import transaction

from apps.actors.models import Actor, Relation
from apps.articles.models import Article, ArticleVersion, Story
from apps.core import plover
from apps.events.models import Claim, Event, Evidence, Participation, Standing
from apps.places.models import Place
from apps.timelines.models import Dyad, Timeline

_number = count(1)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def make_actor(
    slug: str, *, name: str = "", kind: str = Actor.Kind.GOVERNMENT, **values: Any
) -> Actor:
    """An actor; its name is its slug in words unless given."""
    values.setdefault("country", "XXX")
    return Actor.objects.create(
        slug=slug, name=name or slug.replace("-", " ").title(), kind=kind, **values
    )


def relate(source: Actor, kind: str, target: Actor, **values: Any) -> Relation:
    """`source` is `kind` (part_of, commands ...) `target`."""
    return Relation.objects.create(source=source, kind=kind, target=target, **values)


def make_place(slug: str = "baghdad", **values: Any) -> Place:
    """A place; Baghdad unless told."""
    defaults = {
        "name": slug.replace("-", " ").title(),
        "kind": Place.Kind.CITY,
        "country": "IRQ",
        "lat": 33.31,
        "lon": 44.36,
        "radius_km": 15.0,
    }
    return Place.objects.create(slug=slug, **{**defaults, **values})


def make_event(
    title: str = "",
    *,
    start: date = date(2020, 1, 3),
    end: date | None = None,
    status: str = Event.Status.PUBLISHED,
    by: Sequence[Actor] = (),
    at: Sequence[Actor] = (),
    evidence: int = 1,
    **values: Any,
) -> Event:
    """An event with its participants and `evidence` cited sources, published unless `status` says otherwise.

    Actors `by` initiate it, actors `at` are its targets.
    """
    number = next(_number)
    defaults: dict[str, Any] = {
        "public_id": f"TEST-{start:%Y%m%d}-{number}",
        "title": title or f"Event number {number}",
        "type": "ASSAULT",
        "precision": Event.Precision.DAY,
        "edtf": start.isoformat(),
        "confidence": Event.Confidence.HIGH,
        "first_public_at": _noon(start),
    }
    values = {**defaults, **values}
    values.setdefault("severity", -plover.score(values["type"], values.get("mode", "")))
    with transaction.atomic():
        event = Event.objects.create(start=start, end=end or start, status=status, **values)
        for role, actors in (("initiator", by), ("target", at)):
            for position, actor in enumerate(actors):
                Participation.objects.create(event=event, actor=actor, role=role, position=position)
        for index in range(evidence):
            make_evidence(event, url=f"https://news.example/{event.public_id}/{index}")
    return event


def make_evidence(event: Event, **values: Any) -> Evidence:
    """A cited source of an event, published unless told otherwise."""
    defaults: dict[str, Any] = {
        "standing": Standing.PUBLISHED,
        "origin": Evidence.Origin.DOSSIER,
        "publisher": "Example News",
        "published_on": event.start,
        "known_at": event.first_public_at or _noon(event.start),
    }
    return Evidence.objects.create(event=event, **{**defaults, **values})


def make_quote(event: Event, version: ArticleVersion, quote: str, **values: Any) -> Evidence:
    """Evidence that is a span of an article version: where `quote` first stands in its text."""
    start = version.text.index(quote)
    return make_evidence(
        event,
        article_version=version,
        start=start,
        end=start + len(quote),
        quote=quote,
        publisher="",
        published_on=None,
        **values,
    )


def make_claim(event: Event, speaker: Actor | None = None, **values: Any) -> Claim:
    """A published claim: unless told otherwise, the speaker says that the event happened."""
    defaults: dict[str, Any] = {
        "standing": Standing.PUBLISHED,
        "origin": Evidence.Origin.DOSSIER,
        "act": Claim.Act.ASSERTS,
        "field": Claim.Field.OCCURRENCE,
        "speaker": speaker,
        "speaker_text": "" if speaker else "a spokesman",
        "known_at": datetime(event.start.year, event.start.month, event.start.day, 18, tzinfo=UTC),
    }
    return Claim.objects.create(event=event, **{**defaults, **values})


def make_article(text: str, *, title: str = "A dispatch", **values: Any) -> ArticleVersion:
    """The first version of a new article with this text, alone in its story unless given one."""
    url = f"https://news.example/articles/{next(_number)}"
    values.setdefault("story", None)
    values["story"] = values["story"] or Story.objects.create(title=title)
    article = Article.objects.create(title=title, url=url, canonical_url=url, **values)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return ArticleVersion.objects.create(article=article, title=title, text=text, sha256=digest)


def make_timeline(
    slug: str = "us-iran-2020", *, actors: Sequence[Actor] = (), **values: Any
) -> Timeline:
    """A published dossier on 2018 to 2020 with its focus on 2020 and `actors` in scope."""
    defaults: dict[str, Any] = {
        "code": f"T{next(_number)}",
        "title": "United States and Iran, 2020",
        "start": date(2018, 5, 1),
        "end": date(2020, 12, 31),
        "focus_start": date(2020, 1, 1),
        "focus_end": date(2020, 11, 30),
        "published": True,
    }
    timeline = Timeline.objects.create(slug=slug, **{**defaults, **values})
    timeline.actors.set(actors)
    return timeline


def make_dyad(
    timeline: Timeline, slug: str, a: Sequence[Actor], b: Sequence[Actor], **values: Any
) -> Dyad:
    """A swim lane of `timeline` between the sides `a` and `b`."""
    values.setdefault("label", slug.replace("-", " ").title())
    dyad = Dyad.objects.create(timeline=timeline, slug=slug, **values)
    dyad.side_a.set(a)
    dyad.side_b.set(b)
    return dyad
