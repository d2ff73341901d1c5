"""The citations of an event and of a view of a timeline."""

from dataclasses import replace
from datetime import UTC, date

from django.conf import settings
from django.utils import timezone, translation

from apps.articles.models import Article
from apps.events.models import Event
from apps.timelines import wording
from apps.timelines.asof import AsOf
from apps.timelines.exports.about import About
from apps.timelines.exports.citing import Citation
from apps.timelines.models import Timeline
from apps.timelines.templatetags.words import web_address


def of_event(event: Event, as_of: AsOf, base: str) -> Citation:
    """Return how to cite the event's page, read today; `base` is the site's address."""
    # Its id begins with the code of the dossier that it was made for.
    code = event.public_id.split("-")[0]
    home = Timeline.objects.public().filter(code=code).first()
    return Citation(
        key=f"tensionline-{event.public_id}",
        title=event.title,
        part=", ".join(filter(None, [f"event {event.public_id}", home.title if home else ""])),
        url=base + as_of.link(event.get_absolute_url()),
        licence=home.licence if home else "",
        as_of=as_of.day,
        accessed=_today(),
    )


def of_article(article: Article, as_of: AsOf, base: str) -> Citation:
    """Return how to cite the article as its page here shows it: whose it is stands in `part`."""
    source = article.source.name if article.source else article.agency
    if article.project_written:
        part = "sample dispatch, written for this project"
    else:
        with translation.override(settings.LANGUAGE_CODE):
            day = wording.day(article.published_at.date()) if article.published_at else ""
        address = article.url if web_address(article.url) else ""
        part = ", ".join(filter(None, ["annotated article", source, day, address]))
    return Citation(
        key=f"tensionline-article-{article.pk}",
        title=article.title,
        part=part,
        url=base + as_of.link(article.get_absolute_url()),
        licence="",  # its text is its publisher's
        as_of=as_of.day,
        accessed=_today(),
    )


def of_view(told: About) -> Citation:
    """Return how to cite a view of a timeline, read today."""
    with translation.override(settings.LANGUAGE_CODE):
        english = replace(told)  # without the words that the page has made of it
        words = f"timeline, {english.period_words}"
        part = f"{words}, {english.filters_words}" if english.filters else words
    return Citation(
        key=f"tensionline-{told.chosen.timeline.slug}",
        title=told.title,
        part=part,
        url=told.url,
        licence=told.chosen.timeline.licence,
        as_of=told.chosen.as_of.day,
        accessed=_today(),
    )


def _today() -> date:
    return timezone.now().astimezone(UTC).date()
