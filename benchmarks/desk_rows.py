"""Proposals in any number for the benchmark of the desk: articles, readings, evidence, claims and events.

Written with bulk inserts; the database's own rules (spans, history, known times) hold for every row.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import accumulate

from django.db import transaction

from apps.actors.models import Actor
from apps.annotations.models import Annotation, Candidate, StoryEvent
from apps.articles.models import Article, ArticleVersion, Story
from apps.core.stages import StageStatus
from apps.events.models import Claim, Event, Evidence, Participation, Standing
from apps.places.models import Place
from apps.timelines.models import Timeline

PER_ARTICLE = 25
FIRST_DAY, DAYS = date(2018, 5, 8), 900
TYPES = ("ASSAULT", "ACCUSE", "THREATEN", "COERCE", "MOBILIZE", "CONSULT", "REQUEST", "SANCTION")
_SENTENCE = (
    "On {day} the {first} {verb} the {second} near {place}, officials of the {first} said {number}."
)


class Desk:
    """A database that is filled step by step with known events and proposals."""

    def __init__(self) -> None:
        """Write the actors, places and the dossier that everything leans on."""
        self.actors = Actor.objects.bulk_create(
            Actor(slug=f"bench-{n}", name=f"Party {n}", kind="government", country="XXX")
            for n in range(40)
        )
        self.places = Place.objects.bulk_create(
            Place(slug=f"bench-{n}", name=f"Town {n}", kind="city", country="XXX", lat=n, lon=n)
            for n in range(20)
        )
        dossier = Timeline.objects.create(
            slug="bench", code="BENCH", title="Benchmark", start=FIRST_DAY, end=date(2020, 12, 31)
        )
        dossier.actors.set(self.actors[:20])
        self._number = 0

    @transaction.atomic
    def publish(self, count: int) -> None:
        """Add known events, published with one cited source each."""
        events = Event.objects.bulk_create(self._events(count, status=Event.Status.PUBLISHED))
        Evidence.objects.bulk_create(
            Evidence(
                event=event,
                url=f"https://example.org/{event.public_id}",
                known_at=event.first_public_at,
                standing=Standing.PUBLISHED,
                origin="dossier",
            )
            for event in events
        )
        self._take_part(events)

    @transaction.atomic
    def propose(self, count: int) -> None:
        """Add proposals as the machine makes them: a sentence of an article each, every third with a claim."""
        events = Event.objects.bulk_create(self._events(count, fingerprint="bench"))
        self._take_part(events)
        evidence = Evidence.objects.bulk_create(self._evidence(events))
        Claim.objects.bulk_create(
            Claim(
                event=row.event,
                evidence=row,
                act="asserts",
                field="killed",
                number=row.pk % 9,
                value=str(row.pk % 9),
                speaker=self.actors[row.pk % len(self.actors)],
                known_at=row.known_at,
            )
            for row in evidence[::3]
        )

    def _events(self, count: int, **values: object) -> Iterator[Event]:
        for _ in range(count):
            number = self._number = self._number + 1
            day = FIRST_DAY + timedelta(days=number * 7 % DAYS)
            type_ = TYPES[number % len(TYPES)]
            yield Event(
                public_id=f"BENCH-{number}",
                title=f"{type_.title()} by Party {number % 40} on Party {number % 37}, Town {number % 20}",
                type=type_,
                start=day,
                end=day,
                precision="day",
                edtf=day.isoformat(),
                place=self.places[number % len(self.places)],
                geo_precision="city",
                first_public_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
                **values,
            )

    def _take_part(self, events: Sequence[Event]) -> None:
        Participation.objects.bulk_create(
            Participation(
                event=event, role=role, actor=self.actors[event.pk * step % len(self.actors)]
            )
            for event in events
            for role, step in (("initiator", 1), ("target", 3))
        )

    def _evidence(self, events: Sequence[Event]) -> Iterator[Evidence]:
        for first in range(0, len(events), PER_ARTICLE):
            yield from self._article(events[first : first + PER_ARTICLE])

    def _article(self, events: Sequence[Event]) -> list[Evidence]:
        """Write an article that tells each of the events in one sentence, and what was read in it."""
        sentences = [self._sentence(event) for event in events]
        text = "\n\n".join(sentences)
        version = _version(events[0], text)
        reading = Annotation.objects.create(
            article_version=version, pipeline_version="bench", status=StageStatus.DONE
        )
        coded = [_coded(event, reading, index) for index, event in enumerate(events)]
        told = StoryEvent.objects.bulk_create(StoryEvent(**row, role="main") for row in coded)
        starts = list(accumulate((len(s) + 2 for s in sentences[:-1]), initial=0))
        read = Candidate.objects.bulk_create(
            Candidate(
                **row,
                story_event=happening,
                start=start,
                end=start + len(sentence),
                surface=sentence,
                trigger_start=start,
                trigger_end=start + 2,
            )
            for row, happening, start, sentence in zip(coded, told, starts, sentences, strict=True)
        )
        return [
            Evidence(
                event=event,
                article_version=version,
                start=mention.start,
                end=mention.end,
                quote=mention.surface,
                candidate=mention,
                known_at=version.article.published_at,
                why="The event was proposed from this article",
            )
            for event, mention in zip(events, read, strict=True)
        ]

    def _sentence(self, event: Event) -> str:
        return _SENTENCE.format(
            day=event.start,
            first=self.actors[event.pk % 40].name,
            second=self.actors[event.pk * 3 % 40].name,
            verb="attacked" if event.type == "ASSAULT" else "warned",
            place=event.place,
            number=event.pk,
        )


def _version(event: Event, text: str) -> ArticleVersion:
    story = Story.objects.create(title=event.title)
    address = f"https://example.org/articles/{event.public_id}"
    article = Article.objects.create(
        url=address,
        canonical_url=address,
        title=event.title,
        published_at=event.first_public_at,
        published_precision="instant",
        story=story,
    )
    digest = sha256(text.encode()).hexdigest()
    return ArticleVersion.objects.create(
        article=article, title=event.title, text=text, sha256=digest
    )


def _coded(event: Event, reading: Annotation, index: int) -> dict[str, object]:
    return {
        "annotation": reading,
        "index": index,
        "type": event.type,
        "modality": "actual",
        "date_from": event.start,
        "date_to": event.end,
        "precision": "day",
        "confidence": (0.4, 0.7, 0.9)[index % 3],
        "why": "trigger 'attacked'; dated by its clause",
    }
