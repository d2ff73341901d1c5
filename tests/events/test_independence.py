"""Independent reports: copies, wires, papers and samples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.events.independence import Piece, count, domain_of, host_of, lineages, wires_of


def article(story: str, *wires: str, page: str = "", **rest) -> Piece:
    return Piece(page or f"article {story}", story, wires, **rest)


def page(url: str, *wires: str) -> Piece:
    return Piece(url, wires=wires, domain=host_of(url))


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ([], "no independent report"),
        ([article("1")], "1 independent report (1 article)"),
        ([article("1"), article("1", page="b")], "1 independent report (2 articles)"),
        ([article("1"), article("2")], "2 independent reports (2 articles)"),
        ([article("1", "ap"), article("2", "ap")], "1 independent report (2 articles)"),
        # one copy that names the agency tells it for all of its story
        (
            [article("1"), article("1", "ap", page="b"), article("2", "ap")],
            "1 independent report (3 articles)",
        ),
        (
            [page("https://a.example/1", "ap"), page("https://b.example/1", "ap")],
            "1 independent report (2 cited pages)",
        ),
        (
            [page("https://www.a.example/1"), page("https://a.example/2")],
            "1 independent report (2 cited pages)",
        ),
        (
            [article("1", "ap"), page("https://b.example/1", "ap")],
            "1 independent report (1 article, 1 cited page)",
        ),
        # an agency's own site is what others carry
        (
            [page("https://apnews.com/1"), page("https://b.example/1", "ap")],
            "1 independent report (2 cited pages)",
        ),
        # a page that carries two wires adds to neither
        (
            [
                page("https://c.example/", "reuters", "ap"),
                page("https://a.example/", "ap"),
                page("https://b.example/", "reuters"),
            ],
            "2 independent reports (3 cited pages)",
        ),
        ([page("https://c.example/", "reuters", "ap")], "1 independent report (1 cited page)"),
        # a cited page and an article of one paper
        (
            [article("1", domain="a.example"), page("https://a.example/1")],
            "1 independent report (1 article, 1 cited page)",
        ),
        # but two articles of one paper with texts of their own are two
        (
            [article("1", domain="a.example"), article("2", domain="a.example")],
            "2 independent reports (2 articles)",
        ),
        ([article("1", sample=True)], "no independent report"),
        ([article("1", sample=True), article("2")], "1 independent report (1 article)"),
    ],
)  # fmt: skip
def test_what_counts_as_one_report(pieces, words):
    assert count(pieces).words == words


def test_twelve_outlets_of_one_wire_are_one_report():
    twelve = [article(str(n), "ap") for n in range(12)]
    assert count(twelve).words == "1 independent report (12 articles)"


def test_samples_are_told_and_confirm_nothing():
    sample = article("1", sample=True)
    assert count([sample]).sample_words.startswith("All of it (1 article) was written")
    assert "1 article beside it was written" in count([sample, article("2")]).sample_words
    assert count([article("2")]).sample_words == ""


@pytest.mark.parametrize(
    ("names", "wires"),
    [
        (("AP", "Reuters"), ("ap",)),
        (("", "Agence France-Presse"), ("afp",)),
        (("Reuters/AP",), ("reuters", "ap")),
        (("", " "), ()),
    ],
)
def test_wires_are_those_of_whoever_names_them_first(names, wires):
    assert wires_of(*names) == wires


def test_a_publisher_is_known_on_its_other_hosts():
    assert host_of("https://www.Paper.example:8000/x") == "paper.example"
    assert domain_of("edition.paper.example", {"paper.example"}) == "paper.example"
    assert domain_of("other.example", {"paper.example"}) == "other.example"


PIECES = st.builds(
    Piece,
    page=st.sampled_from("abcdef"),
    story=st.sampled_from(["", "1", "2", "3"]),
    wires=st.sampled_from([(), ("ap",), ("reuters",), ("ap", "reuters")]),
    domain=st.sampled_from(["a.example", "b.example"]),
    sample=st.booleans(),
)


@given(st.lists(PIECES, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_pieces_changes_no_count(pieces, random):
    shuffled = random.sample(pieces, len(pieces))
    assert count(shuffled) == count(pieces)


@given(st.lists(PIECES, max_size=8))
def test_every_real_piece_is_in_one_report_and_there_are_never_more_reports_than_pages(pieces):
    found = lineages(pieces)
    inside = [piece for lineage in found for piece in lineage.pieces]
    assert sorted(map(id, inside)) == sorted(id(piece) for piece in pieces if not piece.sample)
    assert all(lineage.pieces for lineage in found)


@given(st.lists(PIECES, max_size=6))
def test_a_copy_adds_no_report(pieces):
    before = count(pieces).reports
    assert count([*pieces, *pieces]).reports == before
