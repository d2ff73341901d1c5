"""The words that stand for codes, and the nouns that are counted, in the language of the page."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Words(Mapping[str, str]):
    """Words by code. They are looked up when they are asked for, so that each page has its own language's."""

    def __init__(self, words: Mapping[str, str | Promise]) -> None:
        self._words = words

    def __getitem__(self, code: str) -> str:
        return str(self._words[code])

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


TYPE_WORDS: Final = Words(
    {
        "AGREE": pgettext_lazy("type of event", "Agree or promise"),
        "CONSULT": pgettext_lazy("type of event", "Consult or meet"),
        "SUPPORT": pgettext_lazy("type of event", "Support diplomatically"),
        "CONCEDE": pgettext_lazy("type of event", "Concede"),
        "COOPERATE": pgettext_lazy("type of event", "Cooperate materially"),
        "AID": pgettext_lazy("type of event", "Give aid"),
        "RETREAT": pgettext_lazy("type of event", "Retreat or release"),
        "REQUEST": pgettext_lazy("type of event", "Request or demand"),
        "ACCUSE": pgettext_lazy("type of event", "Accuse or criticise"),
        "REJECT": pgettext_lazy("type of event", "Reject or refuse"),
        "THREATEN": pgettext_lazy("type of event", "Threaten"),
        "PROTEST": pgettext_lazy("type of event", "Protest"),
        "SANCTION": pgettext_lazy("type of event", "Sanction or cut relations"),
        "MOBILIZE": pgettext_lazy("type of event", "Mobilise forces"),
        "COERCE": pgettext_lazy("type of event", "Coerce"),
        "ASSAULT": pgettext_lazy("type of event", "Assault"),
    }
)
MODE_WORDS: Final = Words(
    {
        "abduct": pgettext_lazy("mode of an event", "abduction"),
        "access": pgettext_lazy("mode of an event", "access granted"),
        "aerial": pgettext_lazy("mode of an event", "from the air"),
        "allege": pgettext_lazy("mode of an event", "allegation"),
        "arrest": pgettext_lazy("mode of an event", "arrest"),
        "assist": pgettext_lazy("mode of an event", "assistance"),
        "beat": pgettext_lazy("mode of an event", "beating"),
        "boycott": pgettext_lazy("mode of an event", "boycott"),
        "ceasefire": pgettext_lazy("mode of an event", "ceasefire"),
        "censor": pgettext_lazy("mode of an event", "censorship"),
        "change": pgettext_lazy("mode of an event", "change of policy"),
        "convict": pgettext_lazy("mode of an event", "conviction"),
        "crowd-control": pgettext_lazy("mode of an event", "crowd control"),
        "curfew": pgettext_lazy("mode of an event", "curfew"),
        "cyber": pgettext_lazy("mode of an event", "cyber attack"),
        "demo": pgettext_lazy("mode of an event", "demonstration"),
        "deport": pgettext_lazy("mode of an event", "deportation"),
        "destroy": pgettext_lazy("mode of an event", "destruction of property"),
        "disapprove": pgettext_lazy("mode of an event", "disapproval"),
        "disarm": pgettext_lazy("mode of an event", "disarmament"),
        "discontinue": pgettext_lazy("mode of an event", "dealings cut off"),
        "drone": pgettext_lazy("mode of an event", "by drone"),
        "expel": pgettext_lazy("mode of an event", "expulsion"),
        "explosives": pgettext_lazy("mode of an event", "explosives"),
        "firearms": pgettext_lazy("mode of an event", "firearms"),
        "heavy-weapons": pgettext_lazy("mode of an event", "heavy weapons, rockets or missiles"),
        "hunger": pgettext_lazy("mode of an event", "hunger strike"),
        "investigate": pgettext_lazy("mode of an event", "investigation"),
        "martial-law": pgettext_lazy("mode of an event", "martial law"),
        "meet": pgettext_lazy("mode of an event", "meeting"),
        "militia": pgettext_lazy("mode of an event", "militia"),
        "misinformation": pgettext_lazy("mode of an event", "misinformation"),
        "multilateral": pgettext_lazy("mode of an event", "several parties"),
        "obstruct": pgettext_lazy("mode of an event", "obstruction"),
        "phone": pgettext_lazy("mode of an event", "by telephone"),
        "police": pgettext_lazy("mode of an event", "police"),
        "primitive": pgettext_lazy("mode of an event", "simple weapons"),
        "relations": pgettext_lazy("mode of an event", "relations"),
        "release": pgettext_lazy("mode of an event", "release of people or goods"),
        "resign": pgettext_lazy("mode of an event", "resignation"),
        "restrict": pgettext_lazy("mode of an event", "restriction"),
        "riot": pgettext_lazy("mode of an event", "riot"),
        "seize": pgettext_lazy("mode of an event", "seizure"),
        "sexual": pgettext_lazy("mode of an event", "sexual violence"),
        "strike": pgettext_lazy("mode of an event", "strike"),
        "suicide-attack": pgettext_lazy("mode of an event", "suicide attack"),
        "targeted": pgettext_lazy("mode of an event", "targeted killing"),
        "territory": pgettext_lazy("mode of an event", "territory"),
        "third-party": pgettext_lazy("mode of an event", "with a third party"),
        "torture": pgettext_lazy("mode of an event", "torture"),
        "troops": pgettext_lazy("mode of an event", "troops"),
        "unconventional": pgettext_lazy("mode of an event", "unconventional weapons"),
        "violence": pgettext_lazy("mode of an event", "violence"),
        "visit": pgettext_lazy("mode of an event", "visit"),
        "weapons": pgettext_lazy("mode of an event", "weapons"),
        "withdraw": pgettext_lazy("mode of an event", "withdrawal"),
        "withhold": pgettext_lazy("mode of an event", "withholding"),
        "yield": pgettext_lazy("mode of an event", "giving way"),
    }
)
# What an actor is to another, by the relation's kind; "by" seen from its other end, "past" where it has ended.
RELATION_WORDS: Final = Words(
    {
        "member_of": gettext_lazy("is a member of"),
        "member_of past": gettext_lazy("was a member of"),
        "member_of by": gettext_lazy("has as a member"),
        "member_of by past": gettext_lazy("had as a member"),
        "part_of": gettext_lazy("is part of"),
        "part_of past": gettext_lazy("was part of"),
        "part_of by": gettext_lazy("has as a part"),
        "part_of by past": gettext_lazy("had as a part"),
        "commands": gettext_lazy("commands"),
        "commands past": gettext_lazy("commanded"),
        "commands by": gettext_lazy("is commanded by"),
        "commands by past": gettext_lazy("was commanded by"),
        "backs": gettext_lazy("backs"),
        "backs past": gettext_lazy("backed"),
        "backs by": gettext_lazy("is backed by"),
        "backs by past": gettext_lazy("was backed by"),
        "ally_of": gettext_lazy("is an ally of"),
        "ally_of past": gettext_lazy("was an ally of"),
        "ally_of by": gettext_lazy("is an ally of"),
        "ally_of by past": gettext_lazy("was an ally of"),
        "front_of": gettext_lazy("is a front of"),
        "front_of past": gettext_lazy("was a front of"),
        "front_of by": gettext_lazy("has as a front"),
        "front_of by past": gettext_lazy("had as a front"),
    }
)
# The lane of what is in no other.
NO_LANE: Final = pgettext_lazy("a lane of the chart", "Other")
QUAD_WORDS: Final[dict[int, "_StrPromise"]] = {
    1: gettext_lazy("Verbal cooperation"),
    2: gettext_lazy("Material cooperation"),
    3: gettext_lazy("Verbal conflict"),
    4: gettext_lazy("Material conflict"),
}
PRECISION_WORDS: Final = Words(
    {
        "week": gettext_lazy("known to the week: some day in this span"),
        "month": gettext_lazy("known to the month: some day in this span"),
        "year": gettext_lazy("known to the year: some day in this span"),
    }
)
# How the date of an article's publication is known.
HOW_KNOWN: Final = Words(
    {
        "given": gettext_lazy("as given with the article"),
        "feed": gettext_lazy("from its feed"),
        "page": gettext_lazy("read on its page"),
    }
)
# What is counted, in the forms that each language has for it. A number is written with its thousands marked.
COUNTED: Final[dict[str, "_StrPromise"]] = {
    "actor": ngettext_lazy("%(number)s actor", "%(number)s actors", "count"),
    "article": ngettext_lazy("%(number)s article", "%(number)s articles", "count"),
    "change": ngettext_lazy("%(number)s change", "%(number)s changes", "count"),
    "character": ngettext_lazy("%(number)s character", "%(number)s characters", "count"),
    "cited page": ngettext_lazy("%(number)s cited page", "%(number)s cited pages", "count"),
    "claim": ngettext_lazy("%(number)s claim", "%(number)s claims", "count"),
    "copy": ngettext_lazy("%(number)s copy", "%(number)s copies", "count"),
    "day": ngettext_lazy("%(number)s day", "%(number)s days", "count"),
    "event": ngettext_lazy("%(number)s event", "%(number)s events", "count"),
    "figure": ngettext_lazy("%(number)s figure", "%(number)s figures", "count"),
    "filter": ngettext_lazy("%(number)s filter", "%(number)s filters", "count"),
    "hour": ngettext_lazy("%(number)s hour", "%(number)s hours", "count"),
    "independent report": ngettext_lazy(
        "%(number)s independent report", "%(number)s independent reports", "count"
    ),
    "link": ngettext_lazy("%(number)s link", "%(number)s links", "count"),
    "page": ngettext_lazy("%(number)s page", "%(number)s pages", "count"),
    "place": ngettext_lazy("%(number)s place", "%(number)s places", "count"),
    "published claim": ngettext_lazy(
        "%(number)s published claim", "%(number)s published claims", "count"
    ),
    "published event": ngettext_lazy(
        "%(number)s published event", "%(number)s published events", "count"
    ),
    "report": ngettext_lazy("%(number)s report", "%(number)s reports", "count"),
    "result": ngettext_lazy("%(number)s result", "%(number)s results", "count"),
    "row": ngettext_lazy("%(number)s row", "%(number)s rows", "count"),
    "signal": ngettext_lazy("%(number)s signal", "%(number)s signals", "count"),
    "source": ngettext_lazy("%(number)s source", "%(number)s sources", "count"),
    "timeline": ngettext_lazy("%(number)s timeline", "%(number)s timelines", "count"),
    "unchanged paragraph": ngettext_lazy(
        "%(number)s unchanged paragraph", "%(number)s unchanged paragraphs", "count"
    ),
    "word": ngettext_lazy("%(number)s word", "%(number)s words", "count"),
}
