"""What `manage.py ingest` is given becomes items; what cannot is named with its reason."""

import json
import os
from datetime import UTC, datetime

import pytest

from apps.articles.bring import Given, Refused, bring
from apps.articles.ingest import Incoming
from tests.articles.test_extract import HTML, SENTENCES
from tests.sources.server import answer
from tests.sources.test_feeds import RSS

DAY = datetime(2020, 11, 20, tzinfo=UTC)


NOTHING = Given()


def brought(target, given: Given = NOTHING, stdin: bytes | None = None):
    return list(bring(str(target), stdin, given))


def lines(*records: dict) -> bytes:
    return b"\n".join(json.dumps(record).encode() for record in records) + b"\n"


def test_a_text_file_is_one_item(tmp_path):
    file = tmp_path / "article.txt"
    file.write_text(SENTENCES[0])
    given = Given(published_at=DAY, published_precision="day", source_name="AP", title="T", url="u")
    assert brought(file, given) == [
        Incoming(
            label=str(file),
            raw=SENTENCES[0].encode(),
            url="u",
            content_type="text/plain",
            title="T",
            published_at=DAY,
            published_precision="day",
            source_name="AP",
        )
    ]


def test_each_line_of_a_record_file_is_an_item_and_a_bad_one_is_named(tmp_path):
    file = tmp_path / "articles.jsonl"
    good = {"id": "a", "text": "x", "published_at": "2020-01-03", "url": "https://a.example/"}
    file.write_bytes(lines(good) + b"\n{broken\n" + lines({"text": "y", "source": "AFP"}))
    first, bad, last = brought(file, Given(published_at=DAY, published_precision="day"))
    assert first.label == f"{file}, line 1 (a)"
    assert (first.url, first.published_at.day) == ("https://a.example/", 3)
    assert isinstance(bad, Refused)
    assert bad.label == f"{file}, line 3"
    assert "not valid JSON" in bad.reason
    assert (last.source_name, last.published_at) == ("AFP", DAY), "the option fills what is missing"


def test_one_title_or_address_is_not_given_to_many_records(tmp_path):
    file = tmp_path / "articles.jsonl"
    file.write_bytes(lines({"text": "x"}, {"text": "y"}))
    assert {(i.title, i.url) for i in brought(file, Given(title="T", url="u"))} == {("", "")}


def test_a_folder_is_read_in_order_and_what_is_not_read_is_named(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "b.txt").write_text("two")
    (tmp_path / "a.html").write_text(HTML)
    (tmp_path / "c.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.txt").write_text("no")
    (tmp_path / "deep" / "d.txt").write_text("")
    found = brought(tmp_path)
    assert [i.label.removeprefix(str(tmp_path)) for i in found] == [
        "/a.html",
        "/b.txt",
        "/c.png",
        "/deep/d.txt",
    ]
    assert [i.reason for i in found if isinstance(i, Refused)] == [
        "Files that end in '.png' are not read.",
        "It is empty.",
    ]


@pytest.mark.parametrize("name", ["missing.txt", "missing.jsonl", "no-suffix"])
def test_a_file_that_is_not_there_is_named(tmp_path, name):
    (refused,) = brought(tmp_path / name)
    assert refused == Refused(
        str(tmp_path / name), "The file cannot be read (No such file or directory)."
    )


def test_an_empty_folder_is_named(tmp_path):
    assert brought(tmp_path) == [Refused(str(tmp_path), "The folder holds no file.")]


def test_standard_input_is_told_apart_by_its_content():
    (text,) = brought("-", stdin=b"A text.")
    assert (text.label, text.raw) == ("standard input", b"A text.")
    (page,) = brought("-", stdin=HTML.encode())
    assert page.raw == HTML.encode()
    assert len(brought("-", stdin=lines({"text": "x"}, {"text": "y"}))) == 2
    (spread,) = brought("-", stdin=json.dumps({"text": "x", "id": 1}, indent=2).encode())
    assert spread.label == "standard input, line 1 (1)"
    assert next(iter(brought("-", stdin=RSS))).url == "https://news.example/1"
    assert brought("-", stdin=b" \n") == [Refused("standard input", "It is empty.")]


@pytest.mark.django_db
def test_a_web_address_is_a_page_or_a_feed_by_its_content(server):
    server.routes["/page"] = answer(HTML.encode(), kind="text/html; charset=utf-8")
    server.routes["/feed"] = answer(RSS, kind="text/html")
    (page,) = brought(f"{server.url}/page")
    assert (page.raw, page.url) == (HTML.encode(), f"{server.url}/page")
    assert page.content_type == "text/html; charset=utf-8"
    entries = brought(f"{server.url}/feed", Given(source_name="Example"))
    assert [e.url for e in entries] == [
        "https://news.example/1",
        f"{server.url}/2",
        "https://news.example/3",
    ]
    assert all(e.raw is None and e.source_name == "Example" for e in entries)


@pytest.mark.django_db
def test_an_address_that_cannot_be_fetched_is_named(server, settings):
    (refused,) = brought(f"{server.url}/gone")
    assert "the server answered 404" in refused.reason
    settings.FETCH_ALLOWED_PRIVATE = []
    (refused,) = brought(f"{server.url}/x")
    assert "not a public address" in refused.reason


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("The key is under the mat.")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "inside.txt").write_text(SENTENCES[0])
    (folder / "alias.txt").symlink_to(folder / "inside.txt")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "up").symlink_to(tmp_path, target_is_directory=True)
    alias, inside, out = brought(folder)
    assert alias.raw == inside.raw == SENTENCES[0].encode()
    assert out == Refused(str(folder / "out.txt"), "It is a link that leads out of the folder.")


def test_a_device_without_end_is_refused_and_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("apps.articles.bring._MAX_FILE_BYTES", 1000)
    assert brought("/dev/zero") == [Refused("/dev/zero", "The file is larger than 1000 bytes.")]


def test_a_line_without_end_is_refused_and_the_next_one_read(tmp_path, monkeypatch):
    monkeypatch.setattr("apps.articles.bring._MAX_FILE_BYTES", 1000)
    file = tmp_path / "articles.jsonl"
    file.write_bytes(lines({"text": "x" * 1500}) + lines({"text": "y"}))
    *refused, good = brought(file)
    assert refused
    assert all(isinstance(one, Refused) for one in refused)
    assert json.loads(good.raw) == {"text": "y"}


def test_a_file_name_in_no_encoding_can_still_be_told(tmp_path):
    file = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")
    with open(file, "w") as out:
        out.write(SENTENCES[0])
    (item,) = brought(tmp_path)
    assert item.label == str(tmp_path / "caf\ufffd.txt")


def test_a_feed_nested_without_end_is_refused():
    feed = b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 200_000
    (refused,) = brought("-", stdin=feed)
    assert "not valid JSON" in refused.reason
