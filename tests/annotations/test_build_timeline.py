"""The command that makes a timeline of articles: which days it tells, by which sentences, and how it fails."""

import io
import json
import random
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.annotations.pipeline import timeline, timeline_days, timeline_reading, timeline_telling
from apps.annotations.pipeline.run import LONGEST_TEXT
from apps.annotations.pipeline.types import ArticleInput

# A dam of our own invention: it breaks on 4 March 2019 (a Monday), the trial opens on 12 September.
ARTICLES = [
    {
        "id": "first",
        "published_at": "2019-03-05",
        "text": "The Orlo dam burst on Monday and flooded the town of Kesten. Rescuers searched all night. "
        "Engineers of the dam had warned the ministry of cracks.",
    },
    {
        "id": "toll",
        "published_at": "2019-03-07T08:00:00+01:00",
        "text": "The ministry raised the toll of the Orlo dam to 31 on Thursday. He gave no names.",
    },
    {
        "id": "inquiry",
        "published_at": "2019-06-20",
        "text": "An inquiry into the Orlo dam found on Wednesday that cracks had been known. The dam "
        "burst on 4 March and flooded Kesten.",
    },
    {
        "id": "eve",
        "published_at": "2019-09-10",
        "text": "Two engineers of the Orlo dam will be tried on 12 September. The Orlo dam burst on 4 March "
        "and killed 31 people.",
    },
    {
        "id": "trial",
        "published_at": "2019-09-13",
        "text": "The trial of two engineers of the Orlo dam opened on Thursday in Kesten. Both denied that "
        "they had hidden cracks. “It was the worst night,” a witness said of 4 March.",
    },
    {
        "id": "verdict",
        "published_at": "2019-11-20",
        "text": "A court convicted both engineers of the Orlo dam on Tuesday. Their trial in Kesten had opened "
        "on 12 September.",
    },
]
# Much printed on one day about something else: counting articles would tell this day first.
NOISE = [
    {
        "id": f"noise-{number}",
        "published_at": "2019-07-14",
        "text": f"Kesten won {number} to nothing. Fans sang for hours after match {number}.",
    }
    for number in range(4)
]
MONDAY, TRIAL = "2019-03-04", "2019-09-12"


def build(lines: list[object], *arguments: str) -> tuple[list[dict], str | None]:
    """What the command writes, and what it complained of at its end."""
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    out, complaint = io.StringIO(), None
    try:
        call_command(
            "build_timeline",
            *arguments,
            source=io.BytesIO("\n".join(written).encode()),
            stdout=out,
        )
    except CommandError as fault:
        complaint = str(fault)
    return [json.loads(line) for line in out.getvalue().splitlines()], complaint


def days(entries: list[dict]) -> list[str]:
    return [entry["date"] for entry in entries]


def test_an_entry_has_the_published_shape_and_the_articles_own_words():
    entries, complaint = build(ARTICLES)
    assert complaint is None
    texts = {article["id"]: article["text"] for article in ARTICLES}
    for entry in entries:
        assert set(entry) == {"date", "precision", "summary", "articles", "score"}
        assert entry["summary"] in texts[entry["articles"][0]]
        assert 0 < entry["score"] <= 1
    assert days(entries) == sorted(days(entries))
    assert max(entry["score"] for entry in entries) == 1


def test_a_day_that_is_told_again_later_comes_before_one_on_which_much_was_printed():
    entries, _ = build([*ARTICLES, *NOISE], "--max", "1")
    assert days(entries) == [MONDAY]
    assert entries[0]["score"] == 1
    assert "burst on" in entries[0]["summary"]
    assert set(entries[0]["articles"]) == {"first", "inquiry", "eve", "trial"}


def test_the_two_great_days_are_told_by_whole_sentences():
    entries, _ = build(ARTICLES, "--max", "2")
    assert days(entries) == [MONDAY, TRIAL]
    assert (
        entries[1]["summary"]
        == "The trial of two engineers of the Orlo dam opened on Thursday in Kesten."
    )
    assert entries[1]["articles"][0] == "trial"


def test_no_entry_lies_before_from_or_after_to():
    inside, _ = build(ARTICLES, "--from", "2019-03-05", "--to", "2019-09-11")
    assert inside
    assert all("2019-03-05" <= day <= "2019-09-11" for day in days(inside))
    one_day, _ = build(ARTICLES, "--from", MONDAY, "--to", MONDAY)
    assert days(one_day) == [MONDAY]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_max_is_not_passed(most: int):
    entries, _ = build(ARTICLES, "--max", str(most))
    assert len(entries) == most


def test_fewer_entries_are_the_most_important_of_more():
    many, _ = build(ARTICLES, "--max", "5")
    few, _ = build(ARTICLES, "--max", "3")
    best = sorted(many, key=lambda entry: -entry["score"])[:3]
    assert days(few) == sorted(days(best))


def test_the_order_of_the_articles_changes_nothing():
    expected, _ = build([*ARTICLES, *NOISE])
    for seed in range(4):
        turned = random.Random(seed).sample([*ARTICLES, *NOISE], len(ARTICLES) + len(NOISE))
        assert build(turned)[0] == expected


def test_copies_of_a_sentence_say_nothing_more():
    said = "The mayor of Kesten opened {} by the dam on 2 May."
    copies = [
        {"id": n, "published_at": "2019-06-20", "text": said.format("a bridge")} for n in range(6)
    ]
    reworded = [{**copy, "text": said.format(f"bridge {copy['id']}")} for copy in copies]

    def score(lines: list[dict]) -> float:
        entries, _ = build([*ARTICLES, *lines])
        return sum(entry["score"] for entry in entries if entry["date"] == "2019-05-02")

    assert 0 < score(copies) < 0.6
    assert score(reworded) == 1


def test_malformed_lines_are_answered_and_stop_nothing():
    answers, complaint = build(
        [
            "not json {",
            "[1]",
            {"id": 5, "text": 7},
            {"id": "when", "text": "Nothing.", "published_at": "soon"},
            {"id": "long", "text": "a " * LONGEST_TEXT},
            *ARTICLES,
        ]
    )
    errors = [answer for answer in answers if "error" in answer]
    assert [error["id"] for error in errors] == [None, None, 5, "when", "long"]
    assert answers[: len(errors)] == errors
    assert answers[len(errors) :] == build(ARTICLES)[0]
    assert complaint is not None
    assert "5 items" in complaint


@pytest.mark.parametrize(
    "arguments",
    [
        ("--max", "0"),
        ("--max", "few"),
        ("--from", "March"),
        ("--from", "2019-02-02", "--to", "2019-02-01"),
    ],
)
def test_senseless_limits_are_refused(arguments: tuple[str, ...]):
    answers, complaint = build(ARTICLES, *arguments)
    assert answers == []
    assert complaint


def test_nothing_in_nothing_out():
    assert build([]) == ([], None)
    assert build([{"id": 1, "text": ""}]) == ([], None)
    assert build([{"id": 1, "text": "", "published_at": "2019-03-05"}]) == ([], None)


def test_a_month_is_told_where_none_of_its_days_is_known():
    text = "The Orlo dam was built in May 1961 by convicts. It burst on 4 March 2019."
    entries, _ = build([{"id": 1, "text": text, "published_at": "2019-06-01"}])
    told = {entry["date"]: entry["precision"] for entry in entries}
    assert told["1961-05-01"] == "month"
    assert told[MONDAY] == "day"
    known, _ = build(
        [
            {
                "id": 1,
                "text": f"{text} On 9 May 1961 the last stone was laid.",
                "published_at": "2019-06-01",
            }
        ]
    )
    assert "1961-05-01" not in days(known)


def test_articles_without_a_day_of_publication_count_by_the_days_they_write_out():
    entries, _ = build(
        [{"id": 1, "text": "The Orlo dam burst on 4 March 2019 and flooded Kesten."}]
    )
    assert [(e["date"], e["articles"]) for e in entries] == [(MONDAY, [1])]


def test_known_events_of_a_dossier_are_leaned_on():
    article = {
        "id": 1,
        "text": "The secretary was dismissed six days after the election in the United States.",
        "published_at": "2020-12-20",
    }
    plain, _ = build([article])
    leaning, _ = build([article], "--dossier", "us-iran-2020")
    assert "2020-11-09" not in days(plain)
    assert "2020-11-09" in days(leaning)


def _article(text: str, published: date, number: int = 0) -> timeline_reading.DatedArticle:
    return timeline_reading.read(number, ArticleInput(text, published=published))


def test_weekends_count_less_only_where_the_topic_rests_then():
    def named(monday_first: date, count: int, steps: tuple[int, ...]) -> dict[date, float]:
        weeks = range(count)
        return {
            date.fromordinal(monday_first.toordinal() + 7 * week + step): 1.0
            for week in weeks
            for step in steps
        }

    monday = date(2019, 3, 4)
    assert timeline_days._weekend_factor(named(monday, 20, (0, 1, 2, 3, 4, 5, 6))) == 1.0
    assert timeline_days._weekend_factor(named(monday, 20, (0, 1, 2, 3, 4))) < 0.1
    assert timeline_days._weekend_factor(named(monday, 1, (0, 1))) > 0.3  # two days prove little
    assert timeline_days._weekend_factor({}) == pytest.approx(1.0)


def test_an_article_off_the_topic_counts_less():
    dam = [_article(a["text"], date.fromisoformat(a["published_at"][:10])) for a in ARTICLES]
    other = _article(
        "Singers from nine valleys shared a prize for choirs on 2 May.", date(2019, 6, 1)
    )
    near = timeline_days.nearness([*dam, other])
    assert min(near[:-1]) > near[-1]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (
            "The dam burst on Monday and flooded the town of Kesten.",
            "He said the dam burst on Monday and flooded it.",
        ),
        (
            "The dam burst on Monday and flooded the town of Kesten.",
            "“The dam burst on Monday and flooded the town.",
        ),
        (
            "The dam burst on Monday and flooded the town of Kesten.",
            "Had the dam burst on Monday and flooded the town?",
        ),
        (
            "The dam burst on Monday and flooded the town of Kesten.",
            "The dam burst on Monday and flooded the town of",
        ),
        ("The dam burst on Monday and flooded the town of Kesten.", "The dam burst."),
        (
            "The dam burst on Monday and flooded the town of Kesten.",
            "Last updated 10:05 The dam burst on Monday in Kesten.",
        ),
        (
            "The dam burst on Monday and flooded the town of Kesten.",
            "Ada Orlo/AP The dam that burst on Monday and flooded the town of Kesten.",
        ),
    ],
)
def test_sentences_that_cannot_stand_alone_are_less_fit(better: str, worse: str):
    assert timeline_telling.fitness(worse) < timeline_telling.fitness(better)


def test_no_sentence_tells_two_days():
    text = "The Orlo dam burst on 4 March 2019, and its engineers were charged on 9 April 2019."
    entries = timeline.build([_article(text, date(2019, 6, 1))], None, None, 20)
    summaries = [entry.summary for entry in entries]
    assert len(set(summaries)) == len(summaries)


def test_an_hour_names_no_day():
    read = _article("The dam burst at 10:05 p.m. near Kesten.", date(2019, 3, 5))
    assert read.namings == []


def test_what_is_told_again_later_weighs_more_than_what_is_announced():
    text = "The envoys of the river towns signed a treaty on {}."
    later, soon, ahead = (
        _article(text.format(day), date(2019, 6, 20), number)
        for number, day in enumerate(["9 January 2019", "18 June 2019", "9 December 2019"])
    )
    scores = {u.start: s for u, s in timeline_days.importance([later, soon, ahead]).items()}
    assert scores[date(2019, 1, 9)] > 2 * scores[date(2019, 6, 18)]
    assert scores[date(2019, 6, 18)] > 2 * scores[date(2019, 12, 9)]
