"""One proposal's screen as the templates want it: the desk's data, the forms, the buttons, what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from apps.accounts.models import User
from apps.core import history_words
from apps.events import curate, desk
from apps.events.admin_desk_form import Proposal
from apps.events.models import Decision, DeskItem, Event

QUICK_REASONS = (
    "not an event: nothing happened on a day",
    "outside the dossier's subject",
    "the machine misread the sentence",
    "known already, with better evidence",
    "the source is not reliable enough alone",
)
SNOOZES = {"1": "Until tomorrow", "3": "For three days", "7": "For a week"}


@dataclass(frozen=True, slots=True)
class Button:
    """A decision with one key."""

    do: str
    key: str
    words: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """The line at the top: what was done; `undo` is what its button posts.

    `bad`: it says why nothing was done; `old`: it was done some time ago.
    """

    words: str
    undo: str = ""
    bad: bool = False
    old: bool = False


@dataclass(slots=True)
class Trouble:
    """Why a decision was not taken, and what the editor had typed."""

    data: QueryDict
    problems: Sequence[str] = ()
    conflict: Sequence[history_words.Told] = ()
    question: str = ""
    found: Sequence[Event] | None = None
    open: str = ""


@dataclass(slots=True)
class DeskPage:
    """What templates/admin/events/desk/ shows of one item for one editor; without an item: nothing waits."""

    user: User
    filters: desk.Filters
    now: datetime
    item: DeskItem | None = None
    screen: desk.Screen | None = None
    proposal: Proposal | None = None
    taken: str = ""
    trouble: Trouble | None = None
    typed: dict[str, Any] = field(default_factory=dict)

    quick_reasons = QUICK_REASONS
    snoozes = SNOOZES

    @classmethod
    def of(
        cls,
        item: DeskItem,
        user: User,
        filters: desk.Filters,
        now: datetime,
        trouble: Trouble | None = None,
    ) -> "DeskPage":
        """Read the screen of an item (unsaved: nothing waits); `trouble` brings back what was typed."""
        screen = desk.screen(item, now)
        data = trouble.data if trouble else None
        return cls(
            user=user,
            filters=filters,
            now=now,
            item=item,
            screen=screen,
            proposal=Proposal(screen.event, screen.claims, data),
            taken=taken_from(user, item, now),
            trouble=trouble,
            typed=_typed(data),
        )

    @property
    def event(self) -> Event | None:
        """The event that the item is about."""
        return self.screen.event if self.screen else None

    @property
    def waits(self) -> bool:
        """Whether anything waits for a decision, and the event is not merely looked at."""
        return self.item is not None and self.item.pk is not None

    @property
    def is_new(self) -> bool:
        """Whether the event itself waits."""
        return self.waits and self.item is not None and self.item.is_new

    @property
    def kind(self) -> str:
        """What waits, in words; the event's status where nothing does."""
        if not self.waits:
            return self.event.get_status_display().capitalize() if self.event else ""
        if self.is_new:
            return "New event"
        return "Correction" if self.item and self.item.corrections_waiting else "Additions"

    @property
    def kind_class(self) -> str:
        """What waits, for its colour."""
        return {"New event": "new", "Correction": "correction"}.get(self.kind, "addition")

    @property
    def seen(self) -> int:
        """The newest change that the editor has seen; what a conflict told has been seen with it."""
        return self.screen.seen if self.screen else 0

    @property
    def may_decide(self) -> bool:
        """Whether the buttons are there: not while another editor works on it."""
        return not self.taken

    @property
    def may_publish(self) -> bool:
        """Whether `p` publishes, not recommends."""
        return self.user.has_perm("events.publish_event")

    @property
    def decides_rows(self) -> bool:
        """Whether evidence is decided piece by piece: on public events, and where there is more than one."""
        return self.screen is not None and (not self.is_new or len(self.screen.evidence) > 1)

    @property
    def may_split(self) -> bool:
        """Whether there is something to take apart."""
        return self.is_new and self.screen is not None and len(self.screen.evidence) > 1

    @property
    def waits_rows(self) -> bool:
        """Whether additions wait that one key accepts or refuses."""
        return self.screen is not None and bool(
            self.screen.evidence or self.screen.claims or self.screen.links
        )

    @property
    def may_reject(self) -> bool:
        """Whether there is something that `r` refuses."""
        return self.is_new or self.waits_rows

    @property
    def may_edit(self) -> bool:
        """Whether the fields can be changed: what was rejected or merged stays as it was."""
        stands = (Event.Status.PROPOSED, Event.Status.PUBLISHED)
        return self.may_decide and self.event is not None and self.event.status in stands

    @property
    def main_buttons(self) -> list[Button]:
        """The decision that `p` takes, if there is one; `o` opens again what was rejected."""
        if self.event is not None and self.event.status == Event.Status.REJECTED:
            return [Button("reopen", "o", "Propose again", "default")]
        if not self.is_new:
            told = [Button("accept", "p", "Accept all that waits", "default")]
            return told if self.waits_rows else []
        if self.may_publish:
            return [Button("publish", "p", "Publish", "default")]
        return [Button("recommend", "p", "Recommend", "default")]

    @property
    def lease(self) -> str:
        """Who works on it until when."""
        if self.taken:
            return self.taken
        until = self.item.claimed_until if self.item else None
        return f"yours until {until:%H:%M} UTC" if until else ""

    def _url(self, name: str) -> str:
        if self.item is None:
            return ""
        address = reverse(f"admin:events_event_desk{name}", args=[self.item.event_id])
        return address + self.filters.query()

    @property
    def url(self) -> str:
        """The screen's own address."""
        return self._url("")

    @property
    def decide_url(self) -> str:
        """Where decisions are posted."""
        return self._url("_decide")

    @property
    def hold_url(self) -> str:
        """Where the page says that its editor is still there."""
        return self._url("_hold")

    @property
    def next_url(self) -> str:
        """Where the following proposal is fetched ahead."""
        if self.event is None or self.taken:
            return ""
        query = self.filters.query()
        return f"{reverse('admin:events_event_desk_next')}{query}{'&' if query else '?'}after={self.event.pk}"

    @property
    def asked(self) -> str:
        """The decision that is asked about twice."""
        return self.trouble.data.get("do", "") if self.trouble else ""


def in_words(decision: Decision) -> str:
    """Say what was decided, e.g. "published EV-1 “Rockets on the embassy”"."""
    event = decision.event
    title = event.title if len(event.title) <= 60 else f"{event.title[:58]} …"
    return f"{decision.get_action_display()} {event.public_id} “{title}”"


def last_decision(user: User) -> Decision | None:
    """Return what the undo key would take back on a fresh page."""
    return curate.last_undoable(user)


def taken_from(user: User, item: DeskItem, now: datetime) -> str:
    """Say which other editor works on the item until when; empty where none does."""
    return "" if item.claimed_by_id == user.pk else desk.holder(item, now)


def _typed(data: QueryDict | None) -> dict[str, Any]:
    """What had been typed outside of the event's own fields."""
    if data is None:
        return {}
    return {
        "reason": data.get("own-reason", ""),
        "into": data.get("into", ""),
        "until": data.get("until", ""),
        "split": data.getlist("split-evidence"),
        "split_claims": data.getlist("split-claims"),
        "split_reason": data.get("split-reason", ""),
    }
