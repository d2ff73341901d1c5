"""Whether confidence means something: of suggestions that say 0.7, seven in ten should be right."""

from benchmarks.annotation_articles import articles
from benchmarks.annotation_scores import Bin, calibration_error, reliability
from benchmarks.measure import Measure

_BINS = 10


def _bins() -> list[Bin]:
    return reliability(articles().answers, _BINS)


def measures() -> list[Measure]:
    """Return the expected calibration error of the events suggested in the gold articles."""
    bins = _bins()
    name = f"confidence, expected calibration error ({sum(b.count for b in bins)} events)"
    return [Measure(name, "", 0.08, round(calibration_error(bins), 3), "lower")]


def table() -> str:
    """Return the reliability of confidence as rows of RESULTS.md."""
    lines = ["| events | confidence said | share right |", "|---|---|---|"]
    lines += [f"| {b.count} | {b.said:.2f} | {b.right:.2f} |" for b in _bins()]
    return "\n".join(lines)
