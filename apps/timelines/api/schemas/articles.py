"""Articles: about them, and the sentences that events rest on."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from apps.timelines.api.schemas.events import ArticleBrief, EventBrief


class Version(Schema):
    """One text of an article, as it was fetched."""

    number: int
    fetched_at: datetime
    edit: str = Field(
        description="How it came of the version before: correction, noticed, slight, stealth (without "
        "a notice); empty where it was not compared."
    )


class Quoted(Schema):
    """A sentence of the article that a public event rests on."""

    event: EventBrief
    stance: str
    quote: str
    version: int
    start: int = Field(description="First character in the text of that version.")
    end: int
    page: str = Field(description="Address of the sentence.")


class Article(ArticleBrief):
    """An article: about it, and the sentences that public events rest on. Its text is not given."""

    agency: str
    dateline: str
    language: str
    first_seen_at: datetime
    project_written: bool = Field(
        description="A sample written for a demonstration, not journalism."
    )
    notes: list[str] = Field(description="Taken back by its publisher, or gone.")
    versions: list[Version] = Field(description="Newest first.")
    quotes: list[Quoted]
