"""What holds for every reading, whatever the text."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.annotations.pipeline.types import Annotations, Span
from apps.core import plover
from tests.annotations.reading import read_text

WORDS = st.sampled_from(
    [
        *(
            "Iran",
            "the",
            "United",
            "States",
            "attacked",
            "rockets",
            "killed",
            "said",
            "that",
            "denied",
        ),
        *("Trump", "Soleimani", "Kataib", "Hezbollah", "Baghdad", "on", "Tuesday", "could", "not"),
        *(
            "threatened",
            "to",
            ",",
            ".",
            "“",
            "”",
            "’s",
            "34",
            "wounded",
            "truce",
            "was",
            "over",
            "by",
        ),
    ]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
ANYTHING = st.one_of(SENTENCES, st.text(max_size=200))
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def spans(found: Annotations) -> list[Span]:
    return [
        *(r.span for r in found.removed),
        *found.sentences,
        *(m.span for m in (*found.actors, *found.places, *found.dates)),
        *(s for e in found.events for s in (e.sentence, e.trigger)),
        *(c.span for c in found.claims),
    ]


@FEW
@given(ANYTHING)
def test_every_span_lies_in_the_text_and_reads_as_its_surface(text: str):
    found = read_text(text)
    assert all(0 <= s.start < s.end <= len(text) for s in spans(found))
    assert all(m.span.of(text) == m.surface for m in (*found.actors, *found.places, *found.dates))
    assert all(
        e.sentence.start <= e.trigger.start and e.trigger.end <= e.sentence.end
        for e in found.events
    )


@FEW
@given(ANYTHING)
def test_values_keep_their_ranges(text: str):
    found = read_text(text)
    for event in [*found.events, *(s.event for s in found.story_events)]:
        assert 0 <= event.confidence <= 1
        assert event.type in plover.TYPES
        assert event.mode is None or event.mode in plover.MODES[event.type]
        assert event.date is None or event.date.start <= event.date.end
        assert event.why
    assert all(0 <= i < len(found.events) for s in found.story_events for i in s.mentions)
    assert all(c.event is None or 0 <= c.event < len(found.events) for c in found.claims)


@FEW
@given(st.lists(SENTENCES, min_size=2, max_size=4))
def test_a_reading_does_not_depend_on_what_was_read_before(texts: list[str]):
    forwards = [read_text(text) for text in texts]
    backwards = [read_text(text) for text in reversed(texts)]
    assert forwards == backwards[::-1]


def test_texts_that_are_no_articles():
    hostile = [
        "",
        " \n\t",
        "\ud800",
        "\x00\x01",
        "a" * 30_000,
        "(" * 3_000,
        "“" * 3_000,
        "é" + "\u0301" * 999,
    ]
    for text in hostile:
        assert read_text(text, date(2020, 1, 1)).story_events == []
