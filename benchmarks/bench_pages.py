"""The timeline page at 129, 10,000 and 100,000 events, and what peers take for the same events."""

from typing import TYPE_CHECKING

from benchmarks import page_peers, scratch
from benchmarks.measure import Measure

if TYPE_CHECKING:
    from benchmarks.page_times import Seen

SIZES = (129, 10_000, 100_000)
PEERS_AT = (129, 10_000)
MOST_KB, MOST_TIMES, MOST_PAINT_MS, MOST_ZOOM_MS = 20, 1.4, 1000, 150
MOST_ANSWER_MS, TIMES_FASTER = 100, 12
SCORES = {"performance": 95, "accessibility": 100, "best-practices": 95}


def measure() -> list[Measure]:
    """Fill a dossier step by step and measure its page after each; then the peers with its first events."""
    tools = page_peers.install()
    with scratch.product():
        # What needs settings cannot be imported before they are set up.
        from benchmarks.page_rows import Dossier
        from benchmarks.page_times import Pages

        dossier, measures, ours = Dossier(), [], {}
        with Pages() as pages:
            for size in SIZES:
                dossier.fill(size)
                seen = ours[size] = pages.measure()
                measures += [
                    Measure(f"chart data, {size:,} events", "kB gzip", MOST_KB, seen.data, "lower"),
                    Measure(
                        f"drawn : empty Plotly page, {size:,} events",
                        "times",
                        MOST_TIMES,
                        round(seen.drawn / seen.empty, 2),
                        "lower",
                        f"{seen.drawn:g} : {seen.empty:g} ms; live {seen.woken:g} ms after a touch",
                    ),
                    Measure(
                        f"first paint, {size:,} events",
                        "ms",
                        MOST_PAINT_MS,
                        seen.first_paint,
                        "lower",
                        f"server {seen.server:g} ms",
                    ),
                    *_answers(size, seen),
                ]
                if size == SIZES[0]:
                    scores = page_peers.lighthouse(tools, pages.address)
                    measures += [
                        Measure(f"Lighthouse {name}", "points", least, scores[name], "higher")
                        for name, least in SCORES.items()
                    ]
            for size in PEERS_AT:
                rows = dossier.rows(size)
                for name, taken in page_peers.measure(tools, pages.browser, rows).items():
                    measures.append(
                        Measure(
                            f"drawn, {size:,} events, {name} : ours",
                            "times",
                            TIMES_FASTER if size == PEERS_AT[-1] else 0,
                            round(taken.drawn / ours[size].drawn, 1),
                            "higher",
                            taken.words,
                        )
                    )
        return measures


def _answers(size: int, seen: "Seen") -> list[Measure]:
    measures = []
    for state, answers in (("in the picture", seen.still), ("in plotly.js", seen.live)):
        told = {
            "zoom": (MOST_ZOOM_MS, answers.zoom, f"complete {answers.complete:g} ms"),
            "filter": (MOST_ANSWER_MS, answers.filtered, f"chart {answers.charted:g} ms"),
            "event opened": (MOST_ANSWER_MS, answers.opened, "-"),
            "event closed": (MOST_ANSWER_MS, answers.closed, "-"),
        }
        measures += [
            Measure(f"{what} {state}, {size:,} events", "ms", most, took, "lower", words)
            for what, (most, took, words) in told.items()
        ]
    return measures
