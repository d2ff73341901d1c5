"""SQL, headers, paths and templates in what is asked for are answered as other nonsense, never with a 500."""

import re
import time
from io import StringIO
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.timelines.models import Timeline
from tests.security import corpus
from tests.timelines.test_leaks import PAGES, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
NONSENSE = "qxv-nonsense"
# Whatever any page asks its address for. What a page does not know it must leave alone or refuse.
NAMES = (
    "a_from", "a_to", "actor", "alone", "arcs", "as_of", "at", "b_from", "b_to", "before", "box", "by",
    "contested", "country", "cursor", "day", "dyad", "event", "format", "from", "jump", "kind", "lanes",
    "least", "limit", "maxwidth", "most", "next", "page", "place", "precision", "q", "reports", "severity",
    "since", "size", "sort", "source", "step", "theme", "to", "type", "url", "version", "with",
)  # fmt: skip
# Asked for one at a time, too, so that none hides behind the refusal of another.
ALONE = ("q", "actor", "from")
# Pages that make files or search take long by themselves.
LONGEST = 4.0


def one_address(page):
    """An address of the page; the world keeps no snapshot, so its page is given one."""
    if page == "kept_snapshot":
        call_command("make_snapshot", Timeline.objects.first().slug, stdout=StringIO())
    return next(iter(PAGES[page]()))[0]


def asked(client, path, name, value):
    start = time.monotonic()
    answer = client.get(f"{path}?{name}={quote(value, safe='')}")
    if answer.streaming:
        b"".join(answer)
    return answer, time.monotonic() - start


@pytest.mark.parametrize("page", PAGES)
def test_no_parameter_of_a_page_is_run_by_the_database(client, world, page):
    path = one_address(page)
    for name in ALONE:
        wanted = asked(client, path, name, NONSENSE)[0].status_code
        for value in corpus.SQL[:4]:
            answer, seconds = asked(client, path, name, value)
            where = f"{path}?{name}={value[:40]!r}"
            assert answer.status_code in {wanted, 200, 400, 404, 422}, where
            assert seconds < LONGEST, where
            assert "X-Injected" not in answer.headers, where


@pytest.mark.parametrize("page", PAGES)
def test_no_parameter_of_a_page_breaks_it(client, world, page):
    """All that any page asks for at once, whether it knows it or not."""
    path = one_address(page)
    for value in corpus.SQL:
        query = {name: value for name in NAMES if name != "as_of"}
        answer = client.get(path, query)
        # 501: oEmbed's own answer to a format that it does not know.
        assert answer.status_code < 500 or (page, answer.status_code) == ("oembed", 501), value
        assert "X-Injected" not in answer.headers


@pytest.mark.parametrize("value", [*corpus.SQL, "%2e%2e%2f%2e%2e", "..%00", "con", "a" * 3000])
@pytest.mark.parametrize(
    "path",
    [
        "/timelines/{}/", "/timelines/{}/events.csv", "/timelines/us-iran-2020/events.{}",
        "/timelines/us-iran-2020/snapshots/{}.zip", "/timelines/us-iran-2020/index/{}/",
        "/timelines/us-iran-2020/cite.{}", "/events/{}/", "/actors/{}/", "/articles/{}/", "/views/{}.atom",
        "/embed/timelines/{}/", "/api/v1/{}", "/api/v1/timelines/{}", "/api/v1/events/{}", "/static/{}",
    ],
)  # fmt: skip
def test_no_part_of_a_path_leads_anywhere_else(client, world, path, value):
    answer = client.get(path.format(quote(value, safe="")))
    assert answer.status_code in (301, 302, 400, 404, 422)
    assert "X-Injected" not in answer.headers
    body = b"".join(answer) if answer.streaming else answer.content
    assert b"root:" not in body


@pytest.mark.parametrize("value", [v for v in corpus.SQL if v not in ("-1",)])
def test_the_admins_search_filters_and_choices_run_nothing(client, world, value):
    client.force_login(User.objects.create_superuser("root"))
    for name in ("events_event", "actors_actor", "articles_article", "sources_feed", "core_change"):
        for parameter in ("q", "o", "p", "id__exact", "status__exact", "e", "_changelist_filters"):
            start = time.monotonic()
            answer = client.get(reverse(f"admin:{name}_changelist"), {parameter: value})
            assert answer.status_code in (200, 302, 400), (name, parameter)
            assert time.monotonic() - start < LONGEST
    choice = {"app_label": "events", "model_name": "claim", "field_name": "speaker", "term": value}
    assert client.get(reverse("admin:autocomplete"), choice).status_code in (200, 400)
    assert client.get(
        reverse("admin:autocomplete"), choice | {"field_name": value}
    ).status_code in (403, 400)
    for name in (
        "events_event_queue",
        "core_change_export",
    ):
        for parameter in ("q", "from", "user", "object", "timeline", "item", "sort", "page"):
            answer = client.get(reverse(f"admin:{name}"), {parameter: value})
            assert answer.status_code in (200, 302, 400, 404, 422), (name, parameter)


GOALS = (
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "http:evil.example", "http:///evil.example", "https:evil.example", "javascript:alert(1)",
    "\x01https://evil.example", " //evil.example", "/\t/evil.example", "//evil.example\\@testserver",
    "https://testserver@evil.example", "https://testserver.evil.example", "/ok\r\nX-Injected: 1",
    "//[::1", "data:text/html,x", "https://evil。example", "////evil.example", "http://testserver:80@evil.example",
)  # fmt: skip


def leads_away(answer):
    goal = answer.headers.get("Location", "")
    return re.match(
        r"[\x00-\x20]*([a-zA-Z][\w+.-]*:|[/\\]{2})", goal.replace("http://testserver/", "/")
    ) or ("\r" in goal or "\n" in goal)


@pytest.mark.parametrize("goal", GOALS)
def test_no_redirect_leads_to_another_site(client, goal):
    User.objects.create_user("reader", password="secret", is_staff=True)
    person = {"username": "reader", "password": "secret"}
    assert not leads_away(client.post("/language/", {"language": "fa", "next": goal}))
    assert not leads_away(client.post("/language/", {"language": "fa"}, headers={"Referer": goal}))
    for address in ("/login/", "/admin/login/"):
        fresh = Client()
        answer = fresh.post(address, person | {"next": goal})
        assert answer.status_code == 302
        assert not leads_away(answer), answer.url
        assert not leads_away(fresh.get(address, {"next": goal}))
        assert not leads_away(fresh.post("/logout/", {"next": goal}))


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost@evil.example", "localhost\r\nX: y", "evil.example:80", "a b", ""],
)
def test_a_host_that_is_not_ours_gets_no_page(settings, host):
    settings.ALLOWED_HOSTS = ["localhost"]
    client = Client(headers={"Host": host})
    for path in ("/", "/login/", "/oembed", "/timelines/us-iran-2020/"):
        answer = client.get(path)
        assert answer.status_code == 400
        assert b"evil" not in answer.content


def test_a_forwarded_host_is_not_believed(client, world):
    answer = client.get("/timelines/us-iran-2020/", headers={"X-Forwarded-Host": "evil.example"})
    assert answer.status_code == 200
    assert b"evil.example" not in answer.content


def test_only_embedded_pages_can_be_framed(client, world):
    for page in PAGES:
        path = one_address(page)
        answer = client.get(path) if path else None
        if answer is None or "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        policy = answer.headers["Content-Security-Policy"]
        if page.startswith("embed-"):
            assert "frame-ancestors *" in policy or "frame-ancestors http" in policy, page
            assert "script-src" not in policy, page
        else:
            assert "frame-ancestors 'none'" in policy, page
            assert answer.headers["X-Frame-Options"] == "DENY", page
        assert "unsafe" not in policy
