"""Whole measures on sentences of our own: gold that says what is read scores 1, gold that does not scores 0."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks import annotation_articles, annotation_gold, annotation_sentences
from benchmarks.annotation_told import Told

TEXT = (
    "Iranian forces shelled an Iraqi army base near Erbil on 17 March 2020. "
    "The Pentagon denied that its jets had bombed a Kataib Hezbollah base on 12 March 2020."
)
SENTENCE = "Iranian forces shelled an Iraqi army base."


@pytest.fixture
def corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """A folder of gold that the test writes; what was read of another folder is forgotten."""
    monkeypatch.setenv("CORPORA", str(tmp_path))
    (tmp_path / annotation_articles.ARTICLES).touch()

    def write(name: str, *rows: dict) -> None:
        (tmp_path / name).write_text("".join(json.dumps(r) + "\n" for r in rows))
        _forget()

    yield write
    _forget()


def _forget() -> None:
    annotation_gold.rows.cache_clear()
    annotation_gold.readings.cache_clear()


def scores(told: Told) -> list[float]:
    return [measure.ours for measure in told.measures]


def article(**gold: object) -> dict:
    return {
        "id": "a",
        "text": TEXT,
        "published_at": "2020-03-18",
        "gold": {"events": [], "claims": [], **gold},
    }


def event(**other: object) -> dict:
    day = {"start": "2020-03-17", "end": "2020-03-17"}
    told = {"type": "ASSAULT", "initiators": ["iran-gov"], "targets": ["iraq-mil"], "role": "main"}
    return {**told, "date": day, "quotes": [SENTENCE], **other}


def test_events_that_are_read_score_one(corpora: Callable[..., None]):
    corpora(annotation_articles.ARTICLES, article(events=[event()]))
    told = annotation_articles.articles()
    f1, main = scores(told)
    assert main == 1
    assert f1 == pytest.approx(2 / (1 + len(told.answers)), abs=0.001)
    assert [right for _, right in told.answers].count(True) == 1


@pytest.mark.parametrize("wrong", [{"type": "CONSULT"}, {"initiators": ["us-gov"]}])
def test_events_that_are_not_read_score_zero_and_are_told_as_misses(
    corpora: Callable[..., None], wrong: dict
):
    corpora(annotation_articles.ARTICLES, article(events=[event(**wrong)]))
    told = annotation_articles.articles()
    assert scores(told) == [0, 0]
    assert any(SENTENCE in str(miss) for miss in told.misses)


@pytest.mark.parametrize(("act", "score"), [("denies", 1), ("confirms", 0)])
def test_claims(corpora: Callable[..., None], act: str, score: int):
    claim = {"speaker": "us-dod", "act": act, "quote": "The Pentagon denied"}
    corpora(annotation_articles.ARTICLES, article(claims=[claim]))
    assert scores(annotation_articles.claims()) == [score]


@pytest.mark.parametrize(("value", "spans", "values"), [("2020-03-17", 1, 1), ("2019-03-17", 1, 0)])
def test_time_expressions(corpora: Callable[..., None], value: str, spans: float, values: float):
    text = "Shells fell on 17 March 2020."
    timex = {"begin": 15, "end": 28, "value": value, "type": "DATE"}
    row = {"id": "t", "text": text, "date": "2020-03-18", "timex": [timex]}
    for name in ("timebank_aquaint.jsonl", "wikiwars.jsonl"):
        corpora(name, row)
    assert scores(annotation_articles.timex()) == [spans, values] * 2


def test_an_expression_that_is_not_read_scores_zero(corpora: Callable[..., None]):
    row = {"text": "Soon.", "timex": [{"begin": 0, "end": 4, "value": "2020-03-17"}]}
    for name in ("timebank_aquaint.jsonl", "wikiwars.jsonl"):
        corpora(name, row)
    assert scores(annotation_articles.timex()) == [0] * 4


@pytest.mark.parametrize(("point", "near"), [((36.19, 44.01), 1), ((33.3, 44.4), 0)])
def test_places(corpora: Callable[..., None], point: tuple[float, float], near: int):
    text = "Shells fell on Erbil in Iraq."
    place = {"begin": 15, "end": 20, "phrase": "Erbil", "lat": point[0], "lon": point[1]}
    row = {"id": "p", "text": text, "date": "7:58 AM ET", "toponyms": [place]}
    for name in ("tr_news_places.jsonl", "geowebnews.jsonl"):
        corpora(name, row)
    assert set(scores(annotation_articles.places())) == {near}


@pytest.mark.parametrize(("type_", "quad", "score"), [("ASSAULT", 4, 1), ("AID", 2, 0)])
def test_relations(corpora: Callable[..., None], type_: str, quad: int, score: int):
    row = {"id": "r", "text": SENTENCE, "source": "Iranian forces", "target": "an Iraqi army base"}
    peer = {"zsp_type": type_, "zsp_quad": quad, "marked": SENTENCE}
    corpora("plv_relations.jsonl", {**row, **peer, "type": type_, "quad": quad})
    told = annotation_sentences.relations()
    assert scores(told)[:2] == [score, score]
    assert len(told.misses) == 1 - score


@pytest.mark.parametrize(
    ("gold_spans", "penta", "score"),
    [
        ((["Iranian forces"], ["an Iraqi army base"]), "4", 1),
        ((["shelled"], ["."]), "1", 0),
    ],
)
def test_spans_and_classes(corpora: Callable[..., None], gold_spans: tuple, penta: str, score: int):
    source, target = gold_spans
    row = {"id": "s", "text": SENTENCE, "has_span_gold": True, "penta": penta}
    spans = {"source_spans": source, "target_spans": target, "reciprocal_spans": []}
    corpora("cameo_penta_spans.jsonl", {**row, **spans})
    assert scores(annotation_sentences.spans()) == [score, score]


def test_where_the_gold_is_missing_it_says_how_to_name_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CORPORA", str(tmp_path))
    _forget()
    with pytest.raises(SystemExit, match="set CORPORA"):
        annotation_gold.rows("plv_relations.jsonl")
