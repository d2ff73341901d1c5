"""What `manage.py ingest` is given becomes items; what cannot is named with its reason."""

import csv
import gzip
import io
import json
import os
import zlib
from datetime import UTC, datetime

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from apps.articles.bring import bring
from apps.articles.brought import Given, Passed, Refused
from apps.articles.incoming import Incoming
from tests.articles.test_extract import HTML, SENTENCES
from tests.sources.server import answer
from tests.sources.test_feeds import RSS

DAY = datetime(2020, 11, 20, tzinfo=UTC)


NOTHING = Given()


def brought(target, given: Given = NOTHING, stdin: bytes | None = None):
    return list(bring(str(target), io.BytesIO(stdin or b""), given))


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
    monkeypatch.setattr("apps.articles.bring.MAX_FILE_BYTES", 1000)
    assert brought("/dev/zero") == [Refused("/dev/zero", "The file is larger than 1000 bytes.")]


def test_a_line_without_end_is_refused_and_the_next_one_read(tmp_path, monkeypatch):
    monkeypatch.setattr("apps.articles.bring.MAX_FILE_BYTES", 1000)
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


# --- tables --------------------------------------------------------------------------------------

TABLE = """id,Publish Date,Headline,Body,Link,media_name
1,2020-01-03,"A title, with a comma","Two lines
of text.",https://a.example/1,AFP
2,,,,https://a.example/2,
3,,,,,
4,yesterday,,Text.,,
"""


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", "|")],
)
def test_each_row_of_a_table_is_an_item_and_a_bad_one_is_named(tmp_path, encoding, delimiter):
    file = tmp_path / "articles.csv"
    rows = list(csv.reader(io.StringIO(TABLE.replace("A title", "A café"))))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    file.write_bytes(out.getvalue().encode(encoding))
    first, page, bad, empty = sorted(brought(file), key=lambda i: (isinstance(i, Refused), i.label))
    assert first.label == f"{file}, line 3 (1)"
    assert json.loads(first.raw)["text"] == "Two lines\nof text."
    assert (first.title, first.url, first.source_name, first.published_at) == (
        "A café, with a comma", "https://a.example/1", "AFP", datetime(2020, 1, 3, tzinfo=UTC),
    )  # fmt: skip
    assert (page.raw, page.url) == (None, "https://a.example/2"), "still to be fetched"
    assert "missing or empty" in bad.reason
    assert "not an ISO date" in empty.reason


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"a,b\n1,2\n", "names no column of texts or addresses"),
        (b"", "names no column"),
        (b"text\n" + b'"' + b"x" * 3000, "cannot be read on"),
    ],
)
def test_a_table_that_is_none_is_told(tmp_path, monkeypatch, raw, words):
    monkeypatch.setattr("apps.articles.containers.MAX_FILE_BYTES", 1000)
    file = tmp_path / "articles.csv"
    file.write_bytes(raw)
    (refused,) = brought(file)
    assert words in refused.reason


def test_standard_input_may_be_called_a_table():
    (item,) = bring("-", io.BytesIO(b"text\nA text.\n"), NOTHING, "csv")
    assert json.loads(item.raw) == {"text": "A text."}


# --- archives ------------------------------------------------------------------------------------


def archive(packed: bool) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)

    def response(url, body, kind="text/html; charset=utf-8", status="200 OK", **headers):
        fields = [("Content-Type", kind), *((k.replace("_", "-"), v) for k, v in headers.items())]
        http = StatusAndHeaders(status, fields, protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http)
        )

    writer.write_record(writer.create_warcinfo_record("x.warc", {"software": "test"}))
    response("https://a.example/1", HTML.encode())
    response("https://a.example/2", gzip.compress(HTML.encode()), Content_Encoding="gzip")
    response("https://a.example/3", b"gone", status="404 Not Found")
    response("https://a.example/4.png", b"\x89PNG", kind="image/png")
    response("https://a.example/5", b" ")
    return out.getvalue()


@pytest.mark.parametrize("packed", [True, False])
def test_the_pages_of_an_archive_are_items(tmp_path, packed):
    file = tmp_path / ("crawl.warc.gz" if packed else "crawl.warc")
    file.write_bytes(archive(packed))
    first, second, empty, passed = brought(file)
    assert (first.url, second.url) == ("https://a.example/1", "https://a.example/2")
    assert first.raw == second.raw == HTML.encode()
    assert first.content_type == "text/html; charset=utf-8"
    assert first.label == f"{file}, record 2 (https://a.example/1)"
    assert isinstance(empty, Refused)
    assert isinstance(passed, Passed)
    assert "1 pages that were not found" in passed.reason
    assert "1 image/png" in passed.reason
    (again, *_) = brought("-", stdin=archive(packed))
    assert again.url == first.url, "its content tells what it is"


def test_a_long_page_of_an_archive_is_whole(tmp_path):
    body = HTML.encode() + b"<!-- " + bytes(range(65, 91)) * 20_000 + b" -->"
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for coded, headers in (
        (body, []),
        (b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body), [("Transfer-Encoding", "chunked")]),
        (brotli.compress(body), [("Content-Encoding", "br")]),
    ):
        told = StatusAndHeaders(
            "200 OK", [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1"
        )
        record = writer.create_warc_record(
            "https://a.example/1", "response", payload=io.BytesIO(coded), http_headers=told
        )
        writer.write_record(record)
    file = tmp_path / "crawl.warc.gz"
    file.write_bytes(out.getvalue())
    assert [item.raw == body for item in brought(file)] == [True, True, True]


def test_an_archive_that_is_cut_off_keeps_what_came_before(tmp_path):
    file = tmp_path / "crawl.warc.gz"
    whole = archive(True)
    rest = whole
    for _ in range(2):  # its first record tells of the archive, the second is a page
        member = zlib.decompressobj(wbits=31)
        member.decompress(rest)
        rest = member.unused_data
    file.write_bytes(whole[: len(whole) - len(rest) + 30])
    *good, refused = brought(file)
    assert [item.url for item in good] == ["https://a.example/1"]
    assert refused.reason.startswith(("The archive cannot be read on", "Its compression is broken"))
    file.write_bytes(b"no archive at all" * 100)
    assert "no web archive" in brought(file)[-1].reason


# --- compressed, streamed ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz", "a.html.gz", "a.csv.gz"])
def test_compressed_files_are_what_is_in_them(tmp_path, name):
    plain = {
        "a.txt.gz": SENTENCES[0].encode(), "a.jsonl.gz": lines({"text": "x"}),
        "a.html.gz": HTML.encode(), "a.csv.gz": b"text\nx\n",
    }  # fmt: skip
    (tmp_path / name).write_bytes(gzip.compress(plain[name]))
    (packed,) = brought(tmp_path)
    assert not isinstance(packed, Refused)
    (tmp_path / name).write_bytes(gzip.compress(plain[name])[:-9])
    assert isinstance(brought(tmp_path)[-1], Refused)


def test_a_compressed_bomb_does_not_fill_the_memory(tmp_path):
    file = tmp_path / "a.txt.gz"
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    file.write_bytes(
        b"".join([*(packer.compress(b"x" * 1_000_000) for _ in range(200)), packer.flush()])
    )
    (refused,) = brought(file)
    assert "larger than" in refused.reason


def test_records_of_standard_input_are_read_as_they_come():
    """A pipe may be endless: the first record is there before the last is written."""

    class Pipe(io.RawIOBase):
        asked = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            self.asked += 1
            record = b'{"text": "x"}\n' * 10_000
            buffer[: len(record)] = record[: len(buffer)]
            return min(len(record), len(buffer))

    pipe = Pipe()
    found = bring("-", io.BufferedReader(pipe), NOTHING)
    assert [next(found).label for _ in range(3)] == [f"standard input, line {n}" for n in (1, 2, 3)]
    assert pipe.asked < 200
    found.close()


def test_a_record_with_an_address_only_is_a_page_to_be_fetched():
    (item,) = brought("-", stdin=lines({"url": "https://a.example/1", "title": "T"}))
    assert (item.raw, item.url, item.title) == (None, "https://a.example/1", "T")


@given(
    st.sampled_from(
        [
            b"",
            b"WARC/1.0\r\n",
            b"\x1f\x8b\x08",
            b"text,url\n",
            b'{"text": ',
            b"%PDF-1.7\n",
            b"<rss>",
        ]
    ),
    st.binary(max_size=200),
    st.sampled_from(["", "csv", "tsv", "jsonl", "warc", "json", "txt"]),
)
def test_no_bytes_of_any_kind_break_the_reading(start, rest, kind):
    for item in bring("-", io.BytesIO(start + rest), NOTHING, kind):
        assert isinstance(item, Incoming) or item.reason.endswith(".")


@given(st.binary(max_size=300), st.integers(0, 400))
def test_no_damage_to_an_archive_breaks_the_reading(damage, place):
    raw = archive(packed=False)
    place = place % len(raw)
    for item in bring("-", io.BytesIO(raw[:place] + damage + raw[place + 10 :]), NOTHING):
        assert isinstance(item, Incoming) or item.reason.endswith(".")
