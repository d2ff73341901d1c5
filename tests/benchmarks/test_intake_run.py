"""What the measures of the intake rest on: texts that differ, and a count of what is lost and doubled."""

from benchmarks.intake_kill import judged, sha
from benchmarks.intake_texts import Record, page, records


def test_records_are_the_same_each_time_and_tell_copies_and_versions_apart():
    brought = list(records(200, seed=1))
    assert brought == list(records(200, seed=1))
    assert len({(record.url, record.text) for record in brought}) == 200
    assert len({record.url for record in brought}) == 190, "one of twenty is another version"
    assert len({record.text for record in brought}) == 190, "one of twenty is a copy elsewhere"


def test_pages_are_whole_and_of_a_news_page_s_size():
    one, other = page(1, "https://a.example/1", 1), page(2, "https://a.example/2", 1)
    assert one != other
    assert one.endswith(b"</html>")
    assert 90_000 < len(one) < 130_000


BROUGHT = [Record(f"https://a.example/{n}", f"Text {n}.") for n in range(3)]
STORED = [(record.url, sha(record.text)) for record in BROUGHT]
DONE = ["line 1", "line 2", "line 3"]


def test_a_whole_run_has_lost_and_doubled_nothing():
    assert judged(BROUGHT, STORED, DONE) == (0, 0)


def test_what_is_lost_or_doubled_is_counted():
    assert judged(BROUGHT, STORED[1:], DONE) == (1, 0)
    assert judged(BROUGHT, STORED, DONE[1:]) == (1, 0)
    assert judged(BROUGHT, [*STORED, STORED[0]], DONE) == (0, 1)
    assert judged(BROUGHT, STORED, [*DONE, DONE[0]]) == (0, 1)
    assert judged(BROUGHT, [*STORED, ("https://a.example/9", "x")], DONE) == (0, 1)
