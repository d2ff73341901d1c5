"""Small pages for other people's sites, the code that puts them there, and oEmbed."""

import re
from datetime import date
from html import unescape
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from apps.accounts.models import User
from apps.events.models import Event
from apps.timelines import rollups
from apps.timelines.drawing.chart_frame import LaneSpec
from apps.timelines.drawing.embedding import HEIGHT, MOST_SPANS, WIDTH, strips
from tests.factories import make_actor, make_dyad, make_event, make_timeline

pytestmark = pytest.mark.django_db
FRAME = "/embed/timelines/us-iran-2020/"
PAGE = "http://testserver/timelines/us-iran-2020/"


@pytest.fixture
def timeline():
    us, iran = make_actor("us-gov", name="United States"), make_actor("iran-gov", name="Iran")
    timeline = make_timeline(actors=[us, iran], licence="CC BY 4.0")
    make_dyad(timeline, "us-iran", [us], [iran])
    make_event("The attack", start=date(2020, 1, 8), by=[iran], at=[us])
    make_event("Talks", start=date(2020, 2, 1), type="CONSULT", by=[us], at=[iran])
    rollups.rebuild(timeline)
    return timeline


class TestFrame:
    def test_it_shows_the_view_and_leads_to_it(self, client, timeline):
        found = client.get(FRAME, {"type": "ASSAULT", "as_of": "2020-01-20"})
        text = found.content.decode()
        assert "The attack" in text
        assert "Talks" not in text
        assert "1 event" in text
        assert "CC BY 4.0" in text
        whole = f"/timelines/{timeline.slug}/?type=ASSAULT&amp;as_of=2020-01-20"
        assert f'href="{whole}" target="_blank"' in text

    def test_other_sites_may_frame_it_and_nothing_else(self, client, timeline):
        for path in (FRAME, "/embed/events/" + _event().public_id + "/"):
            found = client.get(path)
            assert "X-Frame-Options" not in found
            policy = _policy(found)
            assert policy["frame-ancestors"] == ["*"]
            assert policy["default-src"] == ["'none'"]
            assert "script-src" not in policy
        whole = client.get(timeline.get_absolute_url())
        assert whole["X-Frame-Options"] == "DENY"
        assert _policy(whole)["frame-ancestors"] == ["'none'"]

    def test_it_has_no_script_and_sets_no_cookie(self, client, timeline):
        found = client.get(FRAME)
        assert not found.cookies
        assert b"<script" not in found.content
        assert b"style=" not in found.content

    @pytest.mark.parametrize(
        ("asked", "theme"), [("dark", "dark"), ("light", "light"), ("pink", "auto"), ("", "auto")]
    )
    def test_its_theme_may_be_chosen(self, client, timeline, asked, theme):
        found = client.get(FRAME, {"theme": asked}).content.decode()
        assert f'data-theme="{theme}"' in found

    def test_a_closed_installation_frames_its_own_alone(self, client, timeline, settings):
        settings.CLOSED = True
        assert client.get(FRAME).status_code == 302
        client.force_login(User.objects.create_user("analyst"))
        assert _policy(client.get(FRAME))["frame-ancestors"] == ["'self'"]

    def test_an_empty_view_says_so(self, client, timeline):
        assert "No event answers" in client.get(FRAME, {"q": "nothing"}).content.decode()

    def test_an_event_is_a_card(self, client, timeline):
        found = client.get(f"/embed/events/{_event().public_id}/")
        assert "The attack" in found.content.decode()
        assert (
            client.get(f"/embed/events/{_event().public_id}/?as_of=2020-01-01").status_code == 404
        )

    def test_its_queries_do_not_grow(self, client, timeline, django_assert_max_num_queries):
        with django_assert_max_num_queries(30):
            client.get(FRAME)


def _event():
    return Event.objects.get(title="The attack")


def _policy(response):
    parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {part[0]: part[1:] for part in parts if part}


class TestCode:
    def test_it_is_an_iframe_of_the_view_in_the_size_and_theme_asked_for(self, client, timeline):
        query = {"type": "ASSAULT", "as_of": "2020-01-20", "size": "small", "theme": "dark"}
        found = client.get("/timelines/us-iran-2020/embed/", query)
        code = unescape(
            unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", found.content.decode())[1])
        )
        assert 'width="320" height="240"' in code
        address = re.search('src="([^"]*)"', code)[1]
        assert address == f"http://testserver{FRAME}?type=ASSAULT&as_of=2020-01-20&theme=dark"
        assert "The attack" in client.get(address).content.decode()
        assert _policy(found)["frame-src"] == ["'self'"]

    def test_the_address_readers_use_stands_in_the_code(self, client, timeline, settings):
        settings.SITE_ADDRESS = "https://tension.example"
        found = client.get("/timelines/us-iran-2020/embed/").content.decode()
        assert "https://tension.example/embed/timelines/us-iran-2020/" in found


class TestOembed:
    def test_a_timeline_tells_where_to_ask(self, client, timeline):
        page = client.get(timeline.get_absolute_url(), {"type": "ASSAULT"}).content.decode()
        link = re.search(r'application/json\+oembed" href="([^"]*)"', page)
        found = client.get(unescape(link[1])).json()
        assert found["type"] == "rich"
        assert found["version"] == "1.0"
        assert found["title"] == timeline.title
        frame = unescape(re.search('src="([^"]*)"', found["html"])[1])
        assert urlsplit(frame).path == FRAME
        assert urlsplit(frame).query == "type=ASSAULT"
        assert f'width="{found["width"]}" height="{found["height"]}"' in found["html"]

    def test_xml_says_the_same(self, client, timeline):
        asked = client.get("/oembed", {"url": PAGE, "format": "xml"})
        assert asked["Content-Type"].startswith("text/xml")
        told = {row.tag: row.text for row in ElementTree.fromstring(asked.content)}  # noqa: S314
        values = client.get("/oembed", {"url": PAGE}).json()
        assert told == {name: str(value) for name, value in values.items()}

    def test_it_keeps_to_the_room_there_is(self, client, timeline):
        found = client.get("/oembed", {"url": PAGE, "maxwidth": 400, "maxheight": 9000}).json()
        assert (found["width"], found["height"]) == (400, 420)

    def test_an_event_is_answered_for_as_of_its_day(self, client, timeline):
        page = f"http://testserver{_event().get_absolute_url()}?as_of=2020-03-01"
        found = client.get("/oembed", {"url": page}).json()
        assert found["title"] == "The attack"
        assert "as_of=2020-03-01" in found["html"]
        early = page.replace("2020-03", "2020-01")
        assert client.get("/oembed", {"url": early}).status_code == 404

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "nonsense",
            "http://[",
            "https://evil.example/timelines/us-iran-2020/",
            "http://testserver@evil.example/timelines/us-iran-2020/",
            "javascript://testserver/timelines/us-iran-2020/",
            "http://testserver/methodology/",
            "http://testserver/nowhere/",
            "http://testserver/timelines/unknown/",
            "http://testserver/events/unknown/",
        ],
    )
    def test_what_is_not_ours_is_not_found(self, client, timeline, address):
        assert client.get("/oembed", {"url": address}).status_code == 404

    def test_other_formats_and_senseless_sizes(self, client, timeline):
        assert client.get("/oembed", {"url": PAGE, "format": "yaml"}).status_code == 501
        assert client.get("/oembed", {"url": PAGE, "maxwidth": "wide"}).status_code == 400
        assert client.get("/oembed", {"url": f"{PAGE}?as_of=soon"}).status_code == 400

    def test_a_title_cannot_end_its_attribute(self, client, timeline):
        timeline.title = 'Quotes "><script>'
        timeline.save()
        assert "<script" not in client.get("/oembed", {"url": PAGE}).json()["html"]

    def test_a_closed_installation_tells_nothing(self, client, timeline, settings):
        settings.CLOSED = True
        assert client.get("/oembed", {"url": PAGE}).status_code == 401


class TestStrips:
    LANES = [LaneSpec("a", "A"), LaneSpec("b", "B")]

    def test_lanes_count_their_events_and_bars_stay_inside(self):
        counts = [("a", date(2020, 1, n % 28 + 1), n % 4 + 1, n + 1) for n in range(40)]
        one, other = strips(counts, self.LANES, date(2020, 1, 3), date(2020, 12, 31))
        assert (one.count, other.count) == (sum(range(1, 41)), 0)
        assert other.boxes == ()
        for box in one.boxes:
            assert 0 <= box.x < WIDTH
            assert 0 <= box.y < HEIGHT
            assert box.y + box.height <= HEIGHT + 0.01

    def test_a_century_has_no_more_bars_than_a_year(self):
        days = [date(1950 + n // 12, n % 12 + 1, 1) for n in range(600)]
        (lane, _) = strips([("a", d, 4, 1) for d in days], self.LANES, days[0], days[-1])
        assert len(lane.boxes) <= MOST_SPANS


def test_a_cache_tells_readers_of_two_languages_apart(client):
    """The language follows the browser's and the cookie that keeps the reader's choice."""
    make_timeline(slug="us-iran-2020")
    kept = client.get("/embed/timelines/us-iran-2020/")["Vary"]
    assert {"Cookie", "Accept-Language"} <= set(kept.split(", "))
    client.cookies["django_language"] = "fa"
    assert 'lang="fa"' in client.get("/embed/timelines/us-iran-2020/").content.decode()
