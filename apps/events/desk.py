"""The review desk: what waits for an editor, who works on it, and all that is needed to decide.

One module to import; the parts live in desk_*.py:

- items      `refresh` after every change of what waits, `repair` for what was missed
- queue      `Filters`, `items`, `page`
- counts     `counts`: what each value of each filter would show
- holding    `take`, `hold`, `release`, `release_all`, `next_item`, `snooze`, `wake_up`, `recommend`,
             `take_recommendation_back`
- screen     `screen`: one item with its event, text, matches and all that waits on it
- bulk       `bulk_preview`, `bulk`
"""

from apps.events.desk_bulk import ACTIONS, Bulk, Outcome, bulk, bulk_preview
from apps.events.desk_counts import Value, counts
from apps.events.desk_holding import (
    LEASE,
    TakenError,
    hold,
    holder,
    next_item,
    recommend,
    release,
    release_all,
    snooze,
    take,
    take_recommendation_back,
    wake_up,
)
from apps.events.desk_items import refresh, repair
from apps.events.desk_matches import Suggested
from apps.events.desk_queue import (
    CONFIDENCES,
    KINDS,
    ORDERS,
    PER_PAGE,
    Filters,
    Page,
    items,
    page,
)
from apps.events.desk_screen import Reading, Screen, screen
from apps.events.desk_understood import Understood

__all__ = [
    "ACTIONS",
    "CONFIDENCES",
    "KINDS",
    "LEASE",
    "ORDERS",
    "PER_PAGE",
    "Bulk",
    "Filters",
    "Outcome",
    "Page",
    "Reading",
    "Screen",
    "Suggested",
    "TakenError",
    "Understood",
    "Value",
    "bulk",
    "bulk_preview",
    "counts",
    "hold",
    "holder",
    "items",
    "next_item",
    "page",
    "recommend",
    "refresh",
    "release",
    "release_all",
    "repair",
    "screen",
    "snooze",
    "take",
    "take_recommendation_back",
    "wake_up",
]
