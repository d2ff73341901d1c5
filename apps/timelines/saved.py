"""Views that readers keep under a name: what is kept of a view, and who keeps which."""

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.timelines.asof import NOW, AsOf
from apps.timelines.filters import Filters
from apps.timelines.models import SavedView, Timeline, new_token
from apps.timelines.queries.selection import Selection, named_chips, select

MOST_VIEWS: Final = 200
LONGEST_QUERY: Final = 2000


def query_of(filters: Filters) -> str:
    """Return what is kept of a view: without an open event or day, its page, and as of when it was read."""
    return replace(filters, event="", day=None, page=1, as_of=None).query()


def selection(view: SavedView, as_of: AsOf = NOW) -> Selection:
    """Return the events that the view stands for; what its timeline has no more is left out and told."""
    return select(view.timeline, QueryDict(view.query), as_of)


def named(name: str) -> str:
    """Return a view's name on one line: feeds, and the subjects of e-mails, hold no control characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", " ", name).split())


def keep(user: User, timeline: Timeline, name: str, filters: Filters) -> SavedView:
    """Keep a view under a name; ValidationError with sentences where it cannot be."""
    query = query_of(filters)
    if len(query) > LONGEST_QUERY:
        raise ValidationError(_("This view has too many filters to be kept; remove some."))
    if SavedView.objects.filter(user=user).count() >= MOST_VIEWS:
        raise ValidationError(
            _("You keep %(most)s views already; delete one first.") % {"most": MOST_VIEWS}
        )
    view = SavedView(user=user, timeline=timeline, name=named(name), query=query)
    view.full_clean()
    view.save()
    return view


def told_again(view: SavedView, before: SavedView) -> None:
    """Start the clocks of what the owner asks to be told of from now on, where that changed."""
    if view.digest and view.digest != before.digest:
        view.digested_at = timezone.now()
    if view.threshold != before.threshold:
        view.above = None


def new_address(view: SavedView) -> None:
    """Give the view's feed another address; the old one leads nowhere from now on."""
    view.token = new_token()
    view.save(update_fields=["token"])


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept view with its filters in words and how many events it shows now."""

    view: SavedView
    filters: list[str]
    href: str


def kept_by(user: User) -> list[Kept]:
    """Return the views that somebody keeps, of timelines that are public."""
    mine = SavedView.objects.filter(user=user, timeline__published=True)
    found = []
    for view in mine.select_related("timeline"):
        chosen = selection(view)
        words = [chip.label for chip in named_chips(chosen, chosen.filters)]
        found.append(Kept(view, words, address_of(view)))
    return found


def address_of(view: SavedView) -> str:
    """Return the address of the view on this site."""
    return f"{view.timeline.get_absolute_url()}?{view.query}".removesuffix("?")


def context(request: HttpRequest, chosen: Selection) -> dict[str, Any]:
    """Return what the timeline page says of saved views: the query to keep, and as what it is kept already."""
    query = query_of(chosen.filters)
    same = None
    if request.user.is_authenticated:
        mine = SavedView.objects.filter(user=request.user, timeline=chosen.timeline)
        same = mine.filter(query=query).first()
    return {"keep": {"query": query, "same": same, "longest": 100}}
