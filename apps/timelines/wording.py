"""Codes and dates in words, as the pages print them. Plain values in and out."""

import re
from calendar import month_name, monthrange
from datetime import date, datetime
from typing import Final

TYPE_WORDS: Final[dict[str, str]] = {
    "AGREE": "Agree or promise",
    "CONSULT": "Consult or meet",
    "SUPPORT": "Support diplomatically",
    "CONCEDE": "Concede",
    "COOPERATE": "Cooperate materially",
    "AID": "Give aid",
    "RETREAT": "Retreat or release",
    "REQUEST": "Request or demand",
    "ACCUSE": "Accuse or criticise",
    "REJECT": "Reject or refuse",
    "THREATEN": "Threaten",
    "PROTEST": "Protest",
    "SANCTION": "Sanction or cut relations",
    "MOBILIZE": "Mobilise forces",
    "COERCE": "Coerce",
    "ASSAULT": "Assault",
}
MODE_WORDS: Final[dict[str, str]] = {
    "abduct": "abduction",
    "access": "access granted",
    "aerial": "from the air",
    "allege": "allegation",
    "arrest": "arrest",
    "assist": "assistance",
    "beat": "beating",
    "boycott": "boycott",
    "ceasefire": "ceasefire",
    "censor": "censorship",
    "change": "change of policy",
    "convict": "conviction",
    "crowd-control": "crowd control",
    "curfew": "curfew",
    "cyber": "cyber attack",
    "demo": "demonstration",
    "deport": "deportation",
    "destroy": "destruction of property",
    "disapprove": "disapproval",
    "disarm": "disarmament",
    "discontinue": "dealings cut off",
    "drone": "by drone",
    "expel": "expulsion",
    "explosives": "explosives",
    "firearms": "firearms",
    "heavy-weapons": "heavy weapons, rockets or missiles",
    "hunger": "hunger strike",
    "investigate": "investigation",
    "martial-law": "martial law",
    "meet": "meeting",
    "militia": "militia",
    "misinformation": "misinformation",
    "multilateral": "several parties",
    "obstruct": "obstruction",
    "phone": "by telephone",
    "police": "police",
    "primitive": "simple weapons",
    "relations": "relations",
    "release": "release of people or goods",
    "resign": "resignation",
    "restrict": "restriction",
    "riot": "riot",
    "seize": "seizure",
    "sexual": "sexual violence",
    "strike": "strike",
    "suicide-attack": "suicide attack",
    "targeted": "targeted killing",
    "territory": "territory",
    "third-party": "with a third party",
    "torture": "torture",
    "troops": "troops",
    "unconventional": "unconventional weapons",
    "violence": "violence",
    "visit": "visit",
    "weapons": "weapons",
    "withdraw": "withdrawal",
    "withhold": "withholding",
    "yield": "giving way",
}
PRECISION_WORDS: Final[dict[str, str]] = {
    "week": "known to the week: some day in this span",
    "month": "known to the month: some day in this span",
    "year": "known to the year: some day in this span",
}


def type_in_words(type_: str, mode: str = "") -> str:
    """Return a PLOVER type and mode as words: "Assault: by drone"."""
    words = TYPE_WORDS.get(type_, type_)
    return f"{words}: {MODE_WORDS.get(mode, mode)}" if mode else words


def day(value: date) -> str:
    """Return a day as "3 January 2020"."""
    return f"{value.day} {value:%B %Y}"


def days(start: date, end: date, precision: str = "day") -> str:
    """Return an interval of days without repeating what both ends share.

    A whole month or year of that precision is named: "June 2020", "2020".
    """
    if precision == "year" and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return f"{start.year}" if start.year == end.year else f"{start.year} – {end.year}"
    if precision == "month" and start.day == 1 and end.day == monthrange(end.year, end.month)[1]:
        return _months(start, end)
    if start == end:
        return day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day(end)}"
    if start.year == end.year:
        return f"{start.day} {start:%B} – {day(end)}"
    return f"{day(start)} – {day(end)}"


def _months(start: date, end: date) -> str:
    if (start.year, start.month) == (end.year, end.month):
        return f"{start:%B %Y}"
    if start.year == end.year:
        return f"{start:%B} – {end:%B %Y}"
    return f"{start:%B %Y} – {end:%B %Y}"


def precision_in_words(start: date, end: date, precision: str) -> str:
    """Say how well the date is known."""
    if precision in PRECISION_WORDS:
        return PRECISION_WORDS[precision]
    if start == end:
        return "exact day"
    return f"{(end - start).days + 1} days, first and last known"


MONTH = re.compile(r"\b(" + "|".join(month_name[1:]) + r")\b")


def brief(words: str) -> str:
    """Return dates in words with their months cut to three letters, for narrow columns."""
    return MONTH.sub(lambda found: found[0][:3], words)


def since_until(since: date | None, until: date | None) -> str:
    """Return from when to when something held: "since ...", "until ...", "from ... to ...", or empty."""
    if since and until:
        return f"from {day(since)} to {day(until)}"
    if since:
        return f"since {day(since)}"
    return f"until {day(until)}" if until else ""


def instant(value: datetime) -> str:
    """Return an aware UTC instant; one that stands at midnight sharp is known to the day only."""
    if (value.hour, value.minute, value.second) == (0, 0, 0):
        return day(value.date())
    return f"{day(value.date())}, {value:%H:%M} UTC"


def latency(
    earlier: tuple[date, date], later: tuple[date, date], exact: bool = True
) -> tuple[int, int]:
    """Return the least and the most days from one interval to another.

    Exact intervals count from first day to first day; imprecise ones by what their spans allow.
    """
    if exact:
        gap = (later[0] - earlier[0]).days
        return gap, gap
    return (later[0] - earlier[1]).days, (later[1] - earlier[0]).days


def latency_in_words(least: int, most: int) -> str:
    """Return a latency as "the same day", "5 days later", "2 days before", "between 3 and 33 days later".

    Spans that overlap leave the order open: "between 2 days before and 9 days later".
    """
    if least != most:
        low, high = sorted((least, most))
        if low < 0 < high:
            return f"between {latency_in_words(low, low)} and {latency_in_words(high, high)}"
        near, far = sorted((abs(low), abs(high)))
        return f"between {near} and {far} days {'before' if low < 0 else 'later'}"
    if least == 0:
        return "the same day"
    count = f"{abs(least):,} day{'' if abs(least) == 1 else 's'}"
    return f"{count} later" if least > 0 else f"{count} before"


def figure(value: int | None, low: int | None, high: int | None) -> str:
    """Return a toll as one figure, as "0–110" where no figure leads, or as "not known"."""
    if value is not None:
        return f"{value:,}"
    if low is None or high is None:
        return "not known"
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def spread(value: int | None, low: int | None, high: int | None) -> str:
    """Return how far the claims about a toll differ: "claims from 0 to 110"; empty where they agree."""
    if low is None or high is None or low == high:
        return ""
    return f"claims from {low:,} to {high:,}" if value is not None else "no figure leads"


def says(act: str, number: int | None, value: str) -> str:
    """Return what a claim says, without its speaker: "says 110", "denies that it fired", "accuses: Iran".

    A bare yes or no after a denial or an admission says nothing more and is left out.
    """
    if value in ("yes", "no") and act in ("denies", "claims responsibility"):
        value = ""
    count = "" if number is None else f" {number:,}"
    if not value or value == str(number):
        return f"{act}{count}"
    joint = " " if value.startswith("that ") and number is None else ": "
    return f"{act}{count}{joint}{value}"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: "1 article", "11 articles"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
