"""What a search finds."""

from ninja import Schema
from pydantic import Field

from apps.timelines.api.schemas.actors import ActorRow
from apps.timelines.api.schemas.common import Listed, Named
from apps.timelines.api.schemas.events import ArticleBrief, EventBrief


class Run(Schema):
    """A piece of a text, in order; the whole is what stands there."""

    text: str
    marked: bool = Field(description="It is what was looked for.")


class FoundEvent(EventBrief):
    """An event that was found."""

    text: list[Run] = Field(
        description="Its summary; empty where more became known after as_of: it may tell of that."
    )
    parts: str = Field(description="Who of those that the words name takes part in it.")


class FoundArticle(ArticleBrief):
    """An article that was found."""

    text: list[Run] = Field(description="The passages that say it, an ellipsis between them.")


class Totals(Schema):
    """How many were found of each kind, the filters applied."""

    events: int
    actors: int
    articles: int


class Found(Listed):
    """What a search found, the best first; of all kinds the first few of each."""

    q: str = Field(description="What was read of the words.")
    totals: Totals
    capped: bool = Field(
        description="There may be more, older ones: the newest were looked through."
    )
    meant: list[Named] = Field(description="The actors that the words name, in whatever spelling.")
    suggestions: list[str] = Field(description="Names that may be meant, where nothing was found.")
    page: str = Field(description="Address of the same search for readers.")
    events: list[FoundEvent]
    actors: list[ActorRow]
    articles: list[FoundArticle]
