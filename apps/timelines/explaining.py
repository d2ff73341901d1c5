"""Why an event's headline says what it says, and how often it is told, in sentences about that event."""

from django.utils.translation import gettext, ngettext

from apps.events.headline import Dispute, Figure, Headline, Rule, Toll
from apps.events.independence import Count
from apps.events.ledger import TOLLS, ClaimValue
from apps.timelines import wording


def toll_name(name: str) -> str:
    """Return "killed" or "wounded" in the language of the page."""
    return gettext("killed") if name == "killed" else gettext("wounded")


def toll(name: str, found: Toll) -> str:
    """Return which step of the rule gave the figure of the killed or wounded, and from which claims."""
    if found.rule == Rule.NONE:
        return gettext("Nobody is known to have given a figure of the %(name)s.") % {
            "name": toll_name(name)
        }
    told = {"name": toll_name(name), "value": _number(found.value)}
    if found.rule == Rule.OFFICIAL:
        words = gettext(
            "%(value)s %(name)s is the latest figure of an official of the affected side: %(said)s."
        )
        return words % {**told, "said": _said(found.basis[0])} + _beside(found)
    if found.rule == Rule.ONLY:
        words = gettext(
            "%(value)s %(name)s is the only figure that counts; it is given by %(speakers)s."
        )
        return words % {**told, "speakers": _speakers(found.basis)}
    told["figures"] = "; ".join(_told(figure) for figure in found.figures)
    if found.rule == Rule.REPORTS:
        words = gettext(
            "No official of the affected side is known to give a figure. %(value)s %(name)s is told by "
            "most independent reports: %(figures)s."
        )
        return words % told
    words = gettext(
        "No official of the affected side is known to give a figure, and none is told by more independent "
        "reports than the others: %(figures)s. So the range from %(low)s to %(high)s %(name)s stands."
    )
    return words % {**told, "low": _number(found.low), "high": _number(found.high)}


def toll_in_brief(found: Toll) -> str:
    """Return which step of the rule gave a figure, in a few words; empty where nobody gave one."""
    if not found.basis:
        return ""
    speaker = found.basis[-1].speaker
    if found.rule == Rule.OFFICIAL:
        words = gettext("latest official figure of the affected side (%(speaker)s)")
        return words % {"speaker": speaker}
    if found.rule == Rule.ONLY:
        return gettext("only figure given (%(speaker)s)") % {"speaker": speaker}
    if found.rule == Rule.RANGE:
        figures = wording.counted(len(found.figures), "figure")
        return gettext("no figure leads: range of %(figures)s") % {"figures": figures}
    reports = [figure.reports for figure in found.figures]
    words = gettext("told by most independent reports (%(most)s of %(all)s)")
    return words % {"most": max(reports), "all": sum(reports)}


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _beside(found: Toll) -> str:
    """Name the figures that count and lose."""
    others = [figure for figure in found.figures if figure.number != found.value]
    if not others:
        return ""
    named = "; ".join(
        gettext("%(number)s by %(speakers)s")
        % {"number": _number(figure.number), "speakers": _speakers(figure.claims)}
        for figure in others
    )
    words = gettext("Other figures stand beside it and lose by that rule: %(figures)s.")
    return " " + words % {"figures": named}


def _told(figure: Figure) -> str:
    return gettext("%(number)s by %(reports)s (%(speakers)s)") % {
        "number": _number(figure.number),
        "reports": wording.counted(figure.reports, "report"),
        "speakers": _speakers(figure.claims),
    }


def contested(head: Headline) -> list[str]:
    """Return in sentences why the event is contested; empty where it is not."""
    why = [
        gettext("Figures of the %(name)s differ, from %(low)s to %(high)s.")
        % {"name": toll_name(name), "low": _number(found.low), "high": _number(found.high)}
        for name, found in zip(TOLLS, (head.killed, head.wounded), strict=True)
        if found.contested
    ]
    return why + [_dispute(row) for row in head.disputes]


def _dispute(row: Dispute) -> str:
    by = {"said": _speakers(row.said), "denied": _speakers(row.denied)}
    if row.field == "occurrence":
        return gettext("That it happened: stated by %(said)s; denied by %(denied)s.") % by
    if row.field == "responsible":
        return gettext("Who did it: stated by %(said)s; denied by %(denied)s.") % by
    if row.field == "arrangement_holds":
        words = gettext("Whether the arrangement holds: stated by %(said)s; denied by %(denied)s.")
        return words % by
    claim = row.said[0]
    told = f"“{claim.value}”" if claim.number is None else f"{claim.number:,} {claim.field}"
    words = gettext("What %(speaker)s states, %(told)s, is denied by %(denied)s.")
    return words % {"speaker": claim.speaker, "told": told, "denied": by["denied"]}


def _said(claim: ClaimValue) -> str:
    return gettext("%(speaker)s, known on %(day)s") % {
        "speaker": claim.speaker,
        "day": wording.day(claim.known_at.date()),
    }


def _speakers(claims: tuple[ClaimValue, ...]) -> str:
    return ", ".join(dict.fromkeys(claim.speaker for claim in claims))


# --- how often it is told -----------------------------------------------------------------


def reports(count: Count) -> str:
    """Return a count in words: "3 independent reports (11 articles)"."""
    if not count.reports:
        return gettext("no independent report")
    parts = [wording.counted(count.articles, "article")] if count.articles else []
    parts += [wording.counted(count.cited, "cited page")] if count.cited else []
    return gettext("%(reports)s (%(parts)s)") % {
        "reports": wording.counted(count.reports, "independent report"),
        "parts": ", ".join(parts),
    }


def samples(count: Count) -> str:
    """Say what of it was written for this project, in a sentence; empty where nothing was."""
    if not count.samples:
        return ""
    told = {"number": f"{count.samples:,}", "articles": wording.counted(count.samples, "article")}
    if not count.reports:
        words = gettext(
            "All of it (%(articles)s) was written for this project as a sample and confirms nothing."
        )
    elif count.reports == 1:
        words = ngettext(
            "%(number)s article beside it was written for this project as a sample and confirms nothing.",
            "%(number)s articles beside it were written for this project as a sample and confirm nothing.",
            count.samples,
        )
    else:
        words = ngettext(
            "%(number)s article beside them was written for this project as a sample and confirms nothing.",
            "%(number)s articles beside them were written for this project as a sample and confirm nothing.",
            count.samples,
        )
    return words % told
