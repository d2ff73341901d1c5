"""One valid row of every model, as often as it is asked for: for tests that walk over all models."""

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.text import slugify

from apps.accounts.models import User
from apps.actors.models import Actor, Alias, AliasSuggestion, Relation, Role
from apps.annotations.models import Annotation, Candidate, ClaimCandidate, Mention, StoryEvent
from apps.articles.models import (
    Article,
    ArticleVersion,
    IntakeBatch,
    IntakeItem,
    Refetch,
    Removal,
    Story,
)
from apps.core.models import Change
from apps.events.models import (
    Assembly,
    Claim,
    Correction,
    Decision,
    DeskItem,
    Event,
    Evidence,
    Link,
    Participation,
    Placement,
    Rarity,
    SecondCoding,
    SourceChange,
)
from apps.places.models import Place
from apps.signals.models import Party, Signal, SignalFile, SignalSource, Spot
from apps.sources.models import Feed, FeedDay, FeedPoll, Host, ListedEntry, Source
from apps.timelines.models import (
    DayRollup,
    DossierRecord,
    Dyad,
    Entry,
    Membership,
    Notice,
    SavedView,
    Snapshot,
    Timeline,
)
from tests.events import make

EARLY, LATE = date(2020, 1, 1), date(2020, 2, 1)
TEXT = "Rockets hit the embassy. Nobody was hurt."
_number = count(1)


def user() -> User:
    return User.objects.create_user(f"user-{next(_number)}")


def place() -> Place:
    return make.place(f"place-{next(_number)}")


def actor() -> Actor:
    return make.actor(f"actor-{next(_number)}", active_from=EARLY, active_to=LATE)


def alias() -> Alias:
    return Alias.objects.create(actor=actor(), name="A")


def role(**fields: Any) -> Role:
    days = {"since": EARLY, "until": LATE} | fields
    return Role.objects.create(person=actor(), organisation=actor(), title="Chief", **days)


def relation() -> Relation:
    return Relation.objects.create(
        source=actor(), target=actor(), kind="part_of", since=EARLY, until=LATE
    )


def source() -> Source:
    number = next(_number)
    return Source.objects.create(slug=f"s-{number}", name="S", domain=f"{number}.example.org")


def feed() -> Feed:
    return Feed.objects.create(source=source(), url=f"https://example.org/{next(_number)}")


def feed_poll() -> FeedPoll:
    return FeedPoll.objects.create(feed=feed(), ok=True)


def feed_day() -> FeedDay:
    return FeedDay.objects.create(feed=feed(), day=EARLY, ok=1)


def host() -> Host:
    return Host.objects.create(name=f"host-{next(_number)}.example")


def listed_entry() -> ListedEntry:
    return ListedEntry.objects.create(feed=feed(), identity="1", url="https://example.org/1")


def version() -> ArticleVersion:
    return make.version(TEXT)


def article() -> Article:
    row = version().article
    row.source = source()
    row.save()
    return row


def story() -> Story:
    return article().story


def batch() -> IntakeBatch:
    return item().batch


def item() -> IntakeItem:
    return IntakeItem.objects.create(
        batch=IntakeBatch.objects.create(label="a batch"), label="an item", article=article()
    )


def cut_off_batch() -> IntakeBatch:
    return IntakeBatch.objects.create(label="a batch", key="1", complete=False)


def keyed_item() -> IntakeItem:
    return IntakeItem.objects.create(batch=cut_off_batch(), label="an item", key="1")


def refetch() -> Refetch:
    row = item()
    return Refetch.objects.create(article=row.article, number=1, item=row)


def removal() -> Removal:
    return Removal.objects.create(article=article(), by_label="us", reason="An order of a court.")


def annotation() -> Annotation:
    return make.annotation(version())


def mention() -> Mention:
    return Mention.objects.create(
        annotation=annotation(),
        kind="date",
        start=0,
        end=7,
        surface="Rockets",
        actor=actor(),
        place=place(),
        date_from=EARLY,
        date_to=LATE,
    )


def story_event() -> StoryEvent:
    return make.story_event(annotation(), "Rockets hit the embassy.", date_from=EARLY, date_to=LATE)


def candidate() -> Candidate:
    return story_event().mentions.get()


def claim_candidate() -> ClaimCandidate:
    return make.claim_candidate(annotation(), None, TEXT, speaker="x", act="asserts", field="other")


def event() -> Event:
    return make.event(place=place())


def participation() -> Participation:
    return Participation.objects.create(event=event(), actor=actor(), role="target")


def quoted() -> Evidence:
    return Evidence.objects.create(
        event=event(), article_version=version(), start=0, end=7, quote="Rockets",
        known_at=make.PUBLISHED_AT,
    )  # fmt: skip


def cited() -> Evidence:
    return make.cited(event())


def claim(**fields: Any) -> Claim:
    days = {"said_from": EARLY, "said_to": LATE}
    return make.claim(event(), "killed", number=3, **(days | fields))


def link() -> Link:
    return Link.objects.create(source=event(), target=event(), kind="part_of")


def decision() -> Decision:
    return Decision.objects.create(event=event(), action="reject", by_label="us", reason="why")


def change() -> Change:
    event()
    return Change.objects.latest("pk")


def assembly() -> Assembly:
    return make.assembly(annotation())


def timeline() -> Timeline:
    number = next(_number)
    return Timeline.objects.create(
        slug=f"t-{number}",
        code=f"R{number}",
        title="T",
        start=EARLY,
        end=LATE,
        focus_start=EARLY,
        focus_end=LATE,
    )


def dyad() -> Dyad:
    return Dyad.objects.create(timeline=timeline(), slug="d", label="D")


def placement() -> Placement:
    return Placement.objects.create(story_event=story_event(), event=event())


def rarity() -> Rarity:
    return Rarity.objects.create(events=1, decisions=1)


def membership() -> Membership:
    return Membership.objects.create(timeline=timeline(), event=event(), kind="pinned")


def rollup() -> DayRollup:
    return DayRollup.objects.create(timeline=timeline(), day=EARLY, quad=1, events=1, severity=1)


def snapshot() -> Snapshot:
    return Snapshot.objects.create(
        timeline=timeline(), formula_version="T1", payload={}, sha256="a" * 64
    )


def dossier_record() -> DossierRecord:
    return DossierRecord.objects.create(dossier="d", model="m", key=f"k-{next(_number)}", values={})


def alias_suggestion() -> AliasSuggestion:
    name = f"Somebody {next(_number)}"
    return AliasSuggestion.objects.create(
        name=name, normalised=name.lower(), actor=actor(), score=0.9, articles=2
    )


def source_change() -> SourceChange:
    return SourceChange.objects.create(
        key=f"rating {next(_number)}", cause="rating", source=source(), change=change()
    )


def correction() -> Correction:
    row = quoted()
    return Correction.objects.create(
        event=row.event, evidence=row, cause="gone", cause_key=f"gone {next(_number)}"
    )


def desk_item() -> DeskItem:
    return DeskItem.objects.create(event=event(), is_new=True)


def second_coding() -> SecondCoding:
    return SecondCoding.objects.create(event=event(), coder=user())


def entry() -> Entry:
    values = {"dyad": "other", "actor": "other", "place": "other", "middle": 1, "low": 1, "high": 1}
    return Entry.objects.create(timeline=timeline(), event=make.published(), **values)


def saved_view() -> SavedView:
    return SavedView.objects.create(user=user(), timeline=timeline(), name="Strikes")


def notice() -> Notice:
    return Notice.objects.create(
        view=saved_view(), kind="digest", until=timezone.now(), subject="Strikes", body="Nothing."
    )


def signal_source() -> SignalSource:
    name = f"Coder {next(_number)}"
    return SignalSource.objects.create(slug=slugify(name), name=name, kind="own")


def signal_file() -> SignalFile:
    name = f"file-{next(_number)}"
    return SignalFile.objects.create(source=signal_source(), name=name, fingerprint=name)


def party() -> Party:
    return Party.objects.create(source=signal_source(), key=f"IRN{next(_number)}", actor=actor())


def spot() -> Spot:
    name = f"Town {next(_number)}"
    return Spot.objects.create(source=signal_source(), key=name, name=name, place=place())


def signal() -> Signal:
    file = signal_file()
    days = {"start": EARLY, "end": EARLY, "precision": "day", "known_at": timezone.now()}
    return Signal.objects.create(
        source=file.source,
        file=file,
        line=2,
        external_id="1",
        kind=0,
        code="03",
        late=True,
        salience=1,
        text="words",
        **days,
    )


MAKERS: dict[type[models.Model], Callable[[], models.Model]] = {
    User: user,
    Place: place,
    Actor: actor,
    Alias: alias,
    Role: role,
    Relation: relation,
    Source: source,
    SignalSource: signal_source,
    SignalFile: signal_file,
    Party: party,
    Spot: spot,
    Feed: feed,
    FeedPoll: feed_poll,
    FeedDay: feed_day,
    Host: host,
    ListedEntry: listed_entry,
    Article: article,
    ArticleVersion: version,
    Story: story,
    IntakeBatch: batch,
    IntakeItem: item,
    Refetch: refetch,
    Removal: removal,
    Annotation: annotation,
    Mention: mention,
    StoryEvent: story_event,
    Candidate: candidate,
    ClaimCandidate: claim_candidate,
    Event: event,
    Participation: participation,
    Evidence: quoted,
    Claim: claim,
    Link: link,
    Change: change,
    Decision: decision,
    Assembly: assembly,
    Placement: placement,
    Rarity: rarity,
    Timeline: timeline,
    Dyad: dyad,
    Membership: membership,
    DayRollup: rollup,
    Snapshot: snapshot,
    DossierRecord: dossier_record,
    AliasSuggestion: alias_suggestion,
    SourceChange: source_change,
    Correction: correction,
    DeskItem: desk_item,
    SecondCoding: second_coding,
    SavedView: saved_view,
    Notice: notice,
}
