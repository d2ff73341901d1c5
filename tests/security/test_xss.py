"""Whatever stands in a text column stays text: on every page, in the admin, in files, feeds and mails.

Every column of every model is filled by SQL, past all forms, with hostile texts of another kind each time.
"""

import csv
import io
import json
import re
from html.parser import HTMLParser
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import mail
from django.db import Error, connection, models, transaction
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from lxml import etree
from openpyxl import load_workbook

from apps.accounts.models import User
from apps.timelines import alerts
from apps.timelines.exports.safe_csv import STARTERS
from apps.timelines.models import Notice
from tests import rows
from tests.security import corpus
from tests.timelines.test_leaks import FRAGMENTS, PAGES, time_passes, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
# Words that addresses are made of: validators keep them to letters, digits, "-" and "_".
IDENTIFIERS = {"slug", "public_id", "code", "token", "password", "username"}
OURS = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
MARK = re.compile(r"zz(\d+)zz")


# --- filling every column ------------------------------------------------------------------------


def text_columns():
    """Every column that holds text, but identifiers and those with a list of what they may hold."""
    for model in OURS:
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField)
            if (
                is_text
                and not field.choices
                and field.name not in IDENTIFIERS
                and not isinstance(field, models.SlugField)
            ):
                yield model, field


def hostile(number, field, turn):
    """The text for a column in one turn; each turn gives it another."""
    texts = corpus.URLS if is_address(field) else corpus.XSS
    length = field.max_length or 10_000
    start = number + turn
    found = [texts[(start + step) % len(texts)].format(n=number) for step in range(len(texts))]
    fitting = [one for one in found if len(one) <= length]
    return (fitting or [found[0][:length]])[0]


def is_address(field):
    return isinstance(field, models.URLField) or field.name.endswith("url")


def fill(turn):
    """Fill the columns; return the numbers of those that the database took the text for."""
    taken = {}
    with connection.cursor() as cursor:
        # Rules that are kept at the end of a transaction are asked now; then the tables' triggers are quiet.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in OURS:
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DISABLE TRIGGER USER')
        for number, (model, field) in enumerate(text_columns()):
            text = hostile(number, field, turn)
            value = "%s || id" if field.unique else "%s"
            statement = f'UPDATE "{model._meta.db_table}" SET "{field.column}" = {value}'  # noqa: S608
            if field.null:
                statement += f' WHERE "{field.column}" IS NOT NULL'
            try:
                with transaction.atomic():
                    cursor.execute(statement, [text])
            except Error:
                continue
            taken[number] = f"{model._meta.label}.{field.name}"
        fill_json(cursor, turn)
    return taken


def fill_json(cursor, turn):
    """The texts inside the history's JSON, which pages tell of, become hostile too."""
    cursor.execute(
        "UPDATE core_change SET after = (SELECT jsonb_object_agg(key, CASE WHEN jsonb_typeof(value) = 'string' "
        "AND key IN ('title', 'name', 'summary', 'note', 'quote', 'reason') THEN to_jsonb(%s::text) "
        "ELSE value END) FROM jsonb_each(after)) WHERE after IS NOT NULL AND after <> '{}'",
        [corpus.XSS[turn % len(corpus.XSS)].format(n=9999)],
    )


# --- reading what came of it ---------------------------------------------------------------------


class Page(HTMLParser):
    """Collects whatever would run, load or lead somewhere, and the page's text."""

    NEVER = {"xss-probe", "object", "embed", "base", "math", "applet", "frame", "style"}
    LEADS = {
        "href",
        "src",
        "action",
        "formaction",
        "data",
        "poster",
        "xlink:href",
        "background",
        "srcdoc",
    }
    RUNS = re.compile(r"^(javascript|vbscript|data(?!:image/))", re.IGNORECASE)

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.bad, self.text, self.json, self._script = [], [], [], None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        if tag in self.NEVER or (
            tag == "meta" and "refresh" in values.get("http-equiv", "").lower()
        ):
            self.bad.append((tag, values))
        if tag == "script":
            self._script = values.get("type", "")
            if "src" not in values and self._script != "application/json":
                self.bad.append((tag, values))
        for name, value in values.items():
            bare = re.sub(r"[\x00-\x20]", "", value)
            runs = name in self.LEADS and self.RUNS.match(bare)
            foreign = tag in ("script", "link", "iframe", "img") and re.match(
                r"(https?:)?//evil", value
            )
            if name.startswith("on") or name in ("style", "srcdoc") or runs or foreign:
                self.bad.append((tag, name, value))

    def handle_endtag(self, tag):
        if tag == "script":
            self._script = None

    def handle_data(self, data):
        if self._script == "application/json":
            self.json.append(data)
        self.text.append(data)


def marks(text):
    return {int(number) for number in MARK.findall(text)}


def read_html(body):
    page = Page(body)
    assert page.bad == []
    for text in page.json:
        json.loads(text)
    text = "".join(page.text)
    assert "1787569" not in text, "a template was run"
    return marks(text)


def read_csv(body):
    for line in csv.reader(io.StringIO(body.removeprefix("\ufeff"))):
        for cell in line:
            bare = cell.lstrip(" \u00a0\ufeff\u200b")
            number = re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", bare)
            assert number or not bare.startswith(tuple(STARTERS)), cell
    return marks(body)


def read_ics(body):
    calendar = Calendar.from_ical(body)
    events = [part for part in calendar.walk() if part.name == "VEVENT"]
    assert all(part["uid"] for part in events)
    assert "X-Injected" not in {name for part in events for name in part}
    return marks(body.replace("\r\n ", ""))


def read_xlsx(content):
    found = set()
    for sheet in load_workbook(io.BytesIO(content)).worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type != "f", cell.value
                assert cell.hyperlink is None
                found |= marks(str(cell.value))
    return found


def read_xml(body):
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    tree = etree.fromstring(body.encode(), parser)
    assert not [e for e in tree.iter() if isinstance(e.tag, str) and "xss-probe" in e.tag]
    for element in tree.iter("{http://www.w3.org/2005/Atom}link"):
        assert not Page.RUNS.match(element.get("href", ""))
    for element in tree.iter("{http://www.w3.org/2005/Atom}content"):
        if element.get("type") == "html":
            read_html(element.text or "")
    return marks("".join(tree.itertext()))


def read_json(body):
    json.loads(body)
    return marks(body)


READERS = (
    ("text/html", read_html),
    ("csv", read_csv),
    ("calendar", read_ics),
    ("xml", read_xml),
    ("json", read_json),
)


def read(answer):
    """Check an answer as its kind asks for; return the numbers of the columns that it tells of."""
    content = b"".join(answer) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    assert "X-Injected" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if content.startswith(b"PK"):
        return read_packed(content, kind)
    for name, reader in READERS:
        if name in kind and not ("xml" in name and "spreadsheet" in kind):
            return reader(content.decode())
    return marks(content.decode())


def read_packed(content, kind):
    if "spreadsheet" in kind:
        return read_xlsx(content)
    found = set()
    with ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            assert not name.startswith("/")
            assert ".." not in name
            body = packed.read(name)
            found |= read_csv(body.decode()) if name.endswith(".csv") else set()
            found |= read_json(body.decode()) if name.endswith(".json") else set()
    return found


def public_pages():
    for page, addresses in PAGES.items():
        for path, query in addresses():
            for target in {"", FRAGMENTS.get(page, "")}:
                yield path, query, {"HX-Request": "true", "HX-Target": target} if target else {}


def walk_public(client):
    found = set()
    for path, query, headers in public_pages():
        answer = client.get(path, query, headers=headers)
        assert answer.status_code in (200, 302, 404, 422), f"{path}?{urlencode(query)}"
        try:
            found |= read(answer)
        except Exception as error:
            raise AssertionError(f"{path}?{urlencode(query)}") from error
    return found


def walk_admin(client):
    found = set()
    for model, where in admin.site._registry.items():
        if model not in rows.MAKERS:
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses = [reverse(f"{name}_changelist")]
        # One row of each kind: the last one made.
        row = where.model._default_manager.order_by("-pk").first()
        if row is not None:
            addresses += [
                reverse(f"{name}_{page}", args=[row.pk]) for page in ("change", "history", "delete")
            ]
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code in (200, 302, 403), address
            try:
                found |= read(answer)
            except Exception as error:
                raise AssertionError(address) from error
    return found


@pytest.fixture
def everything(world):
    """A world with rows of every model."""
    time_passes(world)
    for maker in rows.MAKERS.values():
        maker()
    return world


@pytest.fixture
def root(everything):
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.mark.parametrize("turn", range(0, len(corpus.XSS), 13))
def test_text_of_every_column_stays_text_on_every_public_page_and_in_every_file(
    client, everything, turn
):
    taken = fill(turn)
    seen = walk_public(client)
    assert len(seen & taken.keys()) >= 20, sorted(taken[number] for number in seen & taken.keys())


@pytest.mark.parametrize("turn", range(3, len(corpus.XSS), 8))
def test_text_of_every_column_stays_text_on_every_page_of_the_admin(root, turn):
    taken = fill(turn)
    seen = walk_admin(root)
    assert len(seen & taken.keys()) >= 60, sorted(taken[number] for number in seen & taken.keys())


@pytest.mark.parametrize("text", corpus.XSS)
def test_a_hostile_subject_makes_no_header_of_a_mail(everything, text):
    notice = rows.notice()
    user = notice.view.user
    user.email = "reader@example.org"
    user.save()
    hostile = text.format(n=1)
    Notice.objects.filter(pk=notice.pk).update(subject=hostile[:200], body=hostile)
    alerts.run()
    for sent in mail.outbox:
        message = sent.message()
        assert "X-Injected" not in message
        assert message.get_content_type() == "text/plain"


@pytest.mark.parametrize("path", ["/search/", "/actors/", "/login/", "/timelines/us-iran-2020/"])
@pytest.mark.parametrize("text", corpus.XSS)
def test_what_is_asked_for_stays_text_where_it_is_repeated(client, world, path, text):
    for name in ("q", "actor", "next", "page", "type", "as_of", "utm"):
        answer = client.get(path, {name: text.format(n=1)})
        assert answer.status_code in (200, 400, 404)
        read_html(answer.content.decode())


def test_the_reader_of_pages_notices_what_runs():
    """The checks above see what they are to see."""
    for text in corpus.XSS[:4] + corpus.XSS[11:15] + corpus.XSS[18:25]:
        assert Page(f"<p>{text.format(n=1)}</p>").bad, text
    for text in corpus.URLS[:6]:
        assert Page(f'<a href="{text.format(n=1)}">x</a>').bad, text
    with pytest.raises(AssertionError):
        read_csv("a,=1+1\r\n")
