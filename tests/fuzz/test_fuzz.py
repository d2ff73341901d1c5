"""Six doors to the outside, knocked at with what is almost right; `make fuzz` knocks for minutes at each.

What was found stands as a test of its own where the fault was (CHANGELOG tells of each).
"""

import gzip
import os
import random
import shutil
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.actors.models import Actor
from apps.articles.extract.run import extract
from apps.articles.extract.types import ExtractError
from apps.core.dossier import read as read_dossier
from apps.core.dossier.faults import DossierError
from apps.events.models import Event
from apps.signals.importing import NotTakenError, take
from apps.signals.models import SignalSource
from apps.sources.fetchers.feeds import FeedError
from apps.sources.fetchers.feeds import read as read_feed
from apps.timelines.dossiers.load import load
from apps.timelines.models import Timeline
from tests import forms
from tests.articles.test_extract import HTML
from tests.fuzz.mutating import mutated, text
from tests.security.test_injection import NAMES
from tests.signals.test_formats import gdelt_cells
from tests.signals.test_importing import lines, many
from tests.sources.test_feeds import ATOM, RSS
from tests.timelines.test_leaks import world

__all__ = ["world"]
# Seconds for each door; without it a few examples, the same ones each time.
SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
QUICK, AT_ONCE = 8, 200
TINY = Path(project.BASE_DIR) / "tests" / "dossiers" / "tiny"


class UndoneError(Exception):
    """Ends a transaction without a trace."""


def knock(strategy: st.SearchStrategy, door: Callable[..., None]) -> None:
    """Try what the strategy makes at the door, until the time is over."""
    until, tried = time.monotonic() + SECONDS, 0
    while not tried or time.monotonic() < until:

        @settings(
            max_examples=AT_ONCE if SECONDS else QUICK,
            derandomize=not SECONDS,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def once(made):
            door(made)

        if SECONDS:
            once = seed(random.randrange(2**64))(once)
        once()
        tried += AT_ONCE if SECONDS else QUICK
    print(f"{door.__name__}: {tried} tried")  # noqa: T201  # `make fuzz` tells how far it came


def undone(door: Callable[..., None]) -> Callable[..., None]:
    """Let a door forget each knock, so that the next one finds what the first one did."""

    def alone(made):
        try:
            with transaction.atomic():
                door(made)
                raise UndoneError
        except UndoneError:
            return

    alone.__name__ = door.__name__
    return alone


def given_or_refused(call: Callable[[], Any], refusal: type[Exception]) -> Any:
    """Return what a call gives; None where it refuses, which it has to do in words."""
    try:
        return call()
    except refusal as error:
        told = str(error)
    assert told
    return None


# --- feeds -----------------------------------------------------------------------------------

FEEDS = (
    RSS,
    ATOM,
    b'{"version": "https://jsonfeed.org/version/1.1", "title": "E", "items": [{"id": "1", "url": '
    b'"https://news.example/1", "title": "A", "date_published": "2020-01-08T02:00:00Z"}]}',
    b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news='
    b'"http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example/1</loc><news:news>'
    b"<news:publication_date>2020-01-08</news:publication_date><news:title>A</news:title></news:news></url></urlset>",
)
XML = (
    *(b"<item>", b"</item>", b"<![CDATA[", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"<pubDate>", b"<link>"),
    *(b'<?xml version="1.0" encoding="utf-16"?>', b'encoding="shift_jis"', b"xmlns:a='b'", b"</channel>"),
)  # fmt: skip


def a_feed(raw):
    found = given_or_refused(lambda: read_feed(raw, "https://news.example/feed"), FeedError)
    for entry in found or ():
        assert entry.url.startswith(("http://", "https://"))
        assert "\x00" not in entry.title + entry.url
        (entry.title + entry.url).encode()


def test_feeds():
    knock(mutated(FEEDS, XML), a_feed)


# --- pages -----------------------------------------------------------------------------------

HTML_WORDS = (
    *(b"<p>", b"</p>", b"<table>", b"<script>", b"</script>", b"<!--", b"<div>", b"<svg>", b"<h1>"),
    *(b"<template>", b"<meta charset=utf-7>", b"<base href=x>", b"<time datetime=", b"<plaintext>"),
    b'<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": [',
    b'<meta property="article:published_time" content="',
)
KINDS = (
    "",
    "text/html",
    "text/plain",
    "application/pdf",
    "application/json",
    "text/html; charset=x",
)


def a_page(made):
    raw, kind = made
    options = {"content_type": kind, "url": "https://news.example/1", "max_characters": 100_000}
    found = given_or_refused(lambda: extract(raw, **options), ExtractError)
    if found is None:
        return
    assert found.text.strip()
    assert "\x00" not in found.text + found.title
    (found.text + found.title).encode()


def test_pages():
    pages = (HTML.encode(), HTML.encode("utf-16"), b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj")
    knock(st.tuples(mutated(pages, HTML_WORDS), st.sampled_from(KINDS)), a_page)


# --- files of a dossier ----------------------------------------------------------------------

NAMES_OF_FILES = sorted(path.relative_to(TINY).as_posix() for path in TINY.rglob("*.*"))
YAML = (
    *(b"- ", b"\n  ", b": ", b"&a ", b"*a", b"!!python/object:os.system ", b"<<: ", b"|\n", b"? "),
    *(b"\t", b"---\n", b"2020-01-08", b"2020-01-03/2020-01-05", b"2020-01~", b"../dossier.yaml"),
    *(b"/etc/passwd", b"null", b"[[[[["),
)


@pytest.mark.django_db
def test_dossier_files(tmp_path):
    def files_of_a_dossier(made):
        name, raw = made
        folder = tmp_path / "tiny"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(TINY, folder)
        (folder / name).write_bytes(raw)
        given_or_refused(lambda: load(read_dossier(folder)), DossierError)

    one = st.sampled_from(NAMES_OF_FILES).flatmap(
        lambda name: st.tuples(st.just(name), mutated([(TINY / name).read_bytes()], YAML))
    )
    knock(one, undone(files_of_a_dossier))


# --- the API ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_api_parameters(client, world):
    timeline, event = Timeline.objects.first(), Event.objects.first()
    api = [
        *(reverse(f"api-{one}", args=[timeline.slug]) for one in ("events", "index", "coverage")),
        *(reverse(f"api-signals{one}", args=[timeline.slug]) for one in ("", "-load", "-loudest")),
        *(reverse(f"api-{one}") for one in ("timelines", "actors", "places", "search")),
        reverse("api-event", args=[event.public_id]),
        reverse("api-actor-events", args=[Actor.objects.first().slug]),
        reverse("timeline", args=[timeline.slug]),
        reverse("search"),
    ]

    def parameters(made):
        path, query = made
        answer = client.get(path, query)
        assert answer.status_code < 500
        if answer.status_code >= 400 and path.startswith("/api/"):
            told = answer.json()
            assert told["detail"], told

    known = st.sampled_from(
        (event.public_id, "us-gov", "us-iran", "2020-01-08", "start", "10", "1")
    )
    query = st.dictionaries(
        st.sampled_from(NAMES), st.one_of(known, text(), st.lists(text(), max_size=3)), max_size=5
    )
    knock(st.tuples(st.sampled_from(api), query), parameters)


# --- the admin's forms -----------------------------------------------------------------------


@pytest.mark.django_db
def test_forms_of_the_admin(client, world):
    client.force_login(User.objects.create_superuser("root"))
    addresses = [
        reverse("admin:events_event_change", args=[Event.objects.first().pk]),
        reverse("admin:actors_actor_change", args=[Actor.objects.first().pk]),
        reverse("admin:timelines_timeline_change", args=[Timeline.objects.first().pk]),
        reverse("admin:events_event_add"),
        reverse("admin:places_place_add"),
        reverse("admin:sources_feed_add"),
        reverse("admin:signals_signalsource_add"),
    ]
    shown = {address: forms.shown(client, address) for address in addresses}

    def a_form(made):
        address, changes = made
        answer = client.post(address, {**shown[address], **changes})
        assert answer.status_code in (200, 302, 403), answer.status_code

    one = st.sampled_from(addresses).flatmap(
        lambda address: st.tuples(
            st.just(address),
            st.dictionaries(
                st.sampled_from(sorted(shown[address])), text(), min_size=1, max_size=4
            ),
        )
    )
    knock(one, undone(a_form))


# --- files of signals ------------------------------------------------------------------------

ACLED_HEAD = (
    "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,country,location,"
    "latitude,longitude,notes,fatalities,timestamp"
)
SIGNALS = {
    "own": lines(*many(3)),
    "gdelt": "\n".join("\t".join(gdelt_cells(c0=str(n))) for n in range(3)).encode(),
    "acled": f"{ACLED_HEAD}\nIRQ1,08 January 2020,1,Explosions/Remote violence,Air/drone strike,Iran,US,"
    'Iraq,Asad,33.8,42.4,"Missiles, many",0,1578900000\n'.encode(),
}


@pytest.mark.django_db
def test_files_of_signals():
    sources = {
        kind: SignalSource.objects.create(slug=kind, name=kind.title(), kind=kind)
        for kind in SIGNALS
    }

    def signals(made):
        kind, raw, packed = made
        stream = BytesIO(gzip.compress(raw) if packed else raw)
        file = given_or_refused(
            lambda: take(sources[kind], "a.csv", stream, lambda piece: None), NotTakenError
        )
        if file is None:
            return
        assert file.new + file.replaced + file.known + file.unclassed + file.refused <= file.lines
        assert all(file.faults)

    words = (b"\t", b",", b'"', b"\n", b"\r\n", b'""', b"-999", b"20200230", b"1e308")
    one = st.sampled_from(sorted(SIGNALS)).flatmap(
        lambda kind: st.tuples(st.just(kind), mutated([SIGNALS[kind]], words), st.booleans())
    )
    knock(one, undone(signals))
