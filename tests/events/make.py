"""Rows for the tests of events: each function makes one from the few values that matter."""

import hashlib
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.contrib.auth.models import Permission

from apps.accounts.models import User
from apps.actors.models import Actor
from apps.annotations.models import Annotation, Candidate, ClaimCandidate, Mention, StoryEvent
from apps.articles.models import Article, ArticleVersion, Story
from apps.core.stages import StageStatus
from apps.events.models import Assembly, Claim, Event, Evidence, Participation, Standing
from apps.places.models import Place

_numbers = count(1)
PUBLISHED_AT = datetime(2020, 11, 20, 9, tzinfo=UTC)


def actor(slug: str, kind: str = "government", country: str = "USA", **fields: Any) -> Actor:
    """An actor, made once per slug."""
    defaults = {"name": slug.replace("-", " ").title(), "kind": kind, "country": country} | fields
    return Actor.objects.get_or_create(slug=slug, defaults=defaults)[0]


def place(slug: str = "baghdad", kind: str = "city", country: str = "IRQ", **fields: Any) -> Place:
    """A place, made once per slug."""
    defaults = {"name": slug.title(), "kind": kind, "country": country, "lat": 33.3, "lon": 44.4}
    return Place.objects.get_or_create(slug=slug, defaults=defaults | fields)[0]


def event(
    public_id: str = "",
    initiators: tuple[str, ...] = (),
    targets: tuple[str, ...] = (),
    **fields: Any,
) -> Event:
    """An event, proposed and without evidence where nothing else is said."""
    day = fields.pop("start", date(2020, 1, 8))
    values = {
        "public_id": public_id or f"T-{next(_numbers)}",
        "title": "Rockets hit the base",
        "type": "ASSAULT",
        "start": day,
        "end": fields.pop("end", day),
        "precision": "day",
        "edtf": day.isoformat(),
    }
    row = Event.objects.create(**(values | fields))
    for role, slugs in (("initiator", initiators), ("target", targets)):
        for position, slug in enumerate(slugs):
            Participation.objects.create(event=row, actor=actor(slug), role=role, position=position)
    return row


def cited(row: Event, url: str = "https://example.org/report", **fields: Any) -> Evidence:
    """Evidence by a cited source."""
    return Evidence.objects.create(event=row, url=url, **({"known_at": PUBLISHED_AT} | fields))


def published(public_id: str = "", **fields: Any) -> Event:
    """A published event with one published piece of evidence."""
    row = event(public_id, **fields)
    cited(row, standing=Standing.PUBLISHED, origin="dossier")
    Event.objects.filter(pk=row.pk).update(
        status=Event.Status.PUBLISHED, first_public_at=row.first_public_at or PUBLISHED_AT
    )
    row.refresh_from_db()
    return row


def claim(row: Event, field: str = "killed", act: str = "asserts", **fields: Any) -> Claim:
    """A claim; give `speaker` as a slug or an Actor, else a nameless witness speaks."""
    speaker = fields.pop("speaker", None)
    if isinstance(speaker, str):
        speaker = actor(speaker)
    text = fields.pop("speaker_text", "" if speaker else "a witness")
    fields.setdefault("known_at", PUBLISHED_AT)
    return Claim.objects.create(
        event=row, field=field, act=act, speaker=speaker, speaker_text=text, **fields
    )


def version(
    text: str, title: str = "A report", published_at: datetime = PUBLISHED_AT
) -> ArticleVersion:
    """An article with one version."""
    story = Story.objects.create(title=title)
    article = Article.objects.create(
        url=f"https://example.org/{next(_numbers)}",
        canonical_url=f"https://example.org/{next(_numbers)}",
        title=title,
        published_at=published_at,
        published_precision="instant",
        story=story,
    )
    return ArticleVersion.objects.create(
        article=article,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        title=title,
        text=text,
    )


def annotation(row: ArticleVersion, pipeline_version: str = "1") -> Annotation:
    """A finished annotation."""
    return Annotation.objects.create(
        article_version=row, pipeline_version=pipeline_version, status=StageStatus.DONE
    )


def assembly(row: Annotation) -> Assembly:
    """The waiting assembly of an annotation."""
    return Assembly.objects.create(annotation=row)


def story_event(row: Annotation, sentence: str, **coded: Any) -> StoryEvent:
    """A distinct event of the article with one mention: `sentence` must stand in the text.

    `coded` are the columns both share: type, modality, initiators, date_from ...
    """
    index = row.story_events.count()
    values = {"index": index, "type": "ASSAULT", "modality": "actual", "confidence": 0.8} | coded
    role = values.pop("role", "main")
    if values.get("date_from") and not values.get("date_to"):
        values["date_to"] = values["date_from"]
    if values.get("date_from"):
        values.setdefault("precision", "day")
    distinct = StoryEvent.objects.create(annotation=row, role=role, **values)
    mention(row, distinct, sentence, **values)
    return distinct


def mention(row: Annotation, distinct: StoryEvent | None, sentence: str, **coded: Any) -> Candidate:
    """One more mention of a distinct event, or of none."""
    start = row.article_version.text.index(sentence)
    coded["index"] = row.candidates.count()
    return Candidate.objects.create(
        annotation=row,
        story_event=distinct,
        start=start,
        end=start + len(sentence),
        surface=sentence,
        trigger_start=start,
        trigger_end=start + 1,
        **coded,
    )


def claim_candidate(
    row: Annotation, about: Candidate | None, sentence: str, **fields: Any
) -> ClaimCandidate:
    """A claim as read by the machine."""
    start = row.article_version.text.index(sentence)
    return ClaimCandidate.objects.create(
        annotation=row,
        candidate=about,
        index=row.claim_candidates.count(),
        start=start,
        end=start + len(sentence),
        surface=sentence,
        **fields,
    )


def day_named(row: Annotation, surface: str, day: date) -> Mention:
    """A day that the text names."""
    start = row.article_version.text.index(surface)
    return Mention.objects.create(
        annotation=row,
        kind=Mention.Kind.DATE,
        start=start,
        end=start + len(surface),
        surface=surface,
        date_from=day,
        date_to=day,
        precision="day",
    )


def editor(name: str = "editor") -> User:
    """A user who may decide and publish."""
    user = User.objects.create_user(name, is_staff=True)
    may = Permission.objects.filter(codename__in=["curate_event", "publish_event"])
    user.user_permissions.add(*may)
    return User.objects.get(pk=user.pk)
