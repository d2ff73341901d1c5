"""Annotation: the pipeline reads each latest article version once per version of itself."""

import time
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from apps.annotations import pipeline, store
from apps.annotations.lexicon import lexicon_from_database
from apps.annotations.models import Annotation
from apps.annotations.pipeline.run import Reader
from apps.annotations.pipeline.types import Annotations, ArticleInput, Lexicon, Removed
from apps.articles import stories
from apps.articles.extract.text import beginning, guess_title
from apps.articles.models import Article, ArticleVersion, Story
from apps.core.stages import attempt, wake


def waiting() -> QuerySet[ArticleVersion]:
    """Latest versions that the pipeline in force has not read, or whose next try has come; oldest first."""
    readings = Annotation.objects.filter(
        article_version=OuterRef("pk"), pipeline_version=pipeline.VERSION
    )
    due = readings.due()
    latest = ArticleVersion.objects.latest_of_each()
    return latest.filter(~Exists(readings) | Exists(due)).order_by("id")


def annotate(version: ArticleVersion) -> Annotation | None:
    """Read one version and wake the assembly of what was found; safe to repeat.

    Returns the reading; None where it failed (its row says why), was done before or is another worker's.
    """
    annotation, _ = Annotation.objects.get_or_create(
        article_version=version, pipeline_version=pipeline.VERSION
    )
    done = attempt(annotation, lambda: _read(annotation))
    if done is not None:
        # Only now is the row "done": an assembly woken by the work itself could come too early.
        wake("events.assemble_annotation", annotation.pk)
    return done


def _read(annotation: Annotation) -> Annotation:
    """Let the pipeline read the version and write down what it found, in place of what an earlier try left."""
    version = annotation.article_version
    article = version.article
    reader = _cache.reader()
    started = time.perf_counter()
    found = reader.read(
        ArticleInput(
            text=version.text,
            # A headline that the text repeats is no report; its first words in place of one are.
            title="" if version.title == beginning(version.text) else version.title,
            published=article.published_at.date() if article.published_at else None,
            url=article.url,
            source=article.source.name if article.source else "",
        )
    )
    annotation.took_ms = round((time.perf_counter() - started) * 1000)
    store.replace(annotation, found)
    _improve(article, version, found)
    return annotation


@dataclass
class _ReaderCache:
    """The process's reader: loading the language model and building the name index takes seconds."""

    lexicon: Lexicon | None = None
    cached: Reader | None = None

    def reader(self) -> Reader:
        """Return a reader that knows the names as they stand now in the database."""
        lexicon = lexicon_from_database()
        if self.cached is None or lexicon != self.lexicon:
            self.lexicon, self.cached = lexicon, Reader(lexicon)
        return self.cached


_cache = _ReaderCache()


def _improve(article: Article, version: ArticleVersion, found: Annotations) -> None:
    """Give the article what the reading found and its file did not tell: agency, dateline, a better title."""
    values: dict[str, str] = {}
    if found.agency and not article.agency:
        values["agency"] = found.agency[:40]
        stories.name_wire(article.story_id, found.agency)
    if found.dateline and not article.dateline:
        values["dateline"] = found.dateline[:100]
    boilerplate = [piece for piece in found.removed if piece.why != "repeated headline"]
    better = guess_title(_without(version.text, boilerplate))[:500]
    was_guessed = article.title == guess_title(version.text)[:500]
    if was_guessed and better and better != article.title:
        values["title"] = better
        Story.objects.filter(pk=article.story_id, title=article.title).update(title=better)
    if values:
        Article.objects.filter(pk=article.pk).update(**values)


def _without(text: str, removed: list[Removed]) -> str:
    """The text without its boilerplate."""
    kept, position = [], 0
    for piece in sorted(removed, key=lambda r: r.span.start):
        kept.append(text[position : piece.span.start])
        position = max(position, piece.span.end)
    return "\n".join([*kept, text[position:]])
