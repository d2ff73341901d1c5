"""What was removed on legal request is not taken in again."""

import hashlib

from apps.articles.models import Article, IntakeItem, Removal


def against(article: Article | None, text: str, raw: bytes) -> Removal | None:
    """Return the removal that stands against taking this in: of its address, or of the very same content."""
    if article is not None and article.removed_at is not None:
        return article.removal
    digests = [hashlib.sha256(text.encode()).hexdigest(), hashlib.sha256(raw).hexdigest()]
    return Removal.objects.filter(texts__overlap=digests).first()


def refusal(item: IntakeItem, removal: Removal) -> str:
    """Empty the item of what it brought, and return why it is refused."""
    IntakeItem.objects.filter(pk=item.pk).update(raw=None, title="", source_name="")
    return (
        f"Article {removal.article_id} was removed on legal request on {removal.at:%Y-%m-%d}: "
        "it is not taken in again."
    )
