"""PDF documents: text in paragraphs, without what repeats on every page; dated by what they say."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from apps.articles.extract import pdf
from apps.articles.extract.run import extract
from apps.articles.extract.types import ExtractError
from tests.articles.test_extract import SENTENCES

HEAD = "Ministry of Defence - Press Office"
BODY = [
    "Statement on the attack near Baghdad",
    "Baghdad, 3 January 2020",
    "Rockets struck a base north of Baghdad on Friday, wound-",
    "ing three soldiers, officials of the ministry said today.",
    "Nobody claimed it.",
    "The base hosts troops of the coalition that fights the group",
    "in Iraq and Syria, and was struck before in the same month.",
]


def written(pages: list[list[str]], **metadata: str) -> bytes:
    """A PDF with these lines, in the plainest form of the format (ISO 32000)."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for lines in pages:
        shown = " T* ".join(f"({line}) Tj" for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    out, places = io.BytesIO(b""), []
    out.write(b"%PDF-1.4\n")
    for number, told in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, told))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(
        b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    )
    if not metadata:
        return out.getvalue()
    writer = PdfWriter(clone_from=PdfReader(out))
    writer.add_metadata({f"/{name}": value for name, value in metadata.items()})
    told = io.BytesIO()
    writer.write(told)
    return told.getvalue()


def read(raw: bytes, kind: str = "application/pdf"):
    return extract(raw, content_type=kind, max_characters=100_000)


def test_lines_become_paragraphs_and_cut_words_whole():
    found = read(written([BODY]))
    assert "wounding three soldiers" in found.text
    assert found.text.split("\n\n")[1:] == [
        "The base hosts troops of the coalition that fights the group in Iraq and Syria, and was struck before "
        "in the same month."
    ]
    assert found.text.split("\n\n")[0].endswith("said today. Nobody claimed it.")
    assert found.language == "en"


def test_a_document_is_known_by_its_bytes():
    assert "Nobody claimed it." in read(written([BODY]), "").text
    assert "Nobody claimed it." in read(written([BODY]), "text/html").text, (
        "whatever the server says"
    )


def test_it_is_dated_by_what_it_says_before_what_its_file_says():
    made = {"CreationDate": "D:20200105120000+00'00'", "Title": "Statement of the ministry"}
    found = read(written([BODY], **made))
    assert (found.published.at, found.published.precision) == (
        datetime(2020, 1, 3, tzinfo=UTC),
        "day",
    )
    assert found.title == "Statement of the ministry"
    undated = read(written([[line for line in BODY if "2020" not in line]], **made))
    assert undated.published.at == datetime(2020, 1, 5, tzinfo=UTC)
    assert read(written([SENTENCES])).published is None, "never today"


@pytest.mark.parametrize("title", ["", "release_final.docx", "Microsoft Word - x", "untitled"])
def test_a_title_that_is_none_is_not_taken(title):
    assert read(written([BODY], Title=title)).title.startswith("Statement on the attack")


def test_what_repeats_on_every_page_is_left_out():
    pages = [[HEAD, f"Page {n} of 4", SENTENCES[n - 1], f"- {n} -"] for n in range(1, 5)]
    text = read(written(pages)).text
    assert HEAD not in text
    assert "Page" not in text
    assert "- 2 -" not in text
    assert all(sentence in text for sentence in SENTENCES)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"%PDF-1.4\nno document", "The PDF is broken"),
        (written([BODY])[:300], "The PDF is broken"),
        (written([[" "]]), "its pages are pictures"),
        (written([["x"]] * (pdf.MOST_PAGES + 1)), "has 201 pages; at most 200 are read"),
    ],
    ids=["none", "cut off", "pictures", "too long"],
)
def test_what_cannot_be_read_is_told(raw, why):
    with pytest.raises(ExtractError, match=why):
        read(raw)


def test_a_locked_document_is_told():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(written([BODY]))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(ExtractError, match="locked by a password"):
        read(out.getvalue())


def test_a_document_in_an_encryption_that_is_not_read_is_told():
    """AES, revision 6 of the standard handler, as a trailer announces it."""
    locked = b"<< /Filter /Standard /V 5 /R 6 /Length 256 /P -4 /EncryptMetadata true "
    locked += b"/O (%s) /U (%s) /OE (%s) /UE (%s) /Perms (%s) " % (
        b"o" * 48,
        b"u" * 48,
        b"o" * 32,
        b"u" * 32,
        b"p" * 16,
    )
    locked += b"/CF << /StdCF << /CFM /AESV3 /AuthEvent /DocOpen /Length 32 >> >> /StmF /StdCF /StrF /StdCF >>"
    raw = written([BODY]).replace(
        b"trailer << ", b"trailer << /ID [(a) (a)] /Encrypt " + locked + b" "
    )
    with pytest.raises(ExtractError, match=r"not read here \(AES\)"):
        read(raw)


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(tail):
    raw = b"%PDF-1.7\n" + tail
    with pytest.raises(ExtractError, match=r"\.$"):
        read(raw)


@given(st.lists(st.text("ab. -", max_size=12), max_size=12))
def test_no_letter_is_lost_when_lines_become_paragraphs(lines):
    def letters(texts) -> str:
        return "".join(c for text in texts for c in text if c.isalpha())

    assert letters(pdf.paragraphs(lines)) == letters(lines)
