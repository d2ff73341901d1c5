"""Parses: word forms as the model's own rules give them, and runs found by their place."""

import spacy

from apps.annotations.pipeline import parse_words, sentences
from apps.annotations.pipeline.parse import LONGEST, MODEL, model, parse
from apps.annotations.pipeline.types import Span

TEXTS = [
    "There was no answer; there were only denials, and there's more to come.",
    "He'd been told that they weren't leaving, so I left my lefts on the left.",
    "The wounded were wounded by better-armed fighters who fought the fighting.",
    "Where there is smoke, there is fire: it's hers, theirs and ours alone.",
    "U.S. officials' worst fears; women's, children's, and geese's feet.",
    "ALL TROOPS WITHDREW FROM BASES ON FRIDAY. Do what must be done!",
    "Xyzzyed plughs frobnicate 3,000 foo_bars at 5 p.m. – don't you?",
]


def test_parts_of_speech_and_base_forms_are_the_models_own():
    plain = spacy.load(MODEL, exclude=["ner"])
    for _ in range(2):  # once learned, once remembered
        for text in TEXTS:
            wanted = [(t.text, t.pos_, t.lemma_) for t in plain(text)]
            assert [(t.text, t.pos_, t.lemma_) for t in model()(text)] == wanted


def test_a_flood_of_words_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(parse_words, "_MOST_KEPT", 50)
    forms = model().get_pipe("word_forms")
    for number in range(20):
        model()(" ".join(f"madeup{number}x{i}" for i in range(20)))
    assert len(forms._bases) <= 50 + 20
    assert [t.lemma_ for t in model()("The troops left.")] == ["the", "troop", "leave", "."]


def test_words_within_a_run():
    text = "Before. The naval force left the port."
    (parsed,) = list(parse(text, sentences.split(text)[1:]))
    assert [t.text for t in parsed.within(Span(14, 20))] == ["naval", "force"]
    assert parsed.within(Span(0, 7)) == []
    assert [t.text for t in parsed.within(Span(0, 100))] == [t.text for t in parsed.doc]


def test_what_is_longer_than_a_sentence_is_cut():
    text = "word " * LONGEST
    (parsed,) = list(parse(text, [Span(0, len(text))]))
    assert parsed.sentence == Span(0, LONGEST)
