"""Feeds found, taken in and given out."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from apps.accounts.models import User
from apps.sources import discovery, lists
from apps.sources.fetchers import opml
from apps.sources.models import Feed, Source
from tests.sources.server import answer
from tests.sources.test_feeds import ATOM, RSS

LIST = b"""<?xml version="1.0"?><opml version="2.0"><head><title>L</title></head><body>
<outline text="Region"><outline text="Iraq">
<outline text="A" xmlUrl="https://www.a.example/rss" htmlUrl="https://www.a.example/" language="en"
 sourceKind="wire" country="IRQ" reliability="B" sourceName="Agency A"/></outline>
<outline text="A too" xmlUrl="https://a.example/other"/></outline>
<outline text="Twice" xmlUrl="https://www.a.example/rss"/>
<outline text="Bad" xmlUrl="ftp://a.example/rss"/>
<outline text="Odd" xmlUrl="https://b.example/rss" sourceKind="king" country="iraq" reliability="Z"/>
</body></opml>"""


# --- OPML ----------------------------------------------------------------------------------------


def test_outlines_in_folders_are_read_each_address_once():
    outlines = opml.read(LIST)
    assert [o.url for o in outlines][:2] == ["https://www.a.example/rss", "https://a.example/other"]
    assert len(outlines) == 4
    assert outlines[0].folders == ("Region", "Iraq")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "not well-formed"),
        (b"<html><body/></html>", "not OPML"),
        (b"<opml version='2.0'/>", "not OPML"),
        (b"x" * (opml.MOST_BYTES + 1), "larger than"),
        (b"<!DOCTYPE opml [<!ENTITY a 'b'>]><opml><body><outline text='&a;'/></body></opml>", "type"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_told(raw, words):
    with pytest.raises(opml.OpmlError, match=words):
        opml.read(raw)


@pytest.mark.django_db
class TestBringing:
    def test_a_list_brings_feeds_that_are_off_and_sources_once(self):
        report = lists.bring(opml.read(LIST))
        assert (len(report.feeds), report.sources, report.known) == (
            3,
            ["Agency A", "b.example"],
            [],
        )
        assert report.refused == [("ftp://a.example/rss", "It is not an http or https address.")]
        assert not Feed.objects.filter(active=True).exists()
        made = Source.objects.get(domain="a.example")
        assert (made.name, made.kind, made.country, made.reliability) == (
            "Agency A",
            "wire",
            "IRQ",
            "B",
        )
        assert made.feeds.count() == 2
        odd = Source.objects.get(domain="b.example")
        assert (odd.kind, odd.country, odd.reliability) == ("other", "XXX", "F")

    def test_looking_adds_nothing_and_bringing_twice_adds_once(self):
        assert len(lists.bring(opml.read(LIST), only_look=True).feeds) == 3
        assert not Source.objects.exists()
        lists.bring(opml.read(LIST))
        again = lists.bring(opml.read(LIST))
        assert (again.feeds, len(again.known)) == ([], 3)

    def test_what_is_given_out_is_taken_in_elsewhere_as_it_was(self):
        lists.bring(opml.read(LIST))
        written = lists.export(Feed.objects.select_related("source"))
        before = everything()
        Source.objects.all().delete()
        lists.bring(opml.read(written))
        assert everything() == before


def everything():
    sources = Source.objects.order_by("slug")
    feeds = Feed.objects.order_by("url")
    return (
        list(sources.values_list("slug", "name", "kind", "country", "reliability", "domain")),
        list(feeds.values_list("url", "kind", "language", "source__slug")),
    )


# --- discovery -----------------------------------------------------------------------------------


@pytest.fixture
def site(server, settings, db):
    settings.FETCH_ALLOWED_PRIVATE = [server.host]
    return server


def test_the_feeds_that_a_page_names_are_found_and_read(site):
    page = b"""<html><head><link rel="alternate" type="application/rss+xml" title="All" href="/all.xml">
    <link rel="alternate" type="application/atom+xml" href="/broken"><link rel="stylesheet" href="/x">
    </head><body><a href="/rss/iraq">Iraq</a><a href="/press/1">no</a></body></html>"""
    site.routes |= {
        "/": answer(page), "/all.xml": answer(RSS, kind="text/xml"), "/broken": answer(b"no"),
        "/rss/iraq": answer(ATOM, kind="application/atom+xml"),
    }  # fmt: skip
    found = discovery.find(f"{site.url}/")
    assert [(one.url, one.kind) for one in found] == [
        (f"{site.url}/all.xml", "rss"), (f"{site.url}/rss/iraq", "atom"),
    ]  # fmt: skip
    assert (found[0].title, found[0].entries) == ("Example", 3)


def test_where_a_page_names_none_the_usual_addresses_and_robots_are_tried(site):
    news = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        "<url><loc>https://a.example/1</loc></url></urlset>"
    )
    site.routes |= {
        "/": answer(b"<html><body>A site</body></html>"), "/rss": answer(RSS, kind="text/xml"),
        "/robots.txt": answer(f"User-agent: *\nSitemap: {site.url}/news.xml".encode(), kind="text/plain"),
        "/news.xml": answer(news.encode(), kind="text/xml"),
    }  # fmt: skip
    assert [one.kind for one in discovery.find(site.url)] == ["sitemap", "rss"]


def test_a_site_without_feeds_is_told_after_a_bounded_number_of_requests(site):
    links = "".join(f"<a href='/rss/{n}'>x</a>" for n in range(500))
    site.routes["/"] = answer(f"<html><body>{links}</body></html>".encode())
    with pytest.raises(discovery.NothingFoundError, match="give the feed's own address"):
        discovery.find(f"{site.url}/")
    assert len(site.asked) <= 30


# --- the command and the admin -------------------------------------------------------------------


def command(*args) -> str:
    out = io.StringIO()
    call_command("feeds", *args, stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_adds_lists_gives_out_and_takes_in(site, tmp_path):
    site.routes["/feed"] = answer(RSS, kind="text/xml")
    assert "New feeds: 1, all off" in command("add", f"{site.url}/feed")
    assert "off" in command("list")
    file = tmp_path / "feeds.opml"
    file.write_text(command("export"))
    assert "known already: 1" in command("import", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        command("import", str(tmp_path / "none"))
    with pytest.raises(CommandError, match="could not be fetched"):
        command("find", f"{site.url}/missing")
    file.write_bytes(LIST)
    with pytest.raises(CommandError, match="1 could not be added"):
        command("import", str(file), "--look")
    assert Feed.objects.count() == 1


@pytest.fixture
def root(client, db):
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_a_found_feed_is_chosen_in_the_admin(root, site):
    site.routes["/feed"] = answer(RSS, kind="text/xml")
    find = reverse("admin:sources_feed_find")
    page = root.post(find, {"address": f"{site.url}/feed"})
    assert "Example" in page.content.decode()
    asked = len(site.asked)
    root.post(find, {"chosen": page.context["chosen"], "feed": [f"{site.url}/feed"]})
    assert (Feed.objects.get().title, Feed.objects.get().active) == ("Example", False)
    assert len(site.asked) == asked, "what was shown is added as it was shown"
    root.post(find, {"chosen": "made up", "feed": ["https://a.example/"]})
    assert Feed.objects.count() == 1
    assert "could not be fetched" in root.post(find, {"address": "127.0.0.1:1"}).content.decode()


def test_a_list_is_shown_before_it_is_taken_in(root):
    address = reverse("admin:sources_feed_opml_in")
    page = root.post(address, {"file": io.BytesIO(LIST)})
    assert not Feed.objects.exists()
    assert len(page.context["report"].feeds) == 3
    root.post(address, {"chosen": page.context["chosen"]})
    assert Feed.objects.count() == 3
    bad = root.post(address, {"file": io.BytesIO(b"<html/>")})
    assert "not OPML" in bad.content.decode()
    given = root.get(reverse("admin:sources_feed_opml"))
    assert len(opml.read(given.content)) == 3


def test_feeds_are_turned_on_and_off_and_their_failures_forgotten(root):
    source = Source.objects.create(slug="s", name="S")
    feed = Feed.objects.create(source=source, url="https://a.example/rss", failures=12, gone=True)

    def do(action):
        chosen = {"action": action, "_selected_action": [feed.pk]}
        root.post(reverse("admin:sources_feed_changelist"), chosen)
        feed.refresh_from_db()
        return feed

    assert do("turn_on").active
    assert "1 dead" in root.get(reverse("admin:sources_feed_changelist")).content.decode()
    feed = do("forget_failures")
    assert (feed.failures, feed.gone) == (0, False)
    assert not do("turn_off").active
    rows = root.get(reverse("admin:sources_feed_changelist"), {"health": "dead"})
    assert rows.context["cl"].result_count == 0
