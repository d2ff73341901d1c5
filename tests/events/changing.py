"""Sources that change: makers for the tests of corrections."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from apps.annotations.models import Annotation
from apps.articles.models import Article, ArticleVersion
from apps.events import corrections
from apps.events.models import Event, Evidence, SourceChange, Standing
from apps.events.source_changes import notice
from tests.events import make

TOLD = "Eleven people were wounded at the base, the Pentagon said."
TOLD_NOW = "At least 34 people were wounded at the base, the Pentagon said."
FIRST = f"Missiles hit a base in Iraq on Wednesday.\n\n{TOLD}\n\nOil prices rose in early trading."
SECOND = FIRST.replace(TOLD, TOLD_NOW)
FETCHED = datetime(2020, 11, 21, 8, tzinfo=UTC)


def next_version(article: Article, text: str, fetched_at: datetime = FETCHED) -> ArticleVersion:
    """The article's next version, read and assembled unless `text` is left for a test to do so."""
    return ArticleVersion.objects.create(
        article=article,
        number=article.latest().number + 1,
        fetched_at=fetched_at,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        title=article.title,
        text=text,
    )


def read(version: ArticleVersion) -> Annotation:
    """A finished reading of a version, and its finished assembly."""
    annotation = make.annotation(version)
    make.assembly(annotation).record_done(FETCHED)
    return annotation


def quoted(event: Event, version: ArticleVersion, quote: str = TOLD, **values: Any) -> Evidence:
    """A sentence of the version as published evidence of the event, unless told otherwise."""
    start = version.text.index(quote)
    defaults = {"standing": Standing.PUBLISHED, "known_at": version.known_at}
    return Evidence.objects.create(
        event=event,
        article_version=version,
        start=start,
        end=start + len(quote),
        quote=quote,
        **(defaults | values),
    )


def spread() -> list[SourceChange]:
    """Notice what changed and bring all of it to what rests on it, as the sweep does."""
    notice()
    done = [corrections.propagate(change) for change in corrections.waiting()]
    corrections.close_moot()
    assert [change.error for change in done if change.error] == []
    return done
