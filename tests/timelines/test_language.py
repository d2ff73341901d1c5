"""The public pages in a second language, which is written from right to left: Persian.

The catalogue says everything, with the same gaps to fill; and no page of a real dossier holds words of the
interface that nobody has put into Persian.
"""

import re
from collections.abc import Iterator
from gettext import GNUTranslations
from html.parser import HTMLParser

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import reverse

from apps.events.models import Event
from apps.timelines.models import Timeline
from tests import loaded

CATALOGUE = settings.BASE_DIR / "locale" / "fa" / "LC_MESSAGES" / "django.po"
GAP = re.compile(r"%\(\w+\)[sd]|%%|</?[a-z]+[^>]*>")


def messages() -> list[Message]:
    """Every entry of the catalogue but its head."""
    with CATALOGUE.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def forms(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


class TestCatalogue:
    def test_every_entry_is_put_into_persian(self) -> None:
        left = [one.id for one in messages() if one.fuzzy or not all(forms(one.string))]
        assert left == []

    def test_every_translation_fills_the_same_gaps_and_keeps_the_marks(self) -> None:
        wrong = [
            one.id
            for one in messages()
            for said in forms(one.string)
            # The singular may leave its number out: "one day"; what it fills must be there in the plural.
            if sorted(set(GAP.findall(said))) != sorted(set(GAP.findall(forms(one.id)[-1])))
        ]
        assert wrong == []

    def test_a_counted_entry_has_as_many_forms_as_persian(self) -> None:
        counted = [one for one in messages() if isinstance(one.id, tuple)]
        assert counted
        assert all(len(one.string) == 2 for one in counted)

    def test_what_is_compiled_is_what_is_written(self) -> None:
        with CATALOGUE.with_suffix(".mo").open("rb") as file:
            compiled = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        del compiled[""]
        written: dict[str | tuple[str, int], str] = {}
        for one in messages():
            key = (f"{one.context}\x04" if one.context else "") + forms(one.id)[0]
            if isinstance(one.id, tuple):
                written |= {(key, number): said for number, said in enumerate(one.string)}
            else:
                written[key] = one.string
        assert compiled == written

    def test_it_says_persian_with_persian_letters_and_signs(self) -> None:
        """Arabic kaf and yeh look alike and are not found by who types Persian; digits stay Western."""
        said = "".join(said for one in messages() for said in forms(one.string))
        assert not set(said) & set("كيى٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")
        assert not re.search(r"[\u0600-\u06ff]\s*[,;?](?!\w)", said)


class Text(HTMLParser):
    """Collects what a page says: its text and the attributes that are read out, but for data and code.

    Data are marked as English, as their own, or as a quotation.
    """

    APART = frozenset({"script", "style", "code", "kbd", "pre", "q", "blockquote", "bdi", "cite"})
    SAID = ("title", "aria-label", "placeholder", "alt", "data-label")
    VOID = frozenset({"meta", "link", "input", "br", "img", "hr", "line", "rect", "circle", "path"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.said: list[str] = []

    @property
    def apart(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        english = tag != "html" and (given.get("lang") or "").startswith("en")
        apart = self.apart or tag in self.APART or english
        if not apart:
            self.said += [value for name in self.SAID if (value := given.get(name))]
        if tag not in self.VOID:
            self.open.append((tag, apart))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.apart and data.strip():
            self.said.append(" ".join(data.split()))


def said_on(html: str) -> list[str]:
    reader = Text()
    reader.feed(html)
    return reader.said


# What is the same in every language: names of formats, of scales and works, and the product's own.
NAMES = {
    *(
        "Tensionline",
        "PLOVER",
        "CAMEO",
        "GDELT",
        "ACLED",
        "MASI",
        "Admiralty",
        "alpha",
        "UTC",
        "EDTF",
        "WGS",
    ),
    *(
        "ISO",
        "SHA",
        "RFC",
        "API",
        "OpenAPI",
        "JavaScript",
        "Python",
        "Atom",
        "RSS",
        "Feed",
        "oEmbed",
    ),
    *(
        "CSV",
        "XLSX",
        "Excel",
        "JSON",
        "GeoJSON",
        "QGIS",
        "Leaflet",
        "iCalendar",
        "STIX",
        "BibTeX",
        "RIS",
    ),
    *("txt", "zip", "PNG", "SVG", "PDF", "Natural", "Earth"),
}
# Names of files, addresses, works that are cited, and what the reader typed.
NOT_WORDS = re.compile(
    r"\S+\.(?:zip|csv)\b|\S*(?:://|\d{4}-\d\d-\d\d)\S*|“[^”]+”.*|«[^»]*»|\b(?:soleimani|xyzzy)\b"
)


class TestPages:
    """The pages of the dossier that comes with the project, asked for in Persian."""

    @pytest.fixture
    def persian(self, db: None) -> Client:
        loaded.us_iran()
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fa"
        return client

    def test_no_words_of_the_interface_are_left_in_english(self, persian: Client) -> None:
        data = Data()
        left = {}
        for address in addresses():
            answer = persian.get(address)
            assert answer.status_code in (200, 404), address
            html = answer.content.decode()
            assert '<html lang="fa" dir="rtl"' in html, address
            if found := sorted({words for text in said_on(html) if (words := data.without(text))}):
                left[address] = found
        assert left == {}


class Data:
    """What the dossier holds in English: it is told as it stands."""

    def __init__(self) -> None:
        texts = {
            text for text in texts_of_data() if re.search("[A-Z].*[a-z]|[A-Z]{2}|[a-z] ", text)
        }
        short = sorted((text for text in texts if len(text) < 200), key=len, reverse=True)
        self._short = re.compile(
            r"(?<![A-Za-z])(?:" + "|".join(map(re.escape, short)) + r")(?![A-Za-z])"
        )
        self._long = [text for text in texts if len(text) > 40]

    def without(self, text: str) -> str:
        """Return the Latin words of `text` that no data and no name account for."""
        text = text.translate(dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"), " "))
        latin = [
            word
            for word in re.findall(r"[A-Za-z]{2,}", self._short.sub(" ", NOT_WORDS.sub(" ", text)))
            if word not in NAMES
        ]
        if not latin or any(text.rstrip("… .") in whole for whole in self._long):
            return ""
        return " ".join(latin)


def texts_of_data() -> Iterator[str]:
    """Every text that somebody wrote into a row; codes, which have words of their own, are none."""
    for label in ("actors", "articles", "events", "places", "sources", "timelines"):
        for model in apps.get_app_config(label).get_models():
            names = [
                field.name
                for field in model._meta.concrete_fields
                if isinstance(field, models.CharField | models.TextField) and not field.choices
            ]
            for row in model._default_manager.values_list(*names):
                yield from (" ".join(text.split()) for text in row if isinstance(text, str))


def addresses() -> list[str]:
    """Pages of every kind, with what they say in common and in rare cases."""
    timeline = Timeline.objects.get(slug="us-iran-2020")
    page = timeline.get_absolute_url()
    asad = Event.objects.get(key="e-20200108-asad-missiles")
    slug = {"slug": timeline.slug}
    return [
        "/",
        "/?as_of=2020-01-10",
        page,
        f"{page}?as_of=2020-01-20&event={asad.public_id}",
        f"{page}?day=2020-01-08&lanes=actor&arcs=1",
        f"{page}?actor=nobody&type=NONE&severity=x&from=2031-01-01&sort=x&page=99",
        f"{page}?q=nothing+has+these+words&contested=1",
        f"{page}changes/?since=2020-01-01",
        f"{page}changes/?as_of=2020-01-20&since=2020-01-01",
        f"{page}compare/?a={timeline.slug}&b={timeline.slug}",
        f"{page}map/",
        f"{page}map/?q=nothing+has+these+words",
        f"{page}network/?by=us-gov&at=iran-gov",
        f"{page}network/?as_of=2020-01-10",
        f"{page}signals/",
        f"{page}difference/?as_of=2020-01-20",
        f"{page}report/?from=2020-01-01&to=2020-01-20",
        reverse("index", kwargs=slug),
        reverse("index_day", kwargs=slug | {"day": "2020-01-08"}),
        reverse("snapshots", kwargs=slug),
        reverse("embed", kwargs=slug),
        reverse("embed-timeline", kwargs=slug),
        reverse("embed-event", kwargs={"public_id": asad.public_id}),
        asad.get_absolute_url(),
        f"{asad.get_absolute_url()}?as_of=2020-01-17",
        f"{asad.get_absolute_url()}?as_of=2019-01-17",
        "/actors/",
        "/actors/us-gov/",
        "/actors/us-gov/?as_of=2020-01-10",
        "/search/",
        "/search/?q=soleimani",
        "/search/?q=xyzzy",
        "/methodology/",
        "/methodology/?as_of=2020-01-20",
        "/login/",
        "/nowhere/",
    ]
