"""Loose reports put together: the same set gives the same clusters, in any order, whatever else there is."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.events.clustering import Clusters, Loose, cluster, linked
from apps.events.happenings import Days, Known, Reported
from apps.events.kinship import Bond, Kinship
from apps.events.matching import Matcher
from apps.events.wording import Counts

KINSHIP = Kinship([Bond("irgc", "part_of", "iran-gov"), Bond("us-mil", "part_of", "us-gov")])
COUNTS = Counts()
FIRST = date(2020, 6, 1)
TALES = (
    "Rockets hit the embassy in Baghdad.",
    "Katyusha rockets struck the embassy compound.",
    "The ministry announced sanctions on banks.",
    "Boats of the Guard harassed a ship.",
)


def prepare(known):
    return Matcher(known, KINSHIP, COUNTS)


def report(
    number, day=0, tale=0, type_="ASSAULT", by=(), at=("us-gov",), dated=True, founds=True, keys="a"
):
    """A report published `day` days after the first of June; `founds`: enough for a proposal."""
    on = FIRST + timedelta(days=day)
    days = Days(on, on) if dated else None
    sides = frozenset(by), frozenset(at)
    reported = Reported(type_, "", days, *sides, (), on, text=TALES[tale])
    known = None
    if dated and founds:
        known = Known(number, f"r{number}", type_, "", Days(on, on), *sides, (), text=TALES[tale])
    within = on - timedelta(days=30), on + timedelta(days=30)
    return Loose(number, (day, number), reported, known, within, frozenset(keys))


def shape(clusters: Clusters) -> tuple[frozenset, frozenset]:
    """What a result says, whatever order it was found in."""
    found = frozenset(
        (one.leader.id, frozenset(report.id for report, _ in one.members)) for one in clusters.found
    )
    return found, frozenset(report.id for report, _ in clusters.outside)


REPORTS = st.lists(
    st.builds(
        dict,
        day=st.integers(0, 45),
        tale=st.integers(0, len(TALES) - 1),
        type_=st.sampled_from(["ASSAULT", "SANCTION", "COERCE", "ACCUSE"]),
        by=st.sampled_from([(), ("iran-gov",), ("irgc",), ("us-gov",)]),
        at=st.sampled_from([(), ("us-gov",), ("us-mil",), ("iran-gov",)]),
        dated=st.booleans(),
        founds=st.booleans(),
        keys=st.sampled_from(["a", "b", "ab"]),
    ),
    max_size=9,
)


@given(REPORTS, st.randoms(use_true_random=False))
def test_order_does_not_matter(told, random):
    reports = [report(number, **values) for number, values in enumerate(told)]
    expected = shape(cluster(reports, prepare))
    random.shuffle(reports)
    assert shape(cluster(reports, prepare)) == expected


def components(reports):
    """Sets of reports linked with each other, however indirectly."""
    left, found = {report.id: report for report in reports}, []
    while left:
        _, first = left.popitem()
        one, front = [first], [first]
        while front:
            near = linked(front.pop(), left.values(), prepare)
            for other in near:
                del left[other.id]
            one += near
            front += near
        found.append(one)
    return found


@given(REPORTS)
def test_what_is_not_linked_changes_nothing(told):
    """Putting only the linked ones together gives what putting all together gives."""
    reports = [report(number, **values) for number, values in enumerate(told)]
    parts = [shape(cluster(one, prepare)) for one in components(reports)]
    found = frozenset(one for clusters, _ in parts for one in clusters)
    outside = frozenset(one for _, outside in parts for one in outside)
    assert shape(cluster(reports, prepare)) == (found, outside)


@given(REPORTS)
def test_links_go_both_ways(told):
    reports = [report(number, **values) for number, values in enumerate(told)]
    near = {one.id: {other.id for other in linked(one, reports, prepare)} for one in reports}
    assert all(one in near[other] for one, others in near.items() for other in others)


def test_every_report_is_in_one_cluster_or_outside_once():
    reports = [report(n, day=n % 3, tale=n % 4, dated=n % 5 != 0) for n in range(12)]
    result = cluster(reports, prepare)
    ids = [r.id for one in result.found for r in one.reports] + [r.id for r, _ in result.outside]
    assert sorted(ids) == list(range(12))


def test_the_first_that_was_published_leads():
    later, first = report(1, day=1), report(2, day=0, tale=1)
    (one,) = cluster([later, first], prepare).found
    assert (one.leader.id, [r.id for r, _ in one.members]) == (2, [1])


def test_what_names_no_day_joins_only_what_was_new_shortly_before():
    told = report(1, by=("iran-gov",))
    soon = report(2, day=5, by=("iran-gov",), dated=False)
    late = report(3, day=60, by=("iran-gov",), dated=False)
    result = cluster([told, soon, late], prepare)
    assert shape(result) == (frozenset({(1, frozenset({2}))}), frozenset({3}))


def test_what_fits_two_alike_joins_none():
    reports = [report(1), report(2, day=7), report(3, day=10, dated=False)]
    result = cluster(reports, prepare)
    ((outside, reason),) = result.outside
    assert outside.id == 3
    assert "several events alike" in reason


def test_of_two_alike_the_one_that_is_news_is_meant():
    reports = [report(1), report(2, day=9), report(3, day=10, dated=False)]
    found, outside = shape(cluster(reports, prepare))
    assert (2, frozenset({3})) in found
    assert not outside


def test_what_is_too_long_ago_takes_nothing_from_what_was_new():
    """However well it fits: it is no rival, whether it is put together anew with the two or not."""
    long_ago, news = report(1, by=("iran-gov",)), report(2, day=25)
    told = report(3, day=30, by=("iran-gov",), dated=False)
    expected = frozenset({(2, frozenset({3}))})
    assert shape(cluster([news, told], prepare)) == (expected, frozenset())
    found, outside = shape(cluster([long_ago, news, told], prepare))
    assert (found, outside) == (expected | {(1, frozenset())}, frozenset())


def test_what_has_no_key_in_common_is_not_put_together():
    """Such reports are not looked up for each other: put anew together by chance, they stay apart."""
    reports = [report(1, keys="a"), report(2, keys="b")]
    found, _ = shape(cluster(reports, prepare))
    assert found == {(1, frozenset()), (2, frozenset())}
    assert linked(*reports[:1], reports, prepare) == []
