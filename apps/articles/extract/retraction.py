"""Whether a publisher marks a text as taken back. Plain: title and text in, the mark out."""

import re

# Only what stands first is the publisher's word about the article itself; further down, texts report that
# others retracted something.
_LINES = 4
_MARKED = re.compile(
    r"^\W*(?:RETRACTED|RETRACTION|WITHDRAWN|STORY REMOVED|(?:MANDATORY )?KILL|Retracted|Retraction|Withdrawn)"
    r"(?:\s+(?:ARTICLE|STORY|REPORT|Article|Story|Report))?\s*(?:[:\])|\u2013\u2014-]|$)"
)
# The same in other languages, where a title or a first line begins with it and ends or goes on after a colon.
_MARKED_ELSEWHERE = re.compile(
    r"^\W*(?:article (?:retiré|supprimé)|rétractation|(?:artikel|beitrag) zurückgezogen|"
    r"artículo retirado|retractación|"
    r"articolo ritirato|haber geri çekildi|материал (?:отозван|удал[её]н)|публикация отозвана|"
    r"خبر حذف شد|این خبر (?:حذف|پس گرفته) شد|سحب الخبر|"
    r"تم سحب (?:هذا )?(?:الخبر|المقال))\s*(?:[:.\])|\u2013\u2014-]|$)",
    re.IGNORECASE,
)
_SAID_ELSEWHERE = re.compile(
    r"\bcet article a été (?:retiré|supprimé)\b|\bdieser (?:artikel|beitrag) wurde zurückgezogen\b"
    r"|\beste artículo (?:ha sido|fue) retirado\b|\bэтот материал (?:был )?отозван\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:this|the following|the above)\s+(?:news\s+)?(?:article|story|report|item|dispatch|piece|post)\s+"
    r"(?:has\s+been|have\s+been|was|is|is\s+being)\s+(?:\w+ly\s+)?(?:retracted|withdrawn|taken\s+back)\b"
    r"|\b(?:has|have)\s+(?:retracted|withdrawn)\s+this\s+"
    r"(?:article|story|report|item|dispatch|piece|post)\b",
    re.IGNORECASE,
)

_FORMS = (_MARKED, _SAID, _MARKED_ELSEWHERE, _SAID_ELSEWHERE)


def retraction(title: str, text: str) -> str:
    """Return the line by which the publisher takes the article back (at most 300 characters); "" for none.

    A correction is no retraction: the article still stands, in a new version.
    """
    lines = [title, *[line for line in text.splitlines() if line.strip()][:_LINES]]
    for line in lines:
        if any(form.search(line) for form in _FORMS):
            return " ".join(line.split())[:300]
    return ""
