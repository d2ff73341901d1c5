"""The marks of the map: places with their events, as areas where no spot is known, never as false points.

Places that stand too near each other share one counted mark, so that a map holds no more marks than there is
room for, however many places there are. Plain: values in, values out; lengths are the picture's units.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import hypot
from typing import Final

from apps.timelines.drawing.basemap import Name
from apps.timelines.drawing.map import HEIGHT, WIDTH, Projection

APART: Final = 24  # between the middles of two marks
LEAST_MARK, MOST_MARK = 4.5, 11.0  # half the width of a mark of no severity, and of the highest
MOST_SEVERE: Final = 10.0
LEAST_AREA: Final = 6.0  # half the width of the smallest area drawn
MOST_AREAS: Final = 300
MOST_LABELS: Final = 36
MAJOR_LABELS: Final = 2  # so many on a narrow screen, too
LETTER: Final = 6.4  # the width of a letter of a label
LINE: Final = 15.0
# Where a mark of an area goes whose middle is taken, in steps of APART; the first that is free.
ASIDE: Final = (
    (0, 0),
    (0, 1.2),
    (0, -1.2),
    (1.3, 0),
    (-1.3, 0),
    (1.2, 1.2),
    (-1.2, -1.2),
    (0, 2.4),
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place and its events: `vague` where they happened somewhere in an area, not at a known spot.

    `country` is the alpha-3 code where the area is a country that the base map can draw, else empty.
    """

    key: str
    name: str
    lon: float
    lat: float
    radius_km: float
    vague: bool
    counts: tuple[int, int, int, int]  # by quad class, 1 to 4
    severity: float = 0.0
    contested: int = 0
    country: str = ""

    @property
    def count(self) -> int:
        """How many events."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class AreaShape:
    """An area on the ground as an ellipse, by the key of its place."""

    key: str
    x: float
    y: float
    rx: float
    ry: float
    vague: bool
    quad: int


@dataclass(slots=True)
class Mark:
    """One mark for one place, or for several that stand too near each other."""

    x: float
    y: float
    spots: list[Spot] = field(default_factory=list)
    vague: bool = False

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Events by quad class, 1 to 4."""
        one, two, three, four = (
            sum(column) for column in zip(*(s.counts for s in self.spots), strict=True)
        )
        return one, two, three, four

    @property
    def count(self) -> int:
        """How many events."""
        return sum(self.counts)

    @property
    def quad(self) -> int:
        """The most frequent class; of equals the one nearer to material conflict."""
        return quad_of(self.counts)

    @property
    def half(self) -> float:
        """Half the mark's width: the more severe its severest event, the wider; room for a number, if any."""
        severity = max(spot.severity for spot in self.spots)
        size = LEAST_MARK + (MOST_MARK - LEAST_MARK) * min(severity, MOST_SEVERE) / MOST_SEVERE
        digits = len(str(self.count)) if self.count > 1 else 0
        return round(max(size, 4.2 + 2.9 * digits if digits else 0), 1)

    @property
    def width(self) -> float:
        """The mark's width."""
        return 2 * self.half

    @property
    def contested(self) -> bool:
        """Whether an event of it is contested."""
        return any(spot.contested for spot in self.spots)

    @property
    def corner(self) -> float:
        """How round its corners are: cooperation is round, conflict square."""
        return self.half if self.quad <= 2 else 0

    @property
    def keys(self) -> str:
        """Its places' keys, for the page's script."""
        return " ".join(spot.key for spot in self.spots)


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map; `minor` ones are left out on narrow screens."""

    text: str
    x: float
    y: float
    anchor: str  # text-anchor: start | middle | end
    kind: str  # place | country | sea
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """What is drawn over the base map; `outside` counts the events of places beyond the picture."""

    areas: tuple[AreaShape, ...]
    marks: tuple[Mark, ...]
    countries: tuple[str, ...]  # drawn as areas
    outside: int
    shown: frozenset[str] = frozenset()  # keys of the places in the picture


def quad_of(counts: Sequence[int]) -> int:
    """Return the class with the most events; of equals the one nearer to material conflict."""
    return max((1, 2, 3, 4), key=lambda quad: (counts[quad - 1], quad))


def marks(spots: Iterable[Spot], projection: Projection) -> Marks:
    """Place the marks of spots, those with the most events first."""
    ordered = sorted(spots, key=lambda spot: (-spot.count, spot.key))
    inside = [spot for spot in ordered if _seen(spot, projection)]
    grid = _Grid()
    exact = list(_gathered((spot for spot in inside if not spot.vague), projection, grid))
    vague = list(
        _gathered((spot for spot in inside if spot.vague), projection, _Grid(), vague=True)
    )
    for mark in vague:
        mark.x, mark.y = grid.free(mark.x, mark.y)
        grid.add(mark)
    areas = [_area(spot, projection) for spot in inside if not spot.country]
    # The largest first, so that none hides another.
    areas = sorted((a for a in areas if a.vague or a.rx >= LEAST_AREA), key=lambda a: -a.rx)
    return Marks(
        areas=tuple(areas[:MOST_AREAS]),
        marks=(*exact, *vague),
        countries=tuple(sorted({spot.country for spot in inside if spot.country})),
        outside=sum(spot.count for spot in ordered) - sum(spot.count for spot in inside),
        shown=frozenset(spot.key for spot in inside),
    )


def _seen(spot: Spot, projection: Projection) -> bool:
    x, y = projection.point(spot.lon, spot.lat)
    return 0 <= x <= WIDTH and 0 <= y <= HEIGHT


class _Grid:
    """Marks by cells as wide as two marks must stand apart: neighbours are found without a look at all."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Mark]] = defaultdict(list)

    def add(self, mark: Mark) -> None:
        self._cells[int(mark.x // APART), int(mark.y // APART)].append(mark)

    def near(self, x: float, y: float) -> Mark | None:
        """Return a mark that stands too near a point."""
        column, row = int(x // APART), int(y // APART)
        around = ((column + a, row + b) for a in (-1, 0, 1) for b in (-1, 0, 1))
        found = (m for cell in around for m in self._cells.get(cell, ()))
        return next((m for m in found if hypot(m.x - x, m.y - y) < APART), None)

    def free(self, x: float, y: float) -> tuple[float, float]:
        """Return the point, or the first beside it where no mark stands."""
        for right, down in ASIDE:
            there = round(x + right * APART, 1), round(y + down * APART, 1)
            if self.near(*there) is None:
                return there
        return x, y


def _gathered(
    spots: Iterable[Spot], projection: Projection, grid: _Grid, *, vague: bool = False
) -> Iterator[Mark]:
    """Return a mark for each spot that stands apart; the others join the one they are too near."""
    found = []
    for spot in spots:
        x, y = projection.point(spot.lon, spot.lat)
        mark = grid.near(x, y)
        if mark is None:
            mark = Mark(round(x, 1), round(y, 1), vague=vague)
            grid.add(mark)
            found.append(mark)
        mark.spots.append(spot)
    return iter(found)


def _area(spot: Spot, projection: Projection) -> AreaShape:
    x, y = projection.point(spot.lon, spot.lat)
    rx, ry = projection.circle(spot.lat, spot.radius_km)
    shape = round(x, 1), round(y, 1), round(max(rx, LEAST_AREA), 1), round(max(ry, LEAST_AREA), 1)
    return AreaShape(spot.key, *shape, spot.vague, quad_of(spot.counts))


Taken = list[
    tuple[float, float, float, float]
]  # left, top, right, bottom of what is written or drawn


def labels(drawn: Sequence[Mark], names: Iterable[Name]) -> list[Label]:
    """Return the names that fit: of the marks with the most events first, then of countries and seas."""
    taken: Taken = [(m.x - m.half, m.y - m.half, m.x + m.half, m.y + m.half) for m in drawn]
    found: list[Label] = []
    for mark in sorted((m for m in drawn if not m.vague), key=lambda m: -m.count):
        if len(found) == MOST_LABELS:
            break
        text = mark.spots[0].name
        for anchor, x, y in _beside(mark):
            if _put(taken, text, x, y, anchor):
                minor = len(found) >= MAJOR_LABELS
                found.append(Label(text, round(x, 1), round(y, 1), anchor, "place", minor))
                break
    for name in names:
        kind = "sea" if name.sea else "country"
        if len(name.text) * LETTER <= name.room * 1.4 and _put(
            taken, name.text, name.x, name.y, "middle"
        ):
            minor = name.room < WIDTH / 6
            found.append(Label(name.text, name.x, name.y, "middle", kind, minor))
    return found


def _beside(mark: Mark) -> Iterator[tuple[str, float, float]]:
    """Return where the label of a mark may stand, the usual place first."""
    yield "start", mark.x + mark.half + 4, mark.y + 4
    yield "end", mark.x - mark.half - 4, mark.y + 4
    yield "middle", mark.x, mark.y - mark.half - 5
    yield "middle", mark.x, mark.y + mark.half + 13


def _put(taken: Taken, text: str, x: float, y: float, anchor: str) -> bool:
    """Take the room for a label where nothing stands and nothing is cut off; tell whether there was room."""
    width = len(text) * LETTER
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    room = (left, y - LINE + 3, left + width, y + 3)
    if room[0] < 2 or room[2] > WIDTH - 2 or room[1] < 2 or room[3] > HEIGHT - 2:
        return False
    if any(room[0] < b[2] and b[0] < room[2] and room[1] < b[3] and b[1] < room[3] for b in taken):
        return False
    taken.append(room)
    return True
