"""Nothing that became known after a day shows on any page as of that day: walked over every public address.

The world has rows of every model that were known by the day, and rows of every model that became known later;
each of the latter carries a word of its own. The walk must meet none of these words as of the day, and all of
them now. Pages must be the very ones that stood before the later rows came. Then each rule is broken on
purpose: the walk must notice.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS
from apps.actors.models import Actor, Relation, Role
from apps.annotations.models import Annotation, Mention
from apps.articles.models import Article, ArticleQuerySet, ArticleVersion, ArticleVersionQuerySet
from apps.events.decide import refresh_headline
from apps.events.models import Event, EventQuerySet, Link, LinkQuerySet, PublicQuerySet, Standing
from apps.events.models.claim import ClaimQuerySet
from apps.events.models.evidence import EvidenceQuerySet
from apps.timelines import queries_actors, rollups, then, urls
from apps.timelines.models import Timeline
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_dyad,
    make_event,
    make_evidence,
    make_quote,
    make_timeline,
    relate,
)

pytestmark = pytest.mark.django_db

DAY = date(2020, 1, 20)
# The last instant that counts, and the first that does not.
BEFORE = datetime(2020, 1, 20, 23, 59, 59, 999999, tzinfo=UTC)
AFTER = datetime(2020, 1, 21, tzinfo=UTC)
HIT, SAID = "The base was hit by rockets.", "Nobody was hurt, the army said."
UNCITED = "that no published event cites"  # said of copies that are only counted
LATER = re.compile(rf"later-[a-z]+|7,531|{UNCITED}")
WORDS = {
    "later-actor", "later-article", "later-cited", "later-claim", "later-copy", "later-event",
    "later-link", "later-lookback", "later-mention", "later-quote", "later-relation", "later-role",
    "later-version", "7,531", UNCITED,
}  # fmt: skip


@dataclass
class World:
    """What the later rows hang on."""

    timeline: Timeline
    attack: Event
    answer: Event
    report: ArticleVersion
    us: Actor
    iran: Actor


def reported(text: str, title: str, at: datetime, **values: Any) -> ArticleVersion:
    return make_article(text, title=title, published_at=at, published_precision="instant", **values)


def read_by_machine(version: ArticleVersion, **actors: Actor) -> None:
    """The finished annotation of a version, in which words mean actors."""
    done = Annotation.objects.create(article_version=version, pipeline_version="1", status="done")
    for surface, actor in actors.items():
        start = version.text.index(surface)
        span = {"start": start, "end": start + len(surface), "surface": surface}
        Mention.objects.create(annotation=done, kind="actor", actor=actor, **span)


def settle(timeline: Timeline) -> None:
    """What the product does after decisions."""
    for event in Event.objects.all():
        refresh_headline(event)
    rollups.rebuild(timeline)


@pytest.fixture
def world() -> World:
    """All of it was known on the day."""
    us, iran = make_actor("us-gov", name="United States"), make_actor("iran-gov", name="Iran")
    timeline = make_timeline(actors=[us, iran])
    make_dyad(timeline, "us-iran", [us], [iran])
    known = {"start": date(2020, 1, 8), "first_public_at": BEFORE}
    attack = make_event("The attack", by=[iran], at=[us], **known)
    answer = make_event("The answer", by=[us], at=[iran], type="THREATEN", **known)
    report = reported(f"{HIT} {SAID} Tehran agreed.", "Early report", BEFORE)
    make_quote(attack, report, HIT, known_at=BEFORE)
    read_by_machine(report, Tehran=iran)
    make_claim(attack, us, field="wounded", number=12, known_at=BEFORE)
    relate(us, Relation.Kind.ALLY_OF, iran, since=date(2019, 1, 1))
    settle(timeline)
    return World(timeline, attack, answer, report, us, iran)


def time_passes(world: World) -> None:
    """Rows of every model that became known on the next day."""
    attack, us, iran = world.attack, world.us, world.iran
    make_evidence(attack, url="https://late.example/", publisher="later-cited", known_at=AFTER)
    make_claim(attack, us, field="wounded", number=7531, value="later-claim", known_at=AFTER)
    make_claim(attack, iran, act="denies", known_at=AFTER)
    late = reported(f"later-quote. {HIT} later-mention {SAID}", "later-article", AFTER)
    quote = make_quote(attack, late, f"later-quote. {HIT}", known_at=BEFORE)
    # A report that looks back: the words are old, that they were said became known with it.
    look = make_quote(attack, late, SAID, known_at=BEFORE)
    make_claim(attack, us, field="other", value="later-lookback", evidence=look, known_at=BEFORE)
    published = {"standing": Standing.PUBLISHED, "evidence": quote}
    Link.objects.create(
        source=world.answer, target=attack, kind="responds_to", note="later-link", **published
    )
    copy = reported(f"{HIT} A copy.", "later-copy", AFTER, story=world.report.article.story)
    make_quote(attack, copy, HIT, known_at=BEFORE)
    reported(f"{HIT} Another copy.", "Uncited", AFTER, story=world.report.article.story)
    second = ArticleVersion.objects.create(
        article=world.report.article, number=2, fetched_at=AFTER, title="Early report, corrected",
        text=f"{HIT} later-version.", sha256="c" * 64,
    )  # fmt: skip
    make_quote(attack, second, "later-version.", known_at=BEFORE)
    group = make_actor("late-group", name="later-actor")
    read_by_machine(late, **{"later-mention": group})
    make_event(
        "later-event", start=date(2020, 1, 9), by=[group], at=[us], first_public_at=AFTER, killed=3
    )
    relate(us, Relation.Kind.BACKS, iran, since=AFTER.date(), evidence="later-relation")
    Role.objects.create(person=us, title="later-role", organisation=iran, since=AFTER.date())
    settle(world.timeline)


# --- the walk ---------------------------------------------------------------------------


def views_of(timeline: Timeline) -> Iterator[dict[str, str]]:
    """Each filter, each event opened, all days."""
    yield {"from": timeline.start.isoformat(), "to": timeline.end.isoformat()}
    yield from ({}, {"contested": "1", "type": "ASSAULT"}, {"q": "later"}, {"dyad": "us-iran"})
    yield from ({"actor": actor.slug} for actor in Actor.objects.all())
    yield from ({"event": event.public_id} for event in Event.objects.all())


Address = tuple[str, dict[str, str]]
PAGES: dict[str, Callable[[], Iterator[Address]]] = {
    "home": lambda: iter([(reverse("home"), {})]),
    "timeline": lambda: (
        (row.get_absolute_url(), query) for row in Timeline.objects.all() for query in views_of(row)
    ),
    "event": lambda: ((row.get_absolute_url(), {}) for row in Event.objects.all()),
    "actors": lambda: (
        (reverse("actors"), query)
        for query in ({}, {"sort": "events"}, {"q": "later"}, {"country": "XXX"}, {"page": "2"})
    ),
    "actor": lambda: ((row.get_absolute_url(), {}) for row in Actor.objects.all()),
    "article": lambda: (
        (row.get_absolute_url(), query)
        for row in Article.objects.all()
        for query in ({}, {"version": "1"}, {"version": "2"})
    ),
    "methodology": lambda: iter([(reverse("methodology"), {})]),
    "healthz": lambda: iter([(reverse("healthz"), {})]),
}
FRAGMENTS = {"timeline": "view", "event": "event-drawer", "actors": "actor-list"}


def walk(
    client: Client, as_of: date | None, pages: Iterable[str] = PAGES
) -> dict[tuple[str, str], str]:
    """Return what the addresses of the pages answer, whole and as a fragment, by address and fragment."""
    found = {}
    day = {"as_of": as_of.isoformat()} if as_of else {}
    for page in pages:
        for path, query in PAGES[page]():
            for target in ("", FRAGMENTS[page]) if page in FRAGMENTS else ("",):
                headers = {"HX-Request": "true", "HX-Target": target} if target else {}
                address = f"{path}?{urlencode(query)}"
                answer = client.get(path, {**query, **day}, headers=headers)
                assert answer.status_code in (200, 404), address
                found[address, target] = answer.content.decode()
    return found


def later_words(answers: dict[tuple[str, str], str]) -> set[str]:
    return {word for body in answers.values() for word in LATER.findall(body)}


@pytest.fixture
def analyst() -> Client:
    """Somebody who may read articles that are not public."""
    user = User.objects.create(username="analyst", is_staff=True)
    user.groups.add(Group.objects.get(name=ANALYSTS))
    client = Client()
    client.force_login(user)
    return client


def test_the_walk_knows_every_public_address():
    assert {pattern.name for pattern in urls.urlpatterns} == PAGES.keys()


def test_every_later_word_shows_now(client, world):
    time_passes(world)
    assert later_words(walk(client, None)) == WORDS


def test_no_later_word_shows_as_of_the_day(client, world):
    time_passes(world)
    assert later_words(walk(client, DAY)) == set()


def test_those_who_may_read_every_article_see_no_later_word_either(analyst, world):
    time_passes(world)
    reported("later-version", "later-article", AFTER)
    assert later_words(walk(analyst, DAY)) == set()


def test_every_page_is_the_one_that_stood_on_the_day(client, world):
    pages = [page for page in PAGES if page != "methodology"]  # it tells of now, whatever the day
    stood = walk(client, DAY, pages)
    time_passes(world)
    stands = walk(client, DAY, pages)
    for address, body in stood.items():
        assert stands[address] == body, address
    assert any("12" in body for (path, _), body in stood.items() if "/timelines/" in path)


# --- each rule, broken on purpose -------------------------------------------------------


def ignoring(query_set: type) -> Callable[..., Any]:
    """The rule of a query set as it is now, whatever moment is asked for."""
    rule = query_set.as_of  # type: ignore[attr-defined]
    return lambda self, moment: rule(self, None)


def trusting(query_set: type) -> Callable[..., Any]:
    """The rule without the look at the article version a row rests on."""
    return lambda self, moment: PublicQuerySet.as_of(self, moment)


involved = queries_actors._involved


def everybody(moment: datetime) -> Q:
    return involved(None)


def undated(rows: Iterable[Any], moment: datetime | None) -> list[Any]:
    return list(rows)


def as_now(events: EventQuerySet, moment: datetime | None) -> then.Then:
    return then.Then()


# What is broken, how, on which page it shows, by which word.
FAULTS: dict[str, tuple[Any, str, Any, str, str]] = {
    "an event": (EventQuerySet, "as_of", ignoring(EventQuerySet), "home actor", "later-event"),
    "evidence": (EvidenceQuerySet, "as_of", ignoring(EvidenceQuerySet), "event", "later-cited"),
    "a claim": (ClaimQuerySet, "as_of", ignoring(ClaimQuerySet), "event", "later-claim"),
    "a link": (LinkQuerySet, "as_of", ignoring(LinkQuerySet), "event", "later-link"),
    "an article": (ArticleQuerySet, "as_of", ignoring(ArticleQuerySet), "article", UNCITED),
    "a version": (
        *(ArticleVersionQuerySet, "as_of", ignoring(ArticleVersionQuerySet)),
        *("article", "later-version"),
    ),
    "evidence of a later text": (
        *(EvidenceQuerySet, "as_of", trusting(EvidenceQuerySet), "event", "later-quote"),
    ),
    "a claim that looks back": (
        *(ClaimQuerySet, "as_of", trusting(ClaimQuerySet), "event", "later-lookback"),
    ),
    "an actor": (queries_actors, "_involved", everybody, "actors", "later-actor"),
    "a relation": (queries_actors, "_dated", undated, "actor", "later-relation"),
    "a role": (queries_actors, "_dated", undated, "actor", "later-role"),
    "figures": (then, "read", as_now, "timeline", "7,531"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_walk_meets_what_a_broken_rule_lets_through(analyst, world, monkeypatch, fault):
    time_passes(world)
    place, name, broken, pages, word = FAULTS[fault]
    monkeypatch.setattr(place, name, broken)
    assert word in later_words(walk(analyst, DAY, pages.split()))


# --- no page goes around the rule --------------------------------------------------------

CLOCKED = {"Event", "Evidence", "Claim", "Link", "Article", "ArticleVersion"}
# (module, function): the function starts elsewhere for a reason that its text gives.
ALLOWED = {
    ("queries_events", "find"),  # the view compares what it finds with the day
    ("then", "read"),  # what came later, and the columns of events that are known
    ("then", "hindsight"),  # what came later
    ("queries_events", "written_later"),  # one event that is known
    ("queries_actors", "event_rows"),  # columns of events that are known
}


def readers() -> Iterator[Path]:
    """The modules that pages are made of."""
    folder = Path(settings.BASE_DIR) / "apps" / "timelines"
    yield from sorted({*folder.glob("views_*.py"), *folder.glob("queries*.py")})
    yield from (folder / f"{name}.py" for name in ("facets", "readings", "then"))


def test_every_query_of_a_page_starts_with_as_of():
    around = set()
    for path in readers():
        for outer in ast.walk(ast.parse(path.read_text())):
            if not isinstance(outer, ast.FunctionDef):
                continue
            for node in ast.walk(outer):
                started = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)
                if not started or node.value.attr != "objects" or node.attr == "as_of":
                    continue
                if isinstance(node.value.value, ast.Name) and node.value.value.id in CLOCKED:
                    around.add((path.stem, outer.name))
    assert around == ALLOWED
