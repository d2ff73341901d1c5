"""Generated signals with a skew like real ones: GDELT's lines for the importer, and copies of their rows.

Twelve years; doers and targets, kinds of events, places and words by falling frequency; three of a hundred told
a month or a year late. The same lines every time.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from benchmarks import scale_names

FIRST, DAYS = date(2009, 1, 1), 4383
LAST = FIRST + timedelta(days=DAYS - 1)
WORDS = [
    f"{'abcdefghij'[n // 500]}word" + "".join("abcdefghij"[int(d)] for d in f"{n:04}")
    for n in range(5000)
]
_AT_ONCE = 10_000
_INDEXES = """SELECT indexdef, indexname FROM pg_indexes WHERE tablename = 'signals_signal'
AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE conrelid = 'signals_signal'::regclass)"""
_COPY = """INSERT INTO signals_signal (source_id, external_id, file_id, line, start, "end", precision, known_at,
late, kind, code, initiator_id, target_id, spot_id, mentions, salience, text, url)
SELECT source_id, external_id || '-' || n, file_id, line, start + later, "end" + later, precision,
known_at + later * interval '1 day', late, kind, code, initiator_id, target_id, spot_id, mentions, salience,
text, url FROM signals_signal CROSS JOIN generate_series(%(first)s, %(last)s) n
CROSS JOIN LATERAL (SELECT n * 3 %% 28 - CASE WHEN start > %(end)s - 31 THEN 31 ELSE 0 END AS later) day
WHERE id <= %(most)s"""


def lines(count: int, seed: int = 5, days: int = DAYS) -> Iterator[str]:
    """Yield lines of a GDELT 2.0 event export, evenly over so many days."""
    pick = Random(seed)  # noqa: S311  # no secret
    parties, events, places = scale_names.PARTIES, scale_names.EVENTS, scale_names.PLACES
    party_weights = [1 / (n + 1) for n in range(len(parties))]
    place_weights = [(n + 1) ** -0.8 for n in range(len(places))]
    word_weights = [1 / (n + 5) for n in range(len(WORDS))]
    for done in range(0, count, _AT_ONCE):
        size = min(_AT_ONCE, count - done)
        doers = pick.choices(parties, party_weights, k=size)
        targets = pick.choices(parties, party_weights, k=size)
        codes = pick.choices(list(events), list(events.values()), k=size)
        spots = pick.choices(places, place_weights, k=size)
        words = pick.choices(WORDS, word_weights, k=3 * size)
        for n in range(size):
            day = FIRST + timedelta(days=(done + n) * days // count)
            told = day + timedelta(days=pick.choice((30, 365)) if pick.random() < 0.03 else 0)
            number = seed * 1_000_000_000 + done + n
            yield _line(number, day, told, doers[n], targets[n], codes[n], spots[n],
                        int(pick.paretovariate(1.2)), words[3 * n : 3 * n + 3])  # fmt: skip


def _line(
    number: int, day: date, told: date, doer: str, target: str, code: str, spot: tuple[str, str],
    mentions: int, words: list[str],
) -> str:  # fmt: skip
    cells = [""] * 61
    cells[0], cells[1], cells[26], cells[31] = str(number), f"{day:%Y%m%d}", code, str(mentions)
    cells[5] = cells[6] = doer
    cells[15] = cells[16] = target
    cells[51], cells[52], cells[58], cells[56], cells[57] = "4", *spot, "33.3", "44.4"
    cells[59] = f"{told:%Y%m%d}121500"
    cells[60] = f"https://news.example/{'-'.join(words)}-{number}.html"
    return "\t".join(cells) + "\n"


def write(file: Path, count: int, seed: int = 5, days: int = DAYS) -> Path:
    """Write so many lines into a file and return it."""
    with file.open("w") as out:
        out.writelines(lines(count, seed, days))
    return file


def multiply(times: int) -> None:
    """Make `times` as many signals of those there are, the others on later days and under other ids.

    Without indexes, which are made again; what is counted of signals is not brought up to date.
    """
    # What needs settings cannot be imported before they are set up.
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_INDEXES)
        indexes = cursor.fetchall()
        for _, name in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("SELECT max(id) FROM signals_signal")
        values = {"first": 1, "last": times - 1, "most": cursor.fetchone()[0], "end": LAST}
        cursor.execute(_COPY, values)
        for definition, _ in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE signals_signal")
