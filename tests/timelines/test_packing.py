"""Marks do not hide one another, and folding loses no event."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.timelines.drawing.packing import MOST_MARKS, MOST_TRACKS, DayCount, Fold, fold, tracks

START = date(2020, 1, 1)
END = date(2020, 12, 31)


def span(first: int, days: int = 1) -> tuple[datetime, datetime]:
    start = datetime(2020, 1, 1) + timedelta(days=first)  # noqa: DTZ001  # local days have no zone
    return start, start + timedelta(days=days)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=25).map(sorted))
def test_marks_of_a_track_do_not_overlap_while_there_is_room(
    drawn: list[tuple[int, int]],
) -> None:
    spans = [span(first, days) for first, days in drawn]
    chosen = tracks(spans)
    assert len(chosen) == len(spans)
    assert all(0 <= track < MOST_TRACKS for track in chosen)
    if max(chosen, default=0) < MOST_TRACKS - 1:
        for n, (start, _) in enumerate(spans):
            for m in range(n):
                assert chosen[m] != chosen[n] or spans[m][1] <= start


def test_beyond_six_tracks_marks_share() -> None:
    assert set(tracks([span(0) for _ in range(20)])) == set(range(MOST_TRACKS))


COUNTS = st.lists(
    st.builds(
        DayCount,
        lane=st.sampled_from(["a", "b", "c"]),
        day=st.dates(START, END),
        quad=st.integers(1, 4),
        count=st.integers(1, 5000),
        severity=st.floats(-100, 100),
    ),
    max_size=300,
)


@given(COUNTS)
def test_folding_keeps_every_event_and_at_most_200_marks(counts: list[DayCount]) -> None:
    folds = fold(counts, START, END, lanes=3)
    assert len(folds) <= MOST_MARKS
    for lane in "abc":
        counted = sum(c.count for c in counts if c.lane == lane)
        assert sum(f.count for f in folds if f.lane == lane) == counted


@given(COUNTS)
def test_folds_cover_the_days_of_their_events_and_stay_inside_the_view(
    counts: list[DayCount],
) -> None:
    folds = fold(counts, START, END, lanes=3)
    assert all(START <= f.start <= f.end <= END for f in folds)
    for count in counts:
        assert any(f.lane == count.lane and f.start <= count.day <= f.end for f in folds)


def test_a_fold_shows_the_class_of_most_of_its_events() -> None:
    assert Fold("a", START, END, (5, 0, 3, 1), 0.0).quad == 1
    assert Fold("a", START, END, (2, 0, 0, 2), 0.0).quad == 4
