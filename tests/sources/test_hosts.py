"""Politeness: one visitor a host, pauses, robots.txt, an honest name; shared by all workers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.stages import PostponedError
from apps.sources import hosts
from apps.sources.fetchers.http import FetchError
from apps.sources.fetching import fetch, fetch_now
from apps.sources.models import Host
from tests.sources.server import Server, answer, redirect

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def allowed(server, settings):
    settings.FETCH_ALLOWED_PRIVATE = [server.host]
    server.routes["/a"] = server.routes["/b"] = answer(b"a page")


def host(server) -> Host:
    return Host.objects.get(name=server.host)


def rules(server, text: str) -> None:
    server.routes["/robots.txt"] = answer(text.encode(), kind="text/plain")


def paths(server) -> list[str]:
    return [path for path, _ in server.asked]


# --- turns ---------------------------------------------------------------------------------------


def test_a_host_is_asked_by_one_at_a_time(server):

    with hosts.Visit(hosts.Policy(timeout=5), wait=0) as visit:
        visit._held[server.host] = visit._turn(server.host)
        with pytest.raises(PostponedError, match=f"{server.host} is not to be asked before"):
            fetch(f"{server.url}/a", wait=0)
        assert paths(server) == []
    assert fetch(f"{server.url}/a", wait=0).body == b"a page"


def test_another_host_is_asked_meanwhile(server):
    Host.objects.create(name="busy.example", busy_until=timezone.now() + timedelta(minutes=1))
    assert fetch(f"{server.url}/a", wait=0).body == b"a page"


def test_the_turn_of_a_worker_that_died_runs_out(server):
    Host.objects.create(name=server.host, busy_until=timezone.now() - timedelta(seconds=1))
    assert fetch(f"{server.url}/a", wait=0).body == b"a page"


def test_who_took_over_an_expired_turn_keeps_it(server):
    """A worker that was slower than its turn does not end the turn of the next one."""
    with hosts.Visit(hosts.Policy(timeout=5), wait=0) as late:
        late._held[server.host] = late._turn(server.host)
        Host.objects.update(busy_until=timezone.now() - timedelta(seconds=1))
        with hosts.Visit(hosts.Policy(timeout=5), wait=0) as other:
            other._held[server.host] = other._turn(server.host)
            late.__exit__(None, None, None)
            assert host(server).busy_until > timezone.now()


def test_between_two_requests_there_is_a_pause(server, settings):
    settings.FETCH_HOST_DELAY_SECONDS = 30
    fetch(f"{server.url}/a")
    assert host(server).next_at > timezone.now() + timedelta(seconds=25)
    with pytest.raises(PostponedError) as caught:
        fetch(f"{server.url}/b")
    assert caught.value.until >= host(server).next_at
    with pytest.raises(FetchError, match="its server is busy with us"):
        fetch_now(f"{server.url}/b")
    assert paths(server) == ["/a"]


def test_a_short_pause_is_waited_for(server, settings):
    settings.FETCH_HOST_DELAY_SECONDS = 0.2
    fetch(f"{server.url}/a")
    before = host(server).next_at
    fetch(f"{server.url}/b")
    assert timezone.now() >= before
    assert paths(server) == ["/a", "/b"]


def test_the_pause_that_a_server_asks_for_holds_for_all_its_pages(server):
    server.routes["/a"] = answer(status=429, Retry_After="600")
    with pytest.raises(FetchError):
        fetch(f"{server.url}/a")
    assert host(server).note == "It asked for a pause of 600 seconds."
    with pytest.raises(PostponedError):
        fetch(f"{server.url}/b")
    Host.objects.update(next_at=timezone.now())
    fetch(f"{server.url}/b")
    assert host(server).note == ""


# --- robots.txt ----------------------------------------------------------------------------------


def test_what_a_site_does_not_want_read_is_not_read(server):
    rules(server, "User-agent: *\nDisallow: /a\nCrawl-delay: 2")
    with pytest.raises(FetchError, match=r"robots\.txt asks programs not to read it") as caught:
        fetch(f"{server.url}/a")
    assert caught.value.permanent
    assert paths(server) == ["/robots.txt"]
    assert host(server).delay_seconds == 2
    assert host(server).next_at > timezone.now() + timedelta(seconds=1)


def test_the_rules_are_kept_for_a_day(server):
    rules(server, "User-agent: *\nDisallow: /private")
    fetch(f"{server.url}/a")
    fetch(f"{server.url}/b")
    assert paths(server) == ["/robots.txt", "/a", "/b"]
    Host.objects.update(robots_at=timezone.now() - timedelta(hours=25))
    fetch(f"{server.url}/a")
    assert paths(server)[3:] == ["/robots.txt", "/a"]


def test_a_site_without_rules_is_read(server):
    assert fetch(f"{server.url}/a").body == b"a page"
    assert host(server).robots_at is not None


def test_a_site_whose_rules_cannot_be_had_is_not_read_for_now(server):
    server.routes["/robots.txt"] = answer(status=503)
    with pytest.raises(
        FetchError, match=r"503 when its site's robots\.txt was asked for"
    ) as caught:
        fetch(f"{server.url}/a")
    assert not caught.value.permanent
    assert paths(server) == ["/robots.txt"]


def test_rules_that_are_known_hold_while_the_site_cannot_tell_them(server):
    rules(server, "User-agent: *\nDisallow: /a")
    fetch(f"{server.url}/b")
    Host.objects.update(robots_at=timezone.now() - timedelta(hours=25))
    server.routes["/robots.txt"] = answer(status=503)
    fetch(f"{server.url}/b")
    with pytest.raises(FetchError, match="asks programs not to read"):
        fetch(f"{server.url}/a")


def test_a_redirect_obeys_the_rules_of_the_host_it_leads_to(server, settings):
    other = Server()
    rules(other, "User-agent: *\nDisallow: /")
    settings.FETCH_ALLOWED_PRIVATE = [server.host, other.host]
    server.routes["/a"] = redirect(f"{other.url}/x")
    try:
        with pytest.raises(FetchError, match="not to read it"):
            fetch(f"{server.url}/a")
        assert paths(other) == ["/robots.txt"]
    finally:
        other.stop()
    assert all(one.busy_until <= timezone.now() for one in Host.objects.all())


def test_an_operator_with_leave_may_turn_the_rules_off(server, settings):
    settings.FETCH_ROBOTS = False
    rules(server, "User-agent: *\nDisallow: /")
    assert fetch(f"{server.url}/a").body == b"a page"


def test_the_name_says_who_asks_and_whom_to_write_to(server, settings):
    settings.FETCH_CONTACT = "desk@news.example"
    fetch(f"{server.url}/a")
    assert server.asked[-1][1]["user-agent"] == "Tensionline/0.1 (+desk@news.example)"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://News.Example/x", "news.example"),
        ("https://news.example:443/x", "news.example"),
        ("http://news.example:443/x", "news.example:443"),
        ("http://news.example:8000/", "news.example:8000"),
    ],
)
def test_a_host_has_one_name(url, name):
    assert hosts.host_name(url) == name
