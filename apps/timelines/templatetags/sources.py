"""What became of an article or a quoted sentence since, as of the day that the page shows."""

from typing import Any

from django import template

from apps.articles.models import Article
from apps.events.models import Evidence
from apps.timelines.asof import NOW
from apps.timelines.queries import corrections as queries_corrections

register = template.Library()


@register.simple_tag(takes_context=True)
def article_notes(context: dict[str, Any], article: Article) -> list[str]:
    """Sentences about an article that was taken back or is gone; none for most."""
    return queries_corrections.article_notes(article, context.get("as_of", NOW).moment)


@register.simple_tag(takes_context=True)
def evidence_notes(context: dict[str, Any], evidence: Evidence) -> list[str]:
    """Sentences about a quote whose article changed, was taken back or is gone; none for most."""
    return queries_corrections.evidence_notes(evidence, context.get("as_of", NOW).moment)
