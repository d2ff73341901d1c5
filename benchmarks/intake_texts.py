"""Articles for measuring the intake: made of common words by a seeded generator, each text its own."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_WORDS = Path(__file__).parents[1] / "apps/articles/extract/data/word_frequencies.tsv"
_VOCABULARY = 6_000
# As large as the median page of the readability corpus: 110 kB, 1,230 tags, 3,600 characters of text.
_MENU = "".join(
    f'<li class="menu-item menu-item-{n}"><a href="/section/{n}" data-track="nav:{n}">'
    f"<span>Section {n}</span></a></li>"
    for n in range(50)
)
_SCRIPT = "window.dataLayer=window.dataLayer||[];function track(a){dataLayer.push(a)};" * 650
_TEASER = (
    '<li class="teaser"><div class="picture"><img src="/pictures/{n}.jpg" alt="" loading="lazy"></div>'
    '<h3><a href="/story/{n}">{title}</a></h3><p class="byline"><time>8 h</time></p></li>'
)
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta property="article:published_time" content="2020-{month:02}-{day:02}T08:00:00Z">
<meta property="og:type" content="article"><link rel="canonical" href="{url}"><style>{style}</style>
<script>{script}</script></head>
<body><header><nav><ul>{menu}</ul></nav></header><main><article><h1>{title}</h1>{paragraphs}</article>
<aside><h2>Read more</h2><ul>{related}</ul></aside></main><footer><ul>{menu}</ul></footer></body></html>"""


@cache
def _words() -> tuple[tuple[str, ...], tuple[float, ...]]:
    rows = (line.split("\t") for line in _WORDS.read_text("utf-8").splitlines())
    english = [(row[1], float(row[2])) for row in rows if row[0] == "en" and row[1].isalpha()]
    chosen = english[:_VOCABULARY]
    # The commonest words are rarer here than in English, so that texts differ as much as reports do.
    return tuple(word for word, _ in chosen), tuple(uses**0.7 for _, uses in chosen)


def paragraphs(random_: random.Random, count: int) -> list[str]:
    """Return `count` paragraphs of three to five sentences."""
    words, weights = _words()

    def sentence() -> str:
        told = random_.choices(words, weights, k=random_.randint(9, 24))
        return " ".join(told).capitalize() + "."

    return [" ".join(sentence() for _ in range(random_.randint(3, 5))) for _ in range(count)]


def page(number: int, url: str, seed: int) -> bytes:
    """Return a page of an article as news sites write it: navigation, scripts, teasers, 110 kB of HTML."""
    random_ = random.Random(seed * 1_000_003 + number)  # noqa: S311
    told = paragraphs(random_, random_.randint(7, 11))
    related = "".join(_TEASER.format(n=n, title=told[n % len(told)][:60]) for n in range(40))
    html = _PAGE.format(
        title=told[0][:70].strip(), url=url, month=number % 12 + 1, day=number % 28 + 1, menu=_MENU,
        style=f".c{number}{{color:red;margin:0 auto}}" * 1_200, script=_SCRIPT, related=related,
        paragraphs="".join(f"<p>{one}</p>" for one in told),
    )  # fmt: skip
    return html.encode()


@dataclass(frozen=True)
class Record:
    """A line of a file of records."""

    url: str
    text: str

    @property
    def line(self) -> str:
        """As JSON."""
        return json.dumps({"text": self.text, "url": self.url, "title": self.text[:60]}) + "\n"


def records(count: int, seed: int) -> Iterator[Record]:
    """Yield `count` records: of twenty, one is a copy elsewhere and one another version of an earlier one."""
    random_ = random.Random(seed)  # noqa: S311
    texts: list[str] = []
    for number in range(count):
        kind = number % 20
        url = f"https://site{number % 7}.example/{number}"
        if kind == 18:
            yield Record(url, texts[-5])
        elif kind == 19:
            # Of the record eight before: its address, with two more paragraphs.
            earlier = number - 8
            text = "\n\n".join([texts[-8 + 1], *paragraphs(random_, 2)])
            yield Record(f"https://site{earlier % 7}.example/{earlier}", text)
        else:
            texts.append("\n\n".join(paragraphs(random_, 3)))
            yield Record(url, texts[-1])
