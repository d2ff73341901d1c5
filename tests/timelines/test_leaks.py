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
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Q
from django.http import HttpResponseBase
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
from apps.timelines import rollups, urls
from apps.timelines.exports.citing import CITED_AS
from apps.timelines.exports.formats import FORMATS
from apps.timelines.models import SavedView, Snapshot, Timeline
from apps.timelines.queries import actors as queries_actors
from apps.timelines.queries import then
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
    yield {"reports": "1", "severity": "4", "precision": "day"}
    yield from ({"actor": actor.slug} for actor in Actor.objects.all())
    yield from ({"event": event.public_id} for event in Event.objects.all())


def timelines() -> Iterable[Timeline]:
    return Timeline.objects.all()


def kept(timeline: Timeline) -> str:
    """The address of the feed of a view that somebody keeps."""
    owner, _ = User.objects.get_or_create(username="owner")
    values = {"user": owner, "timeline": timeline, "name": "All", "token": f"all-{timeline.slug}"}
    return SavedView.objects.get_or_create(**values)[0].token


Address = tuple[str, dict[str, str]]
PAGES: dict[str, Callable[[], Iterator[Address]]] = {
    "home": lambda: iter([(reverse("home"), {})]),
    "timeline": lambda: (
        (row.get_absolute_url(), query) for row in Timeline.objects.all() for query in views_of(row)
    ),
    "known": lambda: ((reverse("known", args=[t.slug]), {}) for t in timelines()),
    "difference": lambda: ((reverse("difference", args=[t.slug]), {}) for t in timelines()),
    "changes": lambda: (
        (reverse("changes", args=[t.slug]), query)
        for t in timelines()
        for query in ({}, {"since": "2019-01-01"}, {"since": "visit", "q": "later"})
    ),
    "compare": lambda: (
        (reverse("compare", args=[t.slug]), query)
        for t in timelines()
        for query in ({}, {"a_from": "2020-01-01", "a_to": "2020-02-01", "type": "ASSAULT"})
    ),
    "map": lambda: (
        (reverse("map", args=[t.slug]), query)
        for t in timelines()
        for query in ({}, {"contested": "1"}, {"box": "40,20,60,40"}, {"actor": "us-gov"})
    ),
    "network": lambda: (
        (reverse("network", args=[t.slug]), query)
        for t in timelines()
        for query in (
            {},
            {"contested": "1"},
            {"by": "iran-gov", "at": "us-gov"},
            {"by": "late-group"},
        )
    ),
    "signals": lambda: (
        (reverse("signals", args=[t.slug]), query)
        for t in timelines()
        for query in ({}, {"actor": "us-gov"}, {"q": "later"})
    ),
    **{
        name: lambda name=name: ((reverse(name, args=[t.slug]), {}) for t in timelines())
        for name in ("api-signals", "api-signals-loudest", "api-signals-load")
    },
    "timeline_file": lambda: (
        (reverse("timeline_file", args=[row.slug, ending]), query)
        for row in timelines()
        for ending in FORMATS
        for query in ({}, {"from": row.start.isoformat(), "to": row.end.isoformat(), "q": "the"})
    ),
    "timeline_report": lambda: (
        (reverse("timeline_report", args=[row.slug]), query)
        for row in timelines()
        for query in ({}, {"actor": "us-gov"})
    ),
    "timeline_cite": lambda: (
        (reverse("timeline_cite", args=[row.slug, ending]), {})
        for row in timelines()
        for ending in CITED_AS
    ),
    "event": lambda: ((row.get_absolute_url(), {}) for row in Event.objects.all()),
    "event_cite": lambda: (
        (reverse("event_cite", args=[row.public_id, ending]), {})
        for row in Event.objects.all()
        for ending in CITED_AS
    ),
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
    "article_differences": lambda: (
        (reverse("article_differences", args=[row.pk]), query)
        for row in Article.objects.all()
        for query in ({}, {"from": "1", "to": "2"})
    ),
    "article_cite": lambda: (
        (reverse("article_cite", args=[row.pk, ending]), {})
        for row in Article.objects.all()
        for ending in CITED_AS
    ),
    "search": lambda: (
        (reverse("search"), query)
        for query in (
            {},
            {"q": "later"},
            {"q": "Strike", "kind": "events"},
            {"q": "later", "kind": "actors"},
            {"q": "later", "kind": "articles"},
        )
    ),
    "view_feed": lambda: ((reverse("view_feed", args=[kept(t)]), {}) for t in timelines()),
    **{
        page: lambda page=page: (
            (reverse(page, args=[t.slug]), query)
            for t in timelines()
            for query in ({}, {"q": "the", "from": t.start.isoformat(), "to": t.end.isoformat()})
        )
        for page in ("index", "index_series", "index_contributions", "index_zip", "snapshot")
    },
    "index_day": lambda: (
        (reverse("index_day", args=[t.slug, day]), {})
        for t in timelines()
        for day in ("2020-01-07", "2020-01-08", "2020-01-20")
    ),
    "snapshots": lambda: ((reverse("snapshots", args=[t.slug]), {}) for t in timelines()),
    "kept_snapshot": lambda: (
        (reverse("kept_snapshot", args=[row.timeline.slug, row.sha256]), {})
        for row in Snapshot.objects.select_related("timeline")
    ),
    "methodology": lambda: iter([(reverse("methodology"), {})]),
    **{
        page: lambda page=page: iter([(reverse(page), {})])
        for page in ("api-root", "api-docs", "api-openapi", "api-timelines", "api-places")
    },
    **{
        page: lambda page=page: (
            (reverse(page, args=[row.slug]), query)
            for row in timelines()
            for query in ({}, {"q": "later"}, {"contested": "1"})
        )
        for page in ("embed", "embed-timeline")
    },
    "embed-event": lambda: (
        (reverse("embed-event", args=[e.public_id]), {}) for e in Event.objects.all()
    ),
    "oembed": lambda: (
        (reverse("oembed"), {"url": f"http://testserver{e.get_absolute_url()}?as_of={DAY}"})
        for e in Event.objects.all()
    ),
    "api-timeline": lambda: ((reverse("api-timeline", args=[t.slug]), {}) for t in timelines()),
    "api-events": lambda: (
        (reverse("api-events", args=[row.slug]), query)
        for row in timelines()
        for query in ({}, {"contested": "1"}, {"q": "later"}, {"dyad": "us-iran"}, {"limit": "1"})
    ),
    "api-index": lambda: ((reverse("api-index", args=[t.slug]), {}) for t in timelines()),
    "api-coverage": lambda: ((reverse("api-coverage", args=[t.slug]), {}) for t in timelines()),
    "api-day": lambda: (
        (reverse("api-day", args=[t.slug, day]), {}) for t in timelines() for day in ("2020-01-10",)
    ),
    "api-event": lambda: (
        (reverse("api-event", args=[e.public_id]), {}) for e in Event.objects.all()
    ),
    "api-actors": lambda: ((reverse("api-actors"), query) for query in ({}, {"q": "later"})),
    "api-actor": lambda: ((reverse("api-actor", args=[a.slug]), {}) for a in Actor.objects.all()),
    "api-actor-events": lambda: (
        (reverse("api-actor-events", args=[a.slug]), {}) for a in Actor.objects.all()
    ),
    "api-article": lambda: (
        (reverse("api-article", args=[a.pk]), {}) for a in Article.objects.all()
    ),
    "api-search": lambda: (
        (reverse("api-search"), query)
        for query in (
            {"q": "later"},
            {"q": "Strike", "kind": "events"},
            {"q": "later", "kind": "actors"},
            {"q": "later", "kind": "articles"},
        )
    ),
    "api-unknown": lambda: iter([(reverse("api-unknown", args=["v1/later"]), {})]),
    "healthz": lambda: iter([(reverse("healthz"), {})]),
}
# It is asked for what came later: a page as of a day does not hold it, a reader opens it (test_knowledge.py).
ABOUT_LATER = "difference"
# They tell of now, whatever the day: the days that a replay goes on to, and the method.
OF_NOW = {"methodology", "known", ABOUT_LATER}
FRAGMENTS = {
    "timeline": "view",
    "map": "view",
    "network": "view",
    "signals": "view",
    "event": "event-drawer",
    "actors": "actor-list",
}


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
                found[address, target] = told(answer)
    return found


# When a file was made is no knowledge of events.
MADE = re.compile(
    rf"{datetime.now(UTC):%Y-%m-%d}T[0-9:.]+Z|\d+ {datetime.now(UTC):%B %Y}, \d\d:\d\d UTC"
    "|bundle--[0-9a-f-]+|report--[0-9a-f-]+"
)


def told(answer: HttpResponseBase) -> str:
    """Return what an answer tells as text, also where it comes in pieces or packed in a zip."""
    body = b"".join(answer) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with ZipFile(BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in sorted(packed.namelist()))
    text = body.decode().replace("\r\n ", "")  # lines of calendars are folded
    return MADE.sub("", re.sub(r"LAST-MODIFIED:\d{8}T\d{6}Z", "", text))


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


def test_no_later_word_shows_as_of_the_day_on_pages_that_tell_of_now(client, world):
    time_passes(world)
    assert later_words(walk(client, DAY, OF_NOW - {ABOUT_LATER})) == set()


def test_those_who_may_read_every_article_see_no_later_word_either(analyst, world):
    time_passes(world)
    reported("later-version", "later-article", AFTER)
    assert later_words(walk(analyst, DAY, PAGES.keys() - {ABOUT_LATER})) == set()


def test_no_later_word_shows_as_of_the_day_and_every_page_is_the_one_that_stood(client, world):
    pages = [page for page in PAGES if page not in OF_NOW]
    stood = walk(client, DAY, pages)
    time_passes(world)
    stands = walk(client, DAY, pages)
    assert later_words(stands) == set()
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
    "a relation": (queries_actors, "dated", undated, "actor", "later-relation"),
    "a role": (queries_actors, "dated", undated, "actor", "later-role"),
    "figures": (then, "read", as_now, "timeline_report", "7,531"),
    "events compared": (EventQuerySet, "as_of", ignoring(EventQuerySet), "compare", "later-event"),
    "events of changes": (
        EventQuerySet,
        "as_of",
        ignoring(EventQuerySet),
        "changes",
        "later-event",
    ),
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
    ("queries/events.py", "find"),  # the view compares what it finds with the day
    ("queries/then.py", "read"),  # what came later, and the columns of events that are known
    ("queries/told.py", "read"),  # what came later
    ("queries/changes.py", "_taken_back"),  # events that were public: told by their title of then
    ("queries/then.py", "hindsight"),  # what came later
    ("queries/events.py", "written_later"),  # one event that is known
    ("queries/actors.py", "event_rows"),  # columns of events that are known
    # What is known was asked for first; these read the same rows by their ids.
    ("queries/highlights.py", "of_events"),
    ("queries/highlights.py", "of_articles"),
    ("queries/map.py", "_plain"),
    ("queries/network.py", "ties"),
    ("queries/record.py", "record_of"),
    ("queries/search.py", "hits"),
    ("queries/search.py", "ranked"),
    ("queries/search.py", "ranked_articles"),
    ("queries/search_page.py", "_later_told"),  # what came later is told to hide a summary
    ("queries/index.py", "amounts_of_each"),  # the home page as known now
    ("entries.py", "_wanted"),  # derived from all events; pages narrow them by the day
    ("api/freshness.py", "tag"),  # a number that tells whether anything changed
    ("snapshots/storing.py", "_pin"),  # events of a sealed file that is loaded
}
# What is not read for a page: what loads, counts and decides.
APART = {"admin.py", "desk.py", "rollups.py", "tasks.py"}
APART_FOLDERS = {"dossiers", "management", "migrations"}


def readers() -> Iterator[Path]:
    """The modules that pages are made of, from the app's folder."""
    folder = Path(settings.BASE_DIR) / "apps" / "timelines"
    for path in sorted(folder.rglob("*.py")):
        found = path.relative_to(folder)
        if found.parts[0] not in APART | APART_FOLDERS:
            yield found


def test_every_query_of_a_page_starts_with_as_of():
    around = set()
    folder = Path(settings.BASE_DIR) / "apps" / "timelines"
    for path in readers():
        for outer in ast.walk(ast.parse((folder / path).read_text())):
            if not isinstance(outer, ast.FunctionDef):
                continue
            for node in ast.walk(outer):
                started = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)
                if not started or node.value.attr != "objects" or node.attr == "as_of":
                    continue
                if isinstance(node.value.value, ast.Name) and node.value.value.id in CLOCKED:
                    around.add((path.as_posix(), outer.name))
    assert around == ALLOWED
