"""Whether what a caller has is still what stands: entity tags that cost less than the answer.

What the API tells follows from tables whose every change the history keeps, from articles, and from columns
that are derived a moment after a decision. A few short queries see whether any of them moved; an answer that
shows facts of articles, or what was read of feeds, is tagged by its own text.
"""

import hashlib
from datetime import UTC
from typing import Final

from django.contrib.admin.models import LogEntry
from django.db.models import Count, Max, Min
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from apps.articles.models import ArticleVersion
from apps.core.models import Change
from apps.events.models import Event
from apps.signals.models import SignalSource
from apps.timelines.models import EntryRun, SignalRun, Touch

# Raised where an answer's form changes without its data.
FORM: Final = "1"
# A decision's changes show together once it is done, after those of a later one that took less time: the
# oldest of so many newest moves whenever one comes in among them.
NEWEST: Final = 500


def tag(request: HttpRequest, *more: object) -> str:
    """Return a weak entity tag of what stands behind the request; `more` is what else the answer rests on."""
    newest = Change.objects.order_by("-pk").values("pk")[:NEWEST]
    rows = Change.objects.filter(pk__in=newest)
    changes = rows.aggregate(last=Max("pk"), first=Min("pk"), number=Count("pk"))
    state = (
        *changes.values(),
        waiting(),
        *derived(),
        ArticleVersion.objects.aggregate(last=Max("pk"))["last"],
        LogEntry.objects.aggregate(last=Max("pk"))["last"],
        timezone.now().astimezone(UTC).date().isoformat(),
        *more,
    )
    return _tag(request, repr(state).encode())


def tag_of(request: HttpRequest, body: bytes) -> str:
    """Return a weak entity tag of an answer's text."""
    return _tag(request, body)


def _tag(request: HttpRequest, what: bytes) -> str:
    asked = f"{FORM} {request.build_absolute_uri()} {get_language()} ".encode()
    return f'W/"{hashlib.sha256(asked + what).hexdigest()[:32]}"'


def derived() -> tuple[object, ...]:
    """Return what moves whenever a derived column of a public event did, and never comes back to what it was.

    That no event waits is true before a column was made anew and after it: it does not tell the two apart. The
    database leaves a touch in the very transaction, and touches go when entries of another version are made.
    """
    touches = Touch.objects.aggregate(last=Max("pk"), number=Count("pk"))
    runs = EntryRun.objects.order_by("timeline").values_list("timeline", "version")
    signals = SignalRun.objects.order_by("timeline").values_list("timeline", "version")
    shown = SignalSource.objects.order_by("pk").values_list("pk", "name", "public", "licence")
    return (*touches.values(), *runs, *signals, *shown)


def waiting() -> bool:
    """Tell whether derived columns of some public event wait to be made anew."""
    return Event.objects.as_of(None).filter(stale=True).exists()
