"""Stories: copies told from quotations on labelled pairs; the look-up of copies beside a million articles."""

import json
import math
import random
import statistics
import time
from collections import Counter
from collections.abc import Hashable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from benchmarks import scratch
from benchmarks.events_truth import corpora
from benchmarks.measure import Measure

_SIZES = (10_000, 100_000, 1_000_000)
_PLANTED = 100
_SINCE = datetime(2015, 1, 1, tzinfo=UTC)
_DAYS = 3650
_MARKS = 45  # an article of 700 words has about so many
_FILL = """
WITH numbers AS (SELECT n, %(since)s::timestamptz + random() * interval '3650 days' AS at
                 FROM generate_series(%(first)s, %(last)s) n),
made AS (INSERT INTO articles_article (url, canonical_url, title, byline, agency, dateline, language,
         published_at, published_precision, published_how, first_seen_at, story_id, project_written,
         retraction_note, lineage, copied_share, paraphrase_note)
         SELECT 'https://x.example/' || n, 'https://x.example/' || n, 'x', '', '', '', 'en', at, 'instant',
         'page', at, %(story)s, false, '', 'own', 0, '' FROM numbers RETURNING id, published_at),
texts AS (INSERT INTO articles_articleversion (article_id, number, fetched_at, sha256, title, text,
          raw_sha256, edit, edit_note)
          SELECT id, 1, published_at, repeat('0', 64), 'x', 'x', '', '', '' FROM made RETURNING id)
INSERT INTO articles_signature (version_id, marks, terms)
SELECT id, ARRAY(SELECT (random() * 4294967295 - 2147483648)::bigint::int
                 FROM generate_series(1, %(marks)s) WHERE id > 0)
           || ARRAY(SELECT (random() * 20000)::int FROM generate_series(1, 3) WHERE id > 0), '{}'
FROM texts
"""


def measures() -> list[Measure]:
    """Return how well copies are told on labelled pairs, then the look-up's time, growth and recall."""
    told = [*_pairs(), *_coverage()]
    with scratch.product():
        times, recall = _looked_up()
    first, last = times[_SIZES[0]], times[_SIZES[-1]]
    growth = math.log(_SIZES[-1]) / math.log(_SIZES[0])
    beside = ", ".join(f"{times[size]:.2f} ms beside {size:,}" for size in _SIZES[:-1])
    return [
        *told,
        Measure(
            f"copies looked up beside {_SIZES[-1]:,} articles, median of {_PLANTED}",
            "ms", 3, round(last, 2), "lower", beside,
        ),
        Measure("its growth over a hundred times the articles", "times", round(growth, 2),
                round(last / first, 2), "lower"),
        Measure("edited copies found", "of copies", 0.97, recall, "higher"),
    ]  # fmt: skip


def _pairs() -> list[Measure]:
    from apps.articles.extract.copies import wording
    from apps.articles.extract.groups import Text, group

    rows = _rows("neardup_texts_dev.jsonl")
    days = [date.fromisoformat(row["date"][:10]) if row["date"] else None for row in rows]
    texts = [Text(wording(row["text"]), day) for row, day in zip(rows, days, strict=True)]
    story = {row["id"]: p.story for row, p in zip(rows, group(texts), strict=True)}
    pairs = json.loads((corpora() / "neardup_labels_dev.json").read_text(encoding="utf-8"))
    found = [story[p["a"]] == story[p["b"]] for p in pairs]
    copied = [p["label"] in {"copy", "derived"} for p in pairs]
    right = sum(f and c for f, c in zip(found, copied, strict=True))
    score = 2 * right / (sum(found) + sum(copied))
    copies = [f for f, p in zip(found, pairs, strict=True) if p["label"] == "copy"]
    return [
        Measure("copies found", f"of {len(copies)}", len(copies), sum(copies), "higher"),
        Measure(
            f"copied text against the rest, F1 ({len(pairs)} pairs)", "", 0.88, round(score, 3), "higher"
        ),
    ]  # fmt: skip


def _coverage() -> list[Measure]:
    """How well texts on one happening are told from others: pairs with four scores, then clusters."""
    from apps.articles.extract.coverage import alike, group, vector

    pairs = _rows("semeval22_t8_en.jsonl")
    likeness = [alike(vector(row["text1"]), vector(row["text2"])) for row in pairs]
    # 1 is the same story, 4 another; between 2 and 3 the judges were not agreed.
    same = [share for row, share in zip(pairs, likeness, strict=True) if row["overall"] <= 2]
    other = [share for row, share in zip(pairs, likeness, strict=True) if row["overall"] >= 3]
    above = sum((a > b) + (a == b) / 2 for a in same for b in other) / (len(same) * len(other))
    docs = _rows("ecbplus_docs.jsonl")
    found = group([(vector(f"{row['title']}\n{row['text']}"), None) for row in docs])
    gold = [(row["topic"], row["event_cluster"]) for row in docs]
    return [
        Measure(f"same story against another, AUC ({len(same) + len(other)} pairs)", "", 0.90,
                round(above, 3), "higher"),
        Measure(f"same happening, B-cubed F1 ({len(docs)} articles)", "", 0.80,
                round(_b_cubed(found, gold), 3), "higher"),
    ]  # fmt: skip


def _b_cubed(found: Sequence[Hashable], gold: Sequence[Hashable]) -> float:
    """Return B-cubed F1 (Bagga and Baldwin 1998) of a clustering."""
    both = Counter(zip(found, gold, strict=True))
    ours, theirs = Counter(found), Counter(gold)
    precision = sum(n * n / ours[f] for (f, _), n in both.items()) / len(found)
    recall = sum(n * n / theirs[g] for (_, g), n in both.items()) / len(found)
    return 2 * precision * recall / (precision + recall)


def _rows(name: str) -> list[dict[str, Any]]:
    lines = (corpora() / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def _looked_up() -> tuple[dict[int, float], float]:
    """Return the median milliseconds of a look-up by the number of articles, and the share of copies found."""
    from apps.articles import stories
    from apps.articles.extract.copies import wording
    from apps.articles.models import Story

    crowd = Story.objects.create(title="crowd")
    planted = [_plant(number) for number in range(_PLANTED)]
    times: dict[int, float] = {}
    there, found = 0, 0
    for size in _SIZES:
        _fill(crowd.pk, there + 1, size)
        there, taken, found = size, [], 0
        for story, text, day in planted:
            copy = _edited(text)
            signature = wording(copy)  # is not counted, nor is comparing the few that are found
            start = time.perf_counter()
            list(stories.alike(signature, day))
            taken.append(time.perf_counter() - start)
            lineage = stories.lineage_of(copy, day)
            found += lineage is not None and lineage.story.pk == story
        times[size] = statistics.median(taken) * 1000
    return times, found / _PLANTED


def _plant(number: int) -> tuple[int, str, datetime]:
    """Store an article of 700 made-up words; return its story, its text and its day."""
    from apps.articles import stories
    from apps.articles.models import Article, ArticleVersion, Story

    draw = random.Random(number)  # noqa: S311 - made-up texts
    text = " ".join(f"w{int(draw.paretovariate(0.6)) % 20_000}" for _ in range(700))
    day = _SINCE + timedelta(days=draw.randrange(_DAYS))
    story = Story.objects.create(title="planted")
    article = Article.objects.create(
        url=f"https://planted.example/{number}", canonical_url=f"https://planted.example/{number}",
        title="planted", published_at=day, published_precision="instant", story=story,
    )  # fmt: skip
    version = ArticleVersion.objects.create(
        article=article, title="planted", text=text, sha256="0" * 64
    )
    stories.sign(version)
    return story.pk, text, day


def _edited(text: str) -> str:
    """Every fifteenth word replaced, the last fifth cut."""
    words = text.split()
    kept = words[: len(words) * 4 // 5]
    return " ".join("edited" if n % 15 == 0 else word for n, word in enumerate(kept))


def _fill(story: int, first: int, last: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS signature_marks")
        cursor.execute(
            _FILL, {"since": _SINCE, "first": first, "last": last, "story": story, "marks": _MARKS}
        )
        cursor.execute("CREATE INDEX signature_marks ON articles_signature USING gin (marks)")
        for table in ("articles_article", "articles_articleversion", "articles_signature"):
            cursor.execute(f"VACUUM ANALYZE {table}")
