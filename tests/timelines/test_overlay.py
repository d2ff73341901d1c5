"""Two lines on one scale."""

from apps.timelines.drawing.overlay import MOST_POINTS, overlay


def test_lines_share_the_days_of_both_and_the_scale_from_0_to_100():
    drawn = overlay([[(-10, 0, 0, 0), (0, 90, 100, 100)], [(0, 50, 50, 50), (10, 0, 25, 50)]])
    assert drawn.lines[0].line == "M0.0 300.0L500.0 0.0"
    assert drawn.lines[1].line == "M500.0 150.0L1000.0 225.0"
    assert drawn.lines[0].band == "M0.0 300.0L500.0 0.0L500.0 30.0L0.0 300.0Z"
    assert drawn.ticks == (-10, -5, 0, 5, 10)
    assert drawn.zero == 500.0


def test_day_0_at_the_edge_needs_no_line_and_an_unknown_side_has_none():
    drawn = overlay([[(0, 1, 2, 3), (4, 1, 2, 3)], []])
    assert drawn.zero is None
    assert drawn.lines[1].line == drawn.lines[1].band == ""
    assert overlay([[], []]).lines[0].line == ""


def test_of_many_days_the_highest_of_each_span_is_kept():
    side = [(n, 0.0, 100.0 if n == 777 else 10.0, 100.0) for n in range(1000)]
    line = overlay([side]).lines[0].line
    assert line.count("L") < MOST_POINTS
    assert " 0.0L" in line
