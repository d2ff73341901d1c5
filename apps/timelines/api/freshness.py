"""Whether what a caller has is still what stands: entity tags that cost less than the answer.

What the API tells follows from tables whose every change the history keeps, from articles, and from columns
that are derived a moment after a decision. Four short queries see whether any of them moved; an answer that
shows facts of articles is tagged by its own text.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

from django.contrib.admin.models import LogEntry
from django.db.models import Count, Max, Min
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from apps.articles.models import ArticleVersion
from apps.core.models import Change
from apps.events.models import Event

# Raised where an answer's form changes without its data.
FORM: Final = "1"
# A decision's changes show together once it is done, after those of a later one that took less time: the
# oldest of so many newest moves whenever one comes in among them.
NEWEST: Final = 500
# Dates in headers count seconds: a younger change may have another one after it in the same second.
SETTLES: Final = timedelta(seconds=2)


def tag(request: HttpRequest) -> str:
    """Return a weak entity tag of what stands behind the request."""
    newest = Change.objects.order_by("-pk").values("pk")[:NEWEST]
    rows = Change.objects.filter(pk__in=newest)
    changes = rows.aggregate(last=Max("pk"), first=Min("pk"), number=Count("pk"))
    state = (
        *changes.values(),
        waiting(),
        ArticleVersion.objects.aggregate(last=Max("pk"))["last"],
        LogEntry.objects.aggregate(last=Max("pk"))["last"],
        timezone.now().astimezone(UTC).date().isoformat(),
    )
    return _tag(request, repr(state).encode())


def tag_of(request: HttpRequest, body: bytes) -> str:
    """Return a weak entity tag of an answer's text."""
    return _tag(request, body)


def _tag(request: HttpRequest, what: bytes) -> str:
    asked = f"{FORM} {request.build_absolute_uri()} {get_language()} ".encode()
    return f'W/"{hashlib.sha256(asked + what).hexdigest()[:32]}"'


def waiting() -> bool:
    """Tell whether derived columns of some public event wait to be made anew."""
    return Event.objects.as_of(None).filter(stale=True).exists()


def changed_at() -> datetime | None:
    """Return when something last changed (aware); None while that is not settled."""
    last = Change.objects.order_by("-at").values_list("at", flat=True).first()
    settled = last is not None and last < timezone.now() - SETTLES and not waiting()
    return last if settled else None
