"""How a later reading of an article differs from what is known: nothing, a notice, or a silent change."""

import zlib
from dataclasses import dataclass

from apps.articles.extract.modified import modified
from apps.articles.extract.notices import is_correction, new_notice
from apps.articles.extract.sameness import edit, is_cut, same, words
from apps.articles.extract.types import Extracted, ExtractError, Published
from apps.articles.extraction import extract
from apps.articles.models import Article, ArticleVersion, IntakeItem

Edit = ArticleVersion.Edit
CUT = (
    "Only the beginning of the known text is there, as before a paywall or a consent page; "
    "the bytes are kept."
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a later reading is: a version with its kind of edit and a note, or none."""

    edit: str = Edit.FIRST
    note: str = ""
    unchanged: bool = False
    cut: bool = False


FIRST = Judged()


def judge(item: IntakeItem, latest: ArticleVersion, found: Extracted, raw: bytes) -> Judged:
    """Compare a reading with the newest version of its article."""
    # Of two readings of one address the title is the page's own; a feed or a file may name it otherwise.
    visited = not item.title and item.refetches.exists()
    headline = _old_headline(latest, found) if visited else ""
    if same(latest.text, found.text) and not headline:
        return Judged(unchanged=True)
    if visited and is_cut(latest.text, found.text):
        return Judged(cut=True)
    notice = new_notice(f"{latest.title}\n{latest.text}", f"{found.title}\n{found.text}")
    if notice:
        return Judged(Edit.CORRECTION if is_correction(notice) else Edit.NOTICED, notice)
    dated = _date_moved(latest, raw)
    if dated:
        return Judged(Edit.NOTICED, dated)
    change = edit(
        f"{headline}.\n{latest.text}", f"{found.title if headline else ''}.\n{found.text}"
    )
    note = f"The headline was: {headline}" if headline else change.told
    return Judged(Edit.SLIGHT if change.slight else Edit.STEALTH, note[:300])


def _old_headline(latest: ArticleVersion, found: Extracted) -> str:
    """Return the page's own title as it was, where it reads otherwise now; "" where it does not."""
    if not found.title or _alike(found.title, latest.title):
        return ""
    # The version may be titled by a feed: what counts is what the page itself said when it was kept.
    raw = zlib.decompress(bytes(latest.raw)) if latest.raw is not None else b""
    try:
        before = extract(raw).title
    except ExtractError:
        return ""
    return "" if not before or _alike(before, found.title) else before


def _alike(one: str, other: str) -> bool:
    return [w.casefold() for w in words(one)] == [w.casefold() for w in words(other)]


def _date_moved(latest: ArticleVersion, raw: bytes) -> str:
    """Return a sentence where the page itself says that it was changed later than it said before."""
    before = modified(zlib.decompress(bytes(latest.raw))) if latest.raw is not None else None
    now = modified(raw)
    if now is None or (before is not None and now <= before):
        return ""
    if before is None:
        return f"The page says that it was changed on {now:%Y-%m-%d %H:%M} UTC."
    return (
        f"The page's date of change moved from {before:%Y-%m-%d %H:%M} to {now:%Y-%m-%d %H:%M} UTC."
    )


def told_otherwise(
    article: Article, found: Extracted, published: Published | None
) -> dict[str, str]:
    """Return what a later reading says otherwise than the article, which keeps what it knew first."""
    told = {
        name: value
        for name in ("byline", "agency", "language")
        if (value := getattr(found, name)) and getattr(article, name) not in ("", value)
    }
    if published and article.published_at not in (None, published.at):
        told["published_at"] = f"{published.at.isoformat()} ({published.precision})"
    if found.title and not _alike(found.title, article.title):
        told["title"] = found.title[:500]
    return told
