"""The public pages with fifty readers at once, beside a bare template page on the same server."""

import http.client
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from random import Random
from statistics import median
from urllib.parse import urlsplit

from benchmarks import scratch
from benchmarks.measure import Measure

CLIENTS, WORKERS, SECONDS = 50, 2, 30
_BASE = "/timelines/us-iran-2020/"
# Each is asked for as often as the others; the rows of the widest fill the bare page.
PAGES = (
    *("/", _BASE, f"{_BASE}?type=ASSAULT", f"{_BASE}?actor=us-gov&from=2020-01-01&to=2020-03-31"),
    *(f"{_BASE}map/", f"{_BASE}network/", f"{_BASE}index/", "/actors/", "/actors/us-gov/"),
    *("/events/USIR-20200103-1/", "/methodology/"),
)
# A reader looks at a page for so many seconds before the next.
_READS = (3.0, 9.0)


@dataclass
class Answers:
    """What a run of clients was answered: seconds each, and what was no answer."""

    times: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: float = SECONDS

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def at(self, part: float) -> float:
        """The time that so large a part of the answers did not exceed."""
        ranked = sorted(self.times)
        return ranked[min(len(ranked) - 1, int(part * len(ranked)))]


def measures() -> list[Measure]:
    """Return how the dossier's pages answer fifty readers, how many a second at most, and repeat views."""
    with scratch.product():
        from django.core.management import call_command

        from apps.timelines import rollups
        from benchmarks.page_server import product_served

        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_dossier", "us-iran-2020", verbosity=0)
        rollups.refresh()
        with product_served(WORKERS) as base:
            for page in PAGES * 6:
                fetched(base, page)
            alone = median(_once(base, page) for page in PAGES * 10)
            rows = max(fetched(base, page).count(b"<tr") for page in PAGES)
            readers, most = run(base, PAGES, _READS), run(base, PAGES)
            repeated = [again(base, page) for page in PAGES]
        # A page without middleware, as bare as it gets; its rows are counted from the widest page.
        with product_served(WORKERS, DJANGO_SETTINGS_MODULE="benchmarks.bare_settings") as base:
            bare = run(base, (f"/?rows={rows}",))
    return [*_told(readers, most, alone), *_beside(most, bare, rows), _repeats(repeated)]


def _told(readers: Answers, most: Answers, alone: float) -> list[Measure]:
    faults = [*readers.faults, *most.faults]
    asked = len(readers.times) + len(most.times)
    words = (
        f"{alone * 1000:.0f} ms alone, {readers.rate:.1f} asked for a second; "
        f"without a pause p95 {most.at(0.95) * 1000:.0f} ms"
    )
    p95 = round(readers.at(0.95) / alone, 2)
    return [
        Measure(
            f"errors, {CLIENTS} clients", "answers", 0, len(faults), "lower",
            f"of {asked:,} {sorted(set(faults))[:3] or ''}",
        ),
        Measure(f"p95 of {CLIENTS} readers : median alone", "times", 5, p95, "lower", words),
    ]  # fmt: skip


def _beside(most: Answers, bare: Answers, rows: int) -> list[Measure]:
    words = f"{most.rate:.0f} a second; {bare.rate:.0f} bare, with {rows} rows"
    part = round(most.rate / bare.rate, 2)
    return [
        Measure("most answers a second, of a bare page's", "of bare", 0.5, part, "higher", words)
    ]


def _repeats(repeated: list[tuple[int, float]]) -> Measure:
    tagged = [took for status, took in repeated if status]
    told = [took for status, took in repeated if status == 304]
    words = f"{median(told) * 1000:.1f} ms; {len(tagged)} of {len(PAGES)} kinds of page have one"
    part = round(len(told) / len(tagged), 2)
    return Measure("repeat views answered 304", "of those with a tag", 1, part, "higher", words)


def fetched(base: str, page: str) -> bytes:
    """Return a page."""
    line = _line(base)
    line.request("GET", page)
    return line.getresponse().read()


def _line(base: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)


def _once(base: str, page: str) -> float:
    before = time.perf_counter()
    fetched(base, page)
    return time.perf_counter() - before


def again(base: str, page: str) -> tuple[int, float]:
    """Return the status of a page that is asked for with its tag and the seconds; 0 where it has none."""
    line = _line(base)
    line.request("GET", page)
    answer = line.getresponse()
    answer.read()
    tag = answer.headers["ETag"]
    if tag is None:
        return 0, 0.0
    before = time.perf_counter()
    line.request("GET", page, headers={"If-None-Match": tag})
    again = line.getresponse()
    again.read()
    return again.status, time.perf_counter() - before


def run(base: str, pages: tuple[str, ...], reads: tuple[float, float] | None = None) -> Answers:
    """Have CLIENTS ask for pages for SECONDS, with a pause to read (or none) after each."""
    found, numbers = Answers(), count()
    until = time.monotonic() + SECONDS

    def client() -> None:
        pick = Random(next(numbers))  # noqa: S311  # no secret
        if reads:
            time.sleep(pick.uniform(0, reads[1]))
        line = _line(base)
        while time.monotonic() < until:
            before = time.perf_counter()
            try:
                line.request("GET", pages[pick.randrange(len(pages))])
                answer = line.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException) as fault:
                found.faults.append(repr(fault))
                line.close()
                continue
            if answer.status == 200:
                found.times.append(time.perf_counter() - before)
            else:
                found.faults.append(str(answer.status))
            if reads:
                time.sleep(pick.uniform(*reads))

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
