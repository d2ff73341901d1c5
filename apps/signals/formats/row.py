"""What a line of a file of machine-coded events comes to, whatever the file's format. Plain."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from apps.core import plover

# A class of PLOVER as one number, kept in the database: new ones come at the end, none is ever moved.
KINDS: Final[tuple[tuple[str, str], ...]] = tuple(plover.PUBLISHED)
KIND_OF: Final[dict[tuple[str, str], int]] = {kind: number for number, kind in enumerate(KINDS)}
LONGEST_TEXT: Final = 1000
FIRST_YEAR, LAST_YEAR = 1900, 2100
_DAYS: Final = ("%Y-%m-%d", "%Y%m%d", "%d %B %Y")


class BadRowError(ValueError):
    """What is wrong with one line, in a sentence for the person who brought the file."""


class UnclassedError(ValueError):
    """The line is right, and PLOVER has no class for what it says (a statement, an appeal)."""


class Named(NamedTuple):
    """A party or a spot as its source names it: `key` tells it from others, `name` is for readers."""

    key: str
    name: str


class Where(NamedTuple):
    """Where something happened, as the source names it; `country` is a name, "" where there is none."""

    key: str
    name: str
    country: str
    lat: float | None
    lon: float | None


class Row(NamedTuple):
    """One machine-coded event. `start` to `end` are its days; `known_at` (aware) is when the source told it."""

    external_id: str
    start: date
    end: date
    precision: str  # day, week, month or year
    known_at: datetime
    kind: int
    code: str  # as the source has it
    initiator: Named | None
    target: Named | None
    where: Where | None
    mentions: int
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of file is read.

    `reader` is given the cells of the first line where files have a `headed` one, else none, and returns what
    turns the cells of a line into a Row; it raises BadRowError where the file is of another kind.
    """

    separator: str
    quoted: bool  # as CSV quotes cells
    headed: bool
    reader: Callable[[list[str]], Callable[[list[str]], Row]]


def kind_of(type_: str, mode: str = "") -> int:
    """Return the number of a class; a mode that has none counts as the type alone. KeyError: unknown type."""
    found = KIND_OF.get((type_, mode))
    return KIND_OF[type_, ""] if found is None else found


SEVERITY: Final[tuple[float, ...]] = tuple(-plover.score(*kind) for kind in KINDS)


def severity_of(kind: int) -> float:
    """Return how severe a class is: minus its PLOVER score, above zero for conflict."""
    return SEVERITY[kind]


def kinds_of(
    types: Iterable[str] = (), severity: float = 0, quads: Iterable[int] = ()
) -> list[int]:
    """Return the numbers of the classes of these types (all: none named), at least so severe either way."""
    wanted, of_quads = set(types), set(quads)
    return [
        number
        for number, (type_, _) in enumerate(KINDS)
        if (not wanted or type_ in wanted)
        and (not of_quads or plover.QUAD[type_] in of_quads)
        and abs(severity_of(number)) >= severity
    ]


def cut(text: str) -> str:
    """Return text as it is stored: one line, no NUL, no more than LONGEST_TEXT characters."""
    return " ".join(text.replace("\x00", " ").split())[:LONGEST_TEXT]


def number(text: str, name: str) -> float | None:
    """Return a decimal number, None where there is none; BadRowError otherwise."""
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        raise BadRowError(f"{name} is no number: {text[:40]!r}.") from None
    return found


def placed(lat: str, lon: str) -> tuple[float | None, float | None]:
    """Return degrees north and east; none where they are missing; BadRowError where they are not on earth."""
    north, east = number(lat, "latitude"), number(lon, "longitude")
    if north is None or east is None:
        return None, None
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise BadRowError(f"No such place on earth: {north:g}, {east:g}.")
    return north, east


def day(text: str, name: str) -> date:
    """Return an ISO 8601 day, YYYYMMDD, or 3 January 2020; BadRowError where there is none."""
    words = text.strip()
    for form in _DAYS:
        try:
            found = datetime.strptime(words, form).date()  # noqa: DTZ007  # a local day has no zone
        except ValueError:
            continue
        return _within(found, name)
    raise BadRowError(f"{name} is no day: {text[:40]!r}.")


def _within(found: date, name: str) -> date:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadRowError(f"{name} lies outside {FIRST_YEAR} to {LAST_YEAR}: {found}.")
    return found


def told_after(end: date) -> datetime:
    """Return when what ended on a day is taken to be known where the source does not say: when it is over."""
    return datetime.combine(end + timedelta(days=1), time.min, UTC)


def around(found: date, precision: str) -> tuple[date, date]:
    """Return the days meant by a day that stands for its week (Monday to Sunday), month or year."""
    if precision == "week":
        first = found - timedelta(days=found.weekday())
        return first, first + timedelta(days=6)
    if precision == "month":
        after = (found.replace(day=28) + timedelta(days=4)).replace(day=1)
        return found.replace(day=1), after - timedelta(days=1)
    if precision == "year":
        return date(found.year, 1, 1), date(found.year, 12, 31)
    return found, found
