"""Intake: what comes in becomes an article, a new version of one, or a refusal with its reason."""

import hashlib
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Barrier

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from apps.articles import edits, origins, removals, standing, stories
from apps.articles.extract import addresses, copies, paraphrase
from apps.articles.extract.text import guess_title
from apps.articles.extract.types import Extracted, ExtractError, Published
from apps.articles.extraction import extract
from apps.articles.models import Article, ArticleVersion, IntakeItem, Story
from apps.articles.plan import plan, validators_of
from apps.core.stages import begin, finish, in_time, wake
from apps.sources.fetchers import http
from apps.sources.fetching import fetch

Outcome = IntakeItem.Outcome
_AHEAD = 2  # items that are read while one is stored
_FAST = 4  # of zlib: half the time of the usual 6, some per cent larger


_Refusal = ExtractError | http.FetchError


@dataclass(frozen=True, slots=True)
class _Read:
    """The bytes of an item, what is in them and the canonical address."""

    raw: bytes
    found: Extracted
    address: str


def waiting() -> QuerySet[IntakeItem]:
    """Items that are due, oldest first."""
    return IntakeItem.objects.due().order_by("id")


def ingest(item: IntakeItem) -> ArticleVersion | None:
    """Take one item in and wake the annotation of what it brought; safe to repeat.

    Returns the version that holds its text; None where it was refused, failed, or was another worker's.
    """
    version = _settled(item, lambda: _read(item)) if begin(item) else None
    if version is not None and item.outcome != Outcome.UNCHANGED:
        wake("annotations.annotate_versions", [version.pk])
    return version


def ingest_each(pks: Sequence[int]) -> list[int]:
    """Take items in one after the other, return those that there was no time for.

    While one is stored, the next is extracted and the one after it fetched: reading is mostly waiting, for the
    extraction's process and for servers.
    """
    begun: list[int] = []
    found: list[int] = []
    reading: deque[tuple[IntakeItem, Future[_Read | _Refusal]]] = deque()

    def store() -> None:
        item, read = reading.popleft()
        version = _settled(item, read.result)
        if version is not None and item.outcome != Outcome.UNCHANGED:
            found.append(version.pk)

    with _readers() as readers:
        for pk in in_time(pks):
            begun.append(pk)
            item = IntakeItem(pk=pk)
            if begin(item):
                reading.append((item, readers.submit(_read, item)))
            if len(reading) > _AHEAD:
                store()
        while reading:
            store()
    if found:
        wake("annotations.annotate_versions", found)
    return list(pks[len(begun) :])


@contextmanager
def _readers() -> Iterator[ThreadPoolExecutor]:
    """Give as many threads as items are read ahead; each has a connection, which it closes in the end."""
    all_there = Barrier(_AHEAD)

    def leave() -> None:
        all_there.wait()  # so that each thread leaves once
        connection.close()

    with ThreadPoolExecutor(_AHEAD) as pool:
        yield pool
        for _ in range(_AHEAD):
            pool.submit(leave)


def _settled(item: IntakeItem, read: Callable[[], _Read | _Refusal]) -> ArticleVersion | None:
    """Store what was read; the version that holds its text, where there is one."""
    return finish(item, lambda found: _take(item, found), outside=read)


def _take(item: IntakeItem, read: _Read | _Refusal) -> ArticleVersion | None:
    """Store what was read; a refusal is an outcome, not a failure to be tried again."""
    if isinstance(read, _Read):
        return _store(item, read.raw, read.found, read.address)
    article = standing.article_at(item.url) if getattr(read, "gone", False) else None
    if article is not None:
        standing.lost(article)
        return _decide(item, Outcome.GONE, article=article, error=str(read))
    return _decide(item, Outcome.REFUSED, error=str(read))


def _read(item: IntakeItem) -> _Read | _Refusal:
    """Fetch where needed and extract; what can never be read is returned as its refusal."""
    try:
        if item.raw is None:
            answer = fetch(item.url)
            item.validators = validators_of(answer.headers)
            raw, url = answer.body, answer.url
            kind, charset = answer.content_type, answer.charset
        else:
            raw, url = bytes(item.raw), item.url
            kind, charset = http.content_type(item.content_type)
        found = extract(raw, content_type=kind, charset=charset, url=url)
        return _Read(raw, found, _address(found, url))
    except ExtractError as refusal:
        return refusal
    except http.FetchError as error:
        if not error.permanent:
            raise
        return error


def _address(found: Extracted, url: str) -> str:
    """The canonical address: as the page names itself, else where it came from, else its content's."""
    for candidate in (found.canonical_url, url, found.url):
        if candidate:
            try:
                return addresses.canonical(candidate)
            except ValueError as error:
                raise ExtractError(f"Its address cannot be used: {error}.") from error
    return addresses.from_content(found.text)


def _store(item: IntakeItem, raw: bytes, found: Extracted, address: str) -> ArticleVersion | None:
    """Write the article, or its new version, and decide the item's outcome."""
    copies.wording(found.text)  # remembered, so that nobody waits for it in the lock
    one_at_a_time()
    # A page that was fetched again is its article's, whatever it calls itself by now.
    article = item.article or Article.objects.filter(canonical_url=address).first()
    removal = removals.against(article, found.text, raw)
    if removal is not None:
        told = removals.refusal(item, removal)
        return _decide(item, Outcome.REFUSED, article=removal.article, error=told)
    if article is not None:
        return _read_again(item, article, raw, found)
    article, outcome = _new_article(item, found, address)
    standing.note_retraction(article, (item.title, found.title), found.text)
    if item.raw is None:
        plan(article, timezone.now(), item.validators)
    return _decide(item, outcome, _keep(item, article, 1, raw, found, edits.FIRST))


def _read_again(
    item: IntakeItem, article: Article, raw: bytes, found: Extracted
) -> ArticleVersion | None:
    """Hold a later reading against what is known: a new version where it says something else."""
    latest = article.latest()
    item.told = edits.told_otherwise(article, found, _published(item, found))
    _fill_gaps(article, item, found)
    if item.raw is None:
        standing.found_again(article)
    standing.note_retraction(article, (item.title, found.title), found.text)
    judged = edits.judge(item, latest, found, raw)
    if judged.cut:
        return _decide(item, Outcome.REFUSED, article=article, error=edits.CUT)
    if judged.unchanged:
        if latest.text == found.text and item.refetches.exists():
            # The same text among other advertisements: the visit keeps the hash of what it received.
            IntakeItem.objects.filter(pk=item.pk).update(raw=None)
        return _decide(item, Outcome.UNCHANGED, latest)
    version = _keep(item, article, latest.number + 1, raw, found, judged)
    stories.follow(version)
    article.paraphrase_note = paraphrase.note(found.text)
    article.save(update_fields=["paraphrase_note"])
    return _decide(item, Outcome.UPDATED, version)


def _keep(
    item: IntakeItem,
    article: Article,
    number: int,
    raw: bytes,
    found: Extracted,
    judged: edits.Judged,
) -> ArticleVersion:
    """Write a version: the text, the marks it is found by, and the bytes it was read from."""
    version = ArticleVersion.objects.create(
        article=article,
        number=number,
        sha256=hashlib.sha256(found.text.encode()).hexdigest(),
        title=_title(item, found),
        text=found.text,
        raw=zlib.compress(raw, _FAST),
        raw_sha256=hashlib.sha256(raw).hexdigest(),
        edit=judged.edit,
        edit_note=judged.note,
    )
    stories.sign(version)
    return version


def one_at_a_time() -> None:
    """Let one worker store at a time, so that two copies arriving together find each other.

    Reading and fetching are done by then: this takes milliseconds, and ends with the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('articles.store'))")


def _new_article(item: IntakeItem, found: Extracted, address: str) -> tuple[Article, str]:
    published = _published(item, found)
    title = _title(item, found)
    source = origins.source_of(item, name=found.source_name, address=address)
    lineage = stories.lineage_of(found.text, published.at if published else None)
    family = found.agency or (source.wire_family if source else "")
    story = lineage.story if lineage else Story.objects.create(title=title)
    stories.name_wire(story.pk, family)
    article = Article.objects.create(
        source=source,
        url=item.url or found.url or found.canonical_url,
        canonical_url=address,
        title=title,
        byline=found.byline,
        agency=found.agency,
        language=found.language,
        published_at=published.at if published else None,
        published_precision=published.precision if published else "unknown",
        published_how=published.how if published else "none",
        story=story,
        lineage=lineage.kind if lineage else Article.Lineage.OWN,
        copied_share=lineage.share if lineage else 0,
        paraphrase_note=paraphrase.note(found.text),
        project_written=item.project_written,
    )
    return article, Outcome.COPY if lineage else Outcome.NEW


def _fill_gaps(article: Article, item: IntakeItem, found: Extracted) -> None:
    """Take from a later reading what earlier ones did not tell; never overwrite what is known."""
    published = _published(item, found)
    values: dict[str, object] = {}
    if article.published_at is None and published is not None:
        values |= {
            "published_at": published.at,
            "published_precision": published.precision,
            "published_how": published.how,
        }
    for name in ("byline", "agency", "language"):
        if not getattr(article, name) and getattr(found, name):
            values[name] = getattr(found, name)
    if values:
        Article.objects.filter(pk=article.pk).update(**values)


def _title(item: IntakeItem, found: Extracted) -> str:
    return (item.title or found.title or guess_title(found.text))[:500]


def _published(item: IntakeItem, found: Extracted) -> Published | None:
    """The publication time: as given with the item or by its feed, else as the page says; never today's."""
    if item.published_at is not None and item.published_precision in ("instant", "day"):
        how = "feed" if item.feed_id else "given"
        return Published(item.published_at, item.published_precision, how)
    return found.published


def _decide(
    item: IntakeItem,
    outcome: str,
    version: ArticleVersion | None = None,
    *,
    article: Article | None = None,
    error: str = "",
) -> ArticleVersion | None:
    """Set the item's outcome, which its success writes."""
    item.outcome = outcome
    item.version = version
    item.article = version.article if version else article
    item.error = error
    return version
