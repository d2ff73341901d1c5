"""How important days are by the articles that name them: no actor and no kind of event needs to be known.

What is told again long after it happened matters more than what is only named the day it is printed; an
article says the more of a day the nearer it is to what all the articles are about. The weights are few, set by
hand, and written here.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from math import log, sqrt

from apps.annotations.pipeline.timeline_reading import DatedArticle
from apps.annotations.pipeline.types import Interval

# What one article adds to a day, before its nearness to the topic.
_NAMED = 0.5  # it names the day, then or shortly after
_NAMED_LATER = 2.0  # more, by the logarithm of the days since; all of it after _LATE days
_LATE = 30
_ANNOUNCED = 0.1  # it names a day still to come
_PRINTED = 0.5  # it came out on the day
_DAY_BEFORE = 0.05  # it came out the day after
_VAGUE = 0.1  # it names the week or the month
# An echo: the day after a great day is much printed about, and loses a share of what the great day has more.
_ECHO = 0.3
_ECHO_LEAVES = 0.4
# Weekends: papers name them less anyway; where they do so far less, the topic rests then (markets, courts).
_SATURDAY = 5
_USUAL_REST = 0.7
_REST = 7  # power of how far below the usual a topic's weekends are
_PRIOR = 3.0  # named days of each day of the week that speak for the usual, against chance
_LEAST_NEARNESS = 0.1

_ONE = timedelta(1)


def importance(articles: Sequence[DatedArticle]) -> dict[Interval, float]:
    """Return every day that the articles give a reason to tell of, and how important it is (over 0).

    Weeks and months stand beside the days only where none of their days is among them.
    """
    near = nearness(articles)
    days, vague = _named(articles, near)
    rest = _weekend_factor(days)
    for article, weight in zip(articles, near, strict=True):
        if article.published is not None:
            days[article.published] += weight * _PRINTED
            days[article.published - _ONE] += weight * _DAY_BEFORE
    settled = {
        day: score * (rest if day.weekday() >= _SATURDAY else 1.0)
        for day, score in _echoes(days).items()
    }
    found = {Interval(day, day, "day"): score for day, score in settled.items()}
    for unit, score in vague.items():
        length = (unit.end - unit.start).days + 1
        if not any(unit.start + timedelta(i) in settled for i in range(length)):
            found[unit] = score
    return found


def _named(
    articles: Sequence[DatedArticle], near: Sequence[float]
) -> tuple[defaultdict[date, float], defaultdict[Interval, float]]:
    """Sums over the articles that name a day; apart from them over those that name a week or a month."""
    days: defaultdict[date, float] = defaultdict(float)
    vague: defaultdict[Interval, float] = defaultdict(float)
    told: dict[str, int] = {}  # a sentence that is printed again, in a copy, says nothing more
    for number, (article, weight) in enumerate(zip(articles, near, strict=True)):
        named: set[Interval] = set()
        for naming in article.namings:
            surface = " ".join(article.sentence(naming.sentence).split()).lower()
            if told.setdefault(surface, number) == number:
                named.add(naming.value)
        for value in sorted(named, key=lambda v: (v.start, v.end)):
            if value.start == value.end:
                days[value.start] += weight * _weight(article.published, value.start)
            elif value.precision in ("week", "month") and _is_unit(value):
                vague[value] += weight * _VAGUE
    return days, vague


def _weight(published: date | None, day: date) -> float:
    """What naming a day adds, by how long before publication it was."""
    passed = (published - day).days if published else 1
    if passed < 0:
        return _ANNOUNCED
    return _NAMED + _NAMED_LATER * min(1.0, log(max(1, passed)) / log(_LATE + 1))


def _is_unit(value: Interval) -> bool:
    """One week or one month, not a season."""
    return (value.end - value.start).days < (7 if value.precision == "week" else 31)


def nearness(articles: Sequence[DatedArticle]) -> list[float]:
    """How near each article is to what all are about: 1 for the middle one, by the cosine with their sum."""
    vectors = [_vector(article.words) for article in articles]
    spread = Counter(word for vector in vectors for word in vector)
    middle: defaultdict[str, float] = defaultdict(float)
    for vector in vectors:
        for word, weight in vector.items():
            if spread[word] > 1 or len(articles) == 1:
                middle[word] += weight
    found = [sum(w * middle[word] for word, w in v.items() if word in middle) for v in vectors]
    usual = sorted(found)[len(found) // 2] if found else 0.0
    return [max(_LEAST_NEARNESS, f / usual) if usual else 1.0 for f in found]


def _vector(counts: Counter[str]) -> dict[str, float]:
    """Words with damped counts, of length 1."""
    damped = {word: 1 + log(count) for word, count in counts.items()}
    length = sqrt(sum(weight * weight for weight in damped.values())) or 1.0
    return {word: weight / length for word, weight in damped.items()}


def _echoes(days: defaultdict[date, float]) -> dict[date, float]:
    """Days without what is left over from a greater day before."""
    return {
        day: max(_ECHO_LEAVES * score, score - _ECHO * max(0.0, days.get(day - _ONE, 0.0) - score))
        for day, score in days.items()
        if score > 0
    }


def _weekend_factor(named: dict[date, float]) -> float:
    """What is left of a Saturday or Sunday: 1, or less where the topic's news rests at weekends.

    By roots, so that one great day does not stand for all days of its name.
    """
    weekend = sum(sqrt(score) for day, score in named.items() if day.weekday() >= _SATURDAY) / 2
    other = sum(sqrt(score) for day, score in named.items() if day.weekday() < _SATURDAY) / 5
    share = (weekend + _PRIOR * _USUAL_REST) / (other + _PRIOR)
    return float(min(1.0, share / _USUAL_REST) ** _REST)
