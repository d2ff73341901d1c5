"""What each button of the desk does: `do` is a verb, with a row or a choice after a colon. All through curate.

Each action gets an Act and returns Done; CurateError refuses it with a sentence, and nothing is written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from apps.accounts.models import User
from apps.core import history
from apps.events import answering, curate, desk
from apps.events.admin_desk_form import Proposal
from apps.events.admin_desk_page import QUICK_REASONS, SNOOZES
from apps.events.curate import CurateError
from apps.events.models import Claim, Correction, DeskItem, Event, Evidence, Link

FOUND = 9
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words; `undo` is what the undo button posts, "" where there is nothing to do."""

    words: str
    undo: str = ""
    stay: bool = False


@dataclass(slots=True)
class Act:
    """One press of a button: on which event, by whom, with what typed."""

    event: Event
    item: DeskItem | None
    by: User
    now: datetime
    data: QueryDict
    verb: str
    argument: str
    proposal: Proposal | None

    def text(self, name: str) -> str:
        """What was typed into a field, trimmed, without the character that the database cannot hold."""
        return self.data.get(name, "").replace("\0", "").strip()[:LONGEST]

    def number(self) -> int:
        """The row that the button names."""
        return whole(self.argument)

    @property
    def confirmed(self) -> bool:
        """Whether this very decision was asked about, and pressed again."""
        return self.data.get("sure", "") == self.data.get("do", "")


def whole(text: str) -> int:
    """Return the id that `text` writes out, 0 (nobody's) where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def standing_events(text: str) -> QuerySet[Event]:
    """Events to merge into: by number, or by words of the title; the published ones first."""
    text = text.replace("\0", "").strip()[:100]
    stands = Event.objects.filter(status__in=(Event.Status.PUBLISHED, Event.Status.PROPOSED))
    if not text:
        return stands.none()
    exact = stands.filter(public_id__iexact=text)
    if exact.exists():
        return exact
    for word in text.split()[:6]:
        stands = stands.filter(title__icontains=word) | stands.filter(public_id__icontains=word)
    return stands.order_by("-status", "-start")


def act(press: Act) -> Done:
    """Save what was typed, then do what the button says."""
    do = _ACTIONS.get(press.verb)
    if do is None:
        raise CurateError("Choose what to do: publish, attach, merge, split, reject or snooze.")
    if press.verb in _SAVING:
        saved = _save_typed(press)
        if press.verb == "save":
            words = "Saved." if saved else "Nothing was changed."
            return Done(words, _group() if saved else "", stay=True)
    return do(press)


def _save_typed(press: Act) -> bool:
    """Write what was typed in the fields; tell whether anything differed."""
    proposal = press.proposal
    if proposal is None or not proposal.changed:
        return False
    wrong = proposal.problems()
    if wrong:
        raise CurateError(" ".join(wrong))
    decision = curate.revise(
        press.event,
        proposal.event_changes(),
        participants=proposal.participants(),
        claims=proposal.claim_values(),
        confirmed=press.confirmed,
        by=press.by,
    )
    return decision is not None


def _group() -> str:
    return f"decision:{history.group()}"


def _short(event: Event) -> str:
    title = event.title if len(event.title) <= 80 else f"{event.title[:78]} …"
    return f"{event.public_id} “{title}”"


def _publish(press: Act) -> Done:
    curate.publish(press.event, by=press.by, confirmed=press.confirmed)
    return Done(f"Published {_short(press.event)}.", _group())


def _accept(press: Act) -> Done:
    answering.accept_waiting(press.event, by=press.by)
    return Done(f"Accepted what waited on {_short(press.event)}.", _group())


def _recommend(press: Act) -> Done:
    desk.recommend(press.event, press.by)
    words = f"Recommended {_short(press.event)}; a senior editor publishes it."
    return Done(words, f"recommend:{press.event.pk}")


def _attach(press: Act) -> Done:
    into = _named_by_button(press)
    curate.attach(press.event, to=into, by=press.by)
    return Done(f"Attached {press.event.public_id} to {_short(into)}.", _group())


def _merge(press: Act) -> Done:
    into = _named_by_button(press) if press.argument else _named_by_hand(press)
    curate.merge(press.event, into=into, by=press.by)
    return Done(f"Merged {press.event.public_id} into {_short(into)}.", _group())


def _named_by_button(press: Act) -> Event:
    into = Event.objects.filter(pk=press.number()).first()
    if into is None:
        raise CurateError("There is no such event any more.")
    return into


def _named_by_hand(press: Act) -> Event:
    named = press.text("into")
    found = list(standing_events(named)[:2])
    if len(found) != 1:
        raise CurateError(f"Name one event to merge into by its number; “{named[:40]}” is none.")
    return found[0]


def _reopen(press: Act) -> Done:
    curate.reopen(press.event, by=press.by)
    return Done(f"{_short(press.event)} is a proposal again.", _group(), stay=True)


def _split(press: Act) -> Done:
    new = curate.split(
        press.event,
        evidence=[whole(pk) for pk in press.data.getlist("split-evidence")],
        claims=[whole(pk) for pk in press.data.getlist("split-claims")],
        by=press.by,
        reason=press.text("split-reason"),
    )
    words = f"Split {press.event.public_id}: {new.public_id} waits as a proposal of its own."
    return Done(words, _group(), stay=True)


def _why(press: Act) -> str:
    if press.argument:
        number = press.number()
        if not 0 < number <= len(QUICK_REASONS):
            raise CurateError("Choose one of the reasons, or write your own.")
        return QUICK_REASONS[number - 1]
    return press.text("own-reason")


def _reject(press: Act) -> Done:
    reason = _why(press)
    if press.event.status == Event.Status.PUBLISHED:
        answering.refuse_waiting(press.event, by=press.by, reason=reason)
        return Done(f"Rejected what waited on {_short(press.event)}.", _group())
    curate.reject(press.event, by=press.by, reason=reason)
    return Done(f"Rejected {_short(press.event)}: {reason}.", _group())


def _snooze(press: Act) -> Done:
    item = press.item
    if item is None:
        raise CurateError("Nothing waits on this event any more.")
    desk.snooze(item, _until(press), press.by, now=press.now)
    words = f"{_short(press.event)} sleeps until {item.snoozed_until:%-d %B %Y}."
    return Done(words, f"snooze:{press.event.pk}")


def _until(press: Act) -> date:
    if press.argument in SNOOZES:
        return press.now.date() + timedelta(days=int(press.argument))
    try:
        return date.fromisoformat(press.text("until"))
    except ValueError as error:
        raise CurateError("Say until which day: choose one, or write it as 2026-12-31.") from error


def _row(press: Act, model: type[Any]) -> Any:
    """The row that a button names; one of another event is none."""
    row = model.objects.filter(pk=press.number()).first()
    owner = row and (row.source_id if isinstance(row, Link) else row.event_id)
    if row is None or owner != press.event.pk:
        raise CurateError(f"There is no such {model._meta.verbose_name} on this event any more.")
    return row


def _on(model: type[Any], decide: Callable[..., Any], done: str) -> Callable[[Act], Done]:
    name = model._meta.verbose_name

    def take(press: Act) -> Done:
        row = _row(press, model)
        reason = press.text(f"why-{model._meta.model_name}-{row.pk}")
        decide(row, by=press.by, reason=reason)
        return Done(f"{name.capitalize()} on {press.event.public_id} {done}.", _group(), stay=True)

    return take


def _take_over(press: Act) -> Done:
    row: Correction = _row(press, Correction)
    curate.take_over(
        row, values=_read_now(press, row), by=press.by, reason=_correction_reason(press, row)
    )
    return Done(f"Took the new wording into {_short(press.event)}.", _group(), stay=True)


def _read_now(press: Act, row: Correction) -> dict[int, str | None]:
    """Claim -> what the new wording gives, where the editor said something else than the machine."""
    read = {change["claim"]: change["now"] for change in row.changes if change.get("claim")}
    values: dict[int, str | None] = {}
    for claim in row.claims.all():
        name = f"now-{row.pk}-{claim.pk}"
        if press.data.get(f"{name}-none") == "1":
            values[claim.pk] = None
        elif (typed := press.text(name)) and typed != (read.get(claim.pk) or ""):
            values[claim.pk] = typed
    return values


def _correction_reason(press: Act, row: Correction, otherwise: str = "") -> str:
    return press.text(f"why-correction-{row.pk}") or otherwise


def _keep(press: Act) -> Done:
    row: Correction = _row(press, Correction)
    reason = _correction_reason(press, row, "what is recorded still holds")
    curate.keep(row, by=press.by, reason=reason)
    return Done(f"Kept {_short(press.event)} as it was.", _group(), stay=True)


def _remove(press: Act) -> Done:
    row: Correction = _row(press, Correction)
    reason = _correction_reason(press, row, row.get_cause_display())
    curate.remove(row, by=press.by, reason=reason)
    return Done(f"Took out what rested on it in {_short(press.event)}.", _group(), stay=True)


# What is typed in the fields is saved with these: they say that the event is right as it is shown.
_SAVING = ("save", "publish", "accept", "recommend", "attach", "merge", "split")
_ACTIONS: dict[str, Callable[[Act], Done]] = {
    "save": lambda press: Done("Saved.", stay=True),
    "publish": _publish,
    "accept": _accept,
    "recommend": _recommend,
    "attach": _attach,
    "merge": _merge,
    "split": _split,
    "reject": _reject,
    "reopen": _reopen,
    "snooze": _snooze,
    "accept-evidence": _on(Evidence, curate.publish_evidence, "accepted"),
    "reject-evidence": _on(Evidence, curate.reject_evidence, "rejected"),
    "accept-claim": _on(Claim, curate.publish_claim, "accepted"),
    "reject-claim": _on(Claim, curate.reject_claim, "rejected"),
    "accept-link": _on(Link, curate.publish_link, "accepted"),
    "reject-link": _on(Link, curate.reject_link, "rejected"),
    "take-over": _take_over,
    "keep": _keep,
    "remove": _remove,
}
