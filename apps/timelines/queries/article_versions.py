"""Two versions of an article side by side, of those that were there at a moment (aware; None: now)."""

from dataclasses import dataclass
from datetime import datetime

from apps.articles.models import Article, ArticleVersion
from apps.core.word_changes import Counts, Paragraph, Passage, compare, count, passages


@dataclass(frozen=True, slots=True)
class Comparison:
    """What of the older version is gone, what is new and what was moved."""

    versions: list[ArticleVersion]  # newest first, without texts
    old: ArticleVersion
    new: ArticleVersion
    headline: list[Paragraph]
    passages: list[Passage]
    counts: Counts
    steps: list[ArticleVersion]  # what came after the older one up to the newer, oldest first

    @property
    def changed(self) -> bool:
        """Tell whether a word differs, in the headline or the text."""
        return any(p.changed for one in self.passages for p in one.paragraphs) or self.new_headline

    @property
    def new_headline(self) -> bool:
        """Tell whether the headlines differ."""
        return any(paragraph.changed for paragraph in self.headline)


def comparison(
    article: Article, numbers: tuple[int | None, int | None], moment: datetime | None
) -> Comparison | None:
    """Compare two versions by number (None: the newest, and the one before it), the earlier one first.

    None where there are fewer than two versions or none of such a number.
    """
    known = list(article.versions.as_of(moment).defer("raw", "text").order_by("-number"))
    by_number = {version.number: version for version in known}
    if len(known) < 2:
        return None
    later = numbers[1] if numbers[1] is not None else known[0].number
    before = [version.number for version in known if version.number < later]
    earlier = numbers[0] if numbers[0] is not None else next(iter(before), known[-1].number)
    earlier, later = sorted((earlier, later))
    if earlier not in by_number or later not in by_number:
        return None
    texts = article.versions.defer("raw").in_bulk([by_number[n].pk for n in (earlier, later)])
    old, new = texts[by_number[earlier].pk], texts[by_number[later].pk]
    body, headline = compare(old.text, new.text), compare(old.title, new.title)
    return Comparison(
        versions=known,
        old=old,
        new=new,
        headline=headline,
        passages=passages(body),
        counts=count([*headline, *body]),
        steps=[v for v in reversed(known) if earlier < v.number <= later],
    )
