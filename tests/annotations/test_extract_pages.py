"""The command that extracts articles from pages, without database or network."""

import gzip

import pytest

from tests.annotations.test_annotate_jsonl import run
from tests.articles.test_extract import HTML, PAGE, SENTENCES

URL = "https://news.example/world/rockets?utm_source=feed"


def extracted(*items: object) -> tuple[list[dict], str | None]:
    return run("extract_pages", list(items))


def page(body: str, when: str = "2020-03-13T23:30:00+03:00") -> str:
    return PAGE.format(f"<p>{body}</p>").replace("2020-03-13T23:30:00+03:00", when)


def test_a_page_is_answered_in_the_published_shape():
    answers, complaint = extracted({"id": "a", "html": HTML, "url": URL})
    assert complaint is None
    (told,) = answers
    assert told.pop("text").splitlines()[-4:] == SENTENCES
    assert told == {
        "id": "a",
        "title": "Rockets hit base",
        "published_at": "2020-03-13T23:30:00+03:00",
        "precision": "instant",
        "canonical_url": "https://news.example/world/rockets",
        "language": "en",
        "agency": "AP",
        "dateline": None,
    }


def test_agency_and_dateline_are_read_in_the_text():
    text = "BAGHDAD (Reuters) - " + " ".join(SENTENCES)
    html = page(text).replace('<meta name="author" content="The Associated Press">', "")
    answers, _ = extracted({"id": 1, "html": html})
    assert (answers[0]["agency"], answers[0]["dateline"]) == ("Reuters", "BAGHDAD")


@pytest.mark.parametrize("name", ["page.html", "page.html.gz"])
def test_a_page_may_be_a_file(tmp_path, name):
    file = tmp_path / name
    raw = HTML.encode()
    file.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    answers, complaint = extracted({"id": 1, "path": str(file)})
    assert complaint is None
    assert answers[0]["title"] == "Rockets hit base"


def test_the_day_is_the_one_that_the_page_names_whatever_zone_its_server_writes():
    html = page(" ".join(SENTENCES), "2020-03-14T03:05:00Z")
    answers, _ = extracted(
        {"id": 1, "html": html, "url": "https://news.example/2020/03/13/rockets-hit-base"}
    )
    assert (answers[0]["published_at"], answers[0]["precision"]) == ("2020-03-13", "day")


def test_what_cannot_be_read_is_told_by_its_id_and_stops_nothing(tmp_path):
    broken = tmp_path / "broken.html.gz"
    broken.write_bytes(gzip.compress(HTML.encode())[:60])
    answers, complaint = extracted(
        {"id": "gone", "path": str(tmp_path / "no-such.html")},
        {"id": "broken", "path": str(broken)},
        {"id": "nothing"},
        {"id": "empty", "html": "<html><body><img src=x></body></html>"},
        {"id": "good", "html": HTML},
    )
    assert complaint == "4 items could not be read; their lines say why."
    errors = {a["id"]: a["error"] for a in answers if "error" in a}
    assert errors.keys() == {"gone", "broken", "nothing", "empty"}
    assert "No such file" in errors["gone"]
    assert "cannot be read" in errors["broken"]
    assert errors["nothing"] == 'The field "path" must be a text.'
    assert errors["empty"] == "The page has no article text."
    assert answers[-1]["title"] == "Rockets hit base"
