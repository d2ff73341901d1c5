"""When a reader was here last: one signed cookie for each timeline, kept in the reader's browser alone.

It holds two times: the end of the visit before, and when this visit was last noted. It is written at most
once in half an hour, read by this timeline's pages only, and says nothing of who the reader is.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from apps.timelines.models import Timeline

NOTED_EVERY: Final = timedelta(minutes=30)
# Who comes back sooner goes on with the same visit: what was new stays new over lunch.
REST: Final = timedelta(hours=4)
KEPT: Final = timedelta(days=365)
_SALT: Final = "timelines.visits"


def last_visit(request: HttpRequest, timeline: Timeline) -> datetime | None:
    """Return when the visit before this one ended (aware UTC); None where there was none that is known."""
    before, noted = _read(request, timeline)
    if noted is not None and timezone.now() - noted > REST:
        return noted
    return before


def note(request: HttpRequest, response: HttpResponse, timeline: Timeline) -> None:
    """Keep in the answer's cookie that the reader is here now, where that was not noted lately."""
    patch_vary_headers(response, ["Cookie"])
    before, noted = _read(request, timeline)
    now = timezone.now()
    if noted is not None and now - noted <= NOTED_EVERY:
        return
    if noted is not None and now - noted > REST:
        before = noted
    response.set_signed_cookie(
        _name(timeline),
        f"{_seconds(before)}:{_seconds(now)}",
        salt=_SALT,
        max_age=int(KEPT.total_seconds()),
        path=timeline.get_absolute_url(),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _name(timeline: Timeline) -> str:
    return f"visit-{timeline.pk}"


def _seconds(moment: datetime | None) -> str:
    return str(int(moment.timestamp())) if moment else ""


def _read(request: HttpRequest, timeline: Timeline) -> tuple[datetime | None, datetime | None]:
    """Return (end of the visit before, last noted); a cookie that was tampered with counts as none."""
    kept = request.get_signed_cookie(_name(timeline), default="", salt=_SALT) or ""
    before, _colon, noted = kept.partition(":")
    return _moment(before), _moment(noted)


def _moment(seconds: str) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds.isdigit() else None
