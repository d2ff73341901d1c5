"""What a removal would do, in words for the person who decides about it."""

from apps.events.removing import Preview


def lines(preview: Preview) -> list[str]:
    """Say what a removal would do."""
    told = [
        f"Article {preview.article.pk}: {preview.versions} versions, {preview.items} items of the intake and "
        f"{preview.evidence} pieces of evidence lose their words.",
    ]
    told += [f"{event} stays public; it rests on others too." for event in preview.published]
    told += [
        f"{event} stays public, and NOTHING ELSE supports it: reject it, or attach other evidence."
        for event in preview.alone
    ]
    told += [
        f"{event} repeats words of the article in its own title, summary or notes: edit it."
        for event in preview.wording
    ]
    told += [f"{event} was never public and will be rejected." for event in preview.proposals]
    told += [
        f"Article {copy.pk} is of the same story and is not removed: {copy.url}"
        for copy in preview.copies
    ]
    return told
