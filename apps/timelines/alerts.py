"""What the owners of saved views are told by e-mail: what changed, and when the index crosses a threshold.

In two steps, so that a mail server that fails loses nothing and no mail goes out twice: what is to be told is
written down as a Notice, together with the view's clock or state; then a worker claims the notice and sends it.
A digest's clock (`digested_at`) moves when its mail was sent, or when there was nothing to tell.
"""

from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from apps.core.stages import StageStatus, attempt, sweep
from apps.timelines import saved, tension, wording
from apps.timelines.models import Notice, SavedView
from apps.timelines.queries.changes import Changed, changes
from apps.timelines.queries.index import index
from apps.timelines.queries.selection import named_chips

EVERY: Final = {
    SavedView.Digest.DAILY: timedelta(days=1),
    SavedView.Digest.WEEKLY: timedelta(days=7),
}
MOST_TOLD: Final = 100


def run(now: datetime | None = None) -> None:
    """Write down what is to be told at `now` (aware; None: now), and send what waits for the mail server."""
    now = now or timezone.now()
    for pk in _due(now).values_list("pk", flat=True):
        write_digest(pk, now)
    for pk in _told().filter(threshold__isnull=False).values_list("pk", flat=True):
        watch(pk, now)
    sweep(Notice, Notice.objects.due().order_by("pk"), send)  # type: ignore[attr-defined]


def _told() -> QuerySet[SavedView]:
    """Views whose owner can be told something by e-mail."""
    return SavedView.objects.filter(user__is_active=True, timeline__published=True).exclude(
        user__email=""
    )


def _due(now: datetime) -> QuerySet[SavedView]:
    """Views whose digest has come round and has none that waits for the mail server."""
    come = Q(pk__in=[])
    for digest, every in EVERY.items():
        come |= Q(digest=digest, digested_at__lte=now - every)
    ended = [StageStatus.DONE, StageStatus.QUARANTINED]
    waiting = Notice.objects.filter(view=OuterRef("pk"), kind=Notice.Kind.DIGEST).exclude(
        status__in=ended
    )
    return _told().filter(come).exclude(Exists(waiting))


def write_digest(pk: int, now: datetime) -> Notice | None:
    """Write down what changed of a view since its last digest; None where nothing did, or another does it."""
    with transaction.atomic():
        locked = _due(now).select_for_update(skip_locked=True, of=("self",))
        view = locked.select_related("timeline", "user").filter(pk=pk).first()
        if view is None or view.digested_at is None:
            return None
        with translation.override(settings.LANGUAGE_CODE):
            found = changes(saved.selection(view), view.digested_at, now, most=MOST_TOLD)
            if not found:
                SavedView.objects.filter(pk=pk).update(digested_at=now)
                return None
            return _write(
                view, Notice.Kind.DIGEST, now, _digest_subject(view, found), changes=found
            )


def _digest_subject(view: SavedView, found: list[Changed]) -> str:
    words = ngettext("%(name)s: %(number)s change", "%(name)s: %(number)s changes", len(found))
    return words % {"name": view.name, "number": len(found)}


def watch(pk: int, now: datetime) -> Notice | None:
    """Write down that the index of a view's timeline crossed its threshold; None where it did not.

    The first look after a threshold was set only notes on which side the index stands.
    """
    with transaction.atomic():
        locked = _told().select_for_update(skip_locked=True, of=("self",))
        view = locked.select_related("timeline", "user").filter(pk=pk).first()
        if view is None or view.threshold is None:
            return None
        day, value = index_now(view, now)
        above = value >= view.threshold
        if above == view.above:
            return None
        SavedView.objects.filter(pk=pk).update(above=above)
        if view.above is None:
            return None
        kind = Notice.Kind.ABOVE if above else Notice.Kind.BELOW
        with translation.override(settings.LANGUAGE_CODE):
            subject = _crossed(view, value, above=above)
            return _write(view, kind, now, subject, day=day, value=value, above=above)


def index_now(view: SavedView, now: datetime) -> tuple[date, float]:
    """Return the index of the view's timeline as it stands: its day, today at the latest, and 0 to 100."""
    chosen = saved.selection(view)
    day = max(view.timeline.start, min(view.timeline.end, now.date()))
    shown = chosen.filters.changed(start=day, end=day)
    whole, _matching = index(chosen.scope, shown, chosen.as_of, chosen.actor_ids)
    return day, whole[-1].value if whole else tension.scaled(0)


def _crossed(view: SavedView, value: float, *, above: bool) -> str:
    words = (
        gettext("%(timeline)s: tension is above %(threshold)s, at %(value)s of 100")
        if above
        else gettext("%(timeline)s: tension is below %(threshold)s again, at %(value)s of 100")
    )
    return words % {
        "timeline": view.timeline.title,
        "threshold": view.threshold,
        "value": f"{value:.1f}",
    }


def _write(
    view: SavedView, kind: Notice.Kind, now: datetime, subject: str, **told: object
) -> Notice:
    chosen = saved.selection(view)
    template = "digest" if kind == Notice.Kind.DIGEST else "threshold"
    context = {
        "view": view,
        "site": settings.SITE_ADDRESS,
        "address": settings.SITE_ADDRESS + saved.address_of(view),
        "own": settings.SITE_ADDRESS + reverse("saved_view", args=[view.pk]),
        "filters": [chip.label for chip in named_chips(chosen, chosen.filters)],
        "since": wording.minute(view.digested_at) if view.digested_at else "",
        "until": wording.minute(now),
        "most": MOST_TOLD,
        **told,
    }
    body = render_to_string(f"views/{template}.txt", context)
    return Notice.objects.create(
        view=view, kind=kind, until=now, subject=" ".join(subject.split())[:300], body=body
    )


def send(pk: int) -> None:
    """Send a notice unless another worker has it; what fails is tried again later, and the reason is kept."""
    notice = Notice.objects.select_related("view__user").get(pk=pk)
    attempt(notice, lambda: _send(notice))


def _send(notice: Notice) -> None:
    view = notice.view
    # Who left, or gave up the address meanwhile, is told nothing more.
    if view.user.is_active and view.user.email:
        EmailMessage(notice.subject, notice.body, to=[view.user.email]).send()
    if notice.kind == Notice.Kind.DIGEST:
        SavedView.objects.filter(pk=view.pk).update(digested_at=notice.until)
