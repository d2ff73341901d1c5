"""Where circles, lines and bars of the small pictures stand."""

from hypothesis import given
from hypothesis import strategies as st

from apps.timelines.drawing.pictures import (
    LABEL_LENGTH,
    MOST_NEIGHBOURS,
    STRIP_WIDTH,
    Neighbour,
    months_between,
    network,
    strip,
    wrapped,
)

MONTHS = st.tuples(st.integers(2015, 2025), st.integers(1, 12))
COUNTS = st.dictionaries(
    MONTHS, st.tuples(*[st.integers(0, 50)] * 4).filter(any), min_size=1, max_size=20
)


def neighbours(count: int) -> list[Neighbour]:
    return [Neighbour(f"n{i}", f"Neighbour {i}", "state", "backs") for i in range(count)]


@given(st.integers(1, MOST_NEIGHBOURS))
def test_every_circle_lies_inside_the_picture_and_no_two_in_one_place(count):
    picture = network(neighbours(count))
    assert all(
        7 <= n.x <= picture.width - 7 and 7 <= n.y <= picture.height - 7 for n in picture.nodes
    )
    assert len({(n.x, n.y) for n in picture.nodes}) == count
    assert len({(n.anchor, n.lines[0][0]) for n in picture.nodes}) == count


def test_what_has_no_room_is_counted():
    assert network(neighbours(MOST_NEIGHBOURS + 5)).left_out == 5


def test_an_actor_without_relations_has_an_empty_picture():
    assert network([]).nodes == ()


def test_long_names_take_two_lines_and_are_cut_after_them():
    assert wrapped("Quds Force") == ["Quds Force"]
    assert wrapped("Government of the United Kingdom") == ["Government of the", "United Kingdom"]
    assert wrapped("Coordinating Committee of the Iraqi Resistance") == [
        "Coordinating",
        "Committee of the …",
    ]


@given(st.text(min_size=1, max_size=80))
def test_no_line_of_a_label_is_longer_than_its_room(name):
    assert all(len(line) <= LABEL_LENGTH for line in wrapped(name))


@given(COUNTS)
def test_bars_stand_inside_the_strip_one_for_each_month(counts):
    picture = strip(counts)
    assert [(b.year, b.month) for b in picture.bars] == months_between(min(counts), max(counts))
    assert all(b.x + b.width <= STRIP_WIDTH + 0.11 for b in picture.bars)
    for bar in picture.bars:
        assert bar.counts == counts.get((bar.year, bar.month), (0, 0, 0, 0))
        assert all(-0.11 <= part.y <= picture.base for part in bar.parts)
        # Material conflict stands on the ground, nothing on two classes at once.
        bottoms = [part.y + part.height for part in bar.parts]
        assert all(abs(b - a.y) <= 0.2 for a, b in zip(bar.parts, bottoms[1:], strict=False))


@given(COUNTS)
def test_the_heights_are_in_proportion_to_the_counts(counts):
    picture = strip(counts)
    unit = (picture.base - 6) / picture.most
    parts = [part for bar in picture.bars for part in bar.parts]
    assert all(abs(part.height - part.count * unit) <= 0.1 for part in parts)


def test_nothing_counted_draws_nothing():
    assert strip({}).bars == ()
