"""The small line of the home page."""

from apps.timelines.drawing.sparklines import HEIGHT, MOST_POINTS, WIDTH, sparkline


def test_it_runs_from_edge_to_edge_the_higher_the_value_the_nearer_the_top() -> None:
    drawn = sparkline([(0, 0, 0), (100, 100, 100)])
    assert drawn.line == f"M0.0 {HEIGHT - 2}.0L{WIDTH}.0 2.0"


def test_years_of_days_keep_their_peak() -> None:
    values = [(0.0, 0.0, 0.0)] * 3000
    values[1777] = (90.0, 95.0, 99.0)
    drawn = sparkline(values)
    assert drawn.line.count("L") < MOST_POINTS
    assert f" {HEIGHT - 2 - 0.95 * (HEIGHT - 4):.1f}" in drawn.line


def test_the_band_is_a_closed_shape() -> None:
    drawn = sparkline([(10, 20, 30), (10, 20, 30)])
    assert drawn.band.startswith("M")
    assert drawn.band.endswith("Z")
    assert drawn.band.count("L") == 3


def test_one_day_is_a_point_and_no_day_is_nothing() -> None:
    assert sparkline([(1, 2, 3)]).line.startswith("M0.0 ")
    assert sparkline([]).band == ""
