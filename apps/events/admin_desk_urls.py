"""The desk's addresses, under the events' admin."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from apps.events import admin_desk, admin_desk_bulk, admin_desk_queue, admin_desk_undo


def desk_urls(site: AdminSite) -> list[URLPattern]:
    """Return the patterns; `events_event_queue` is the queue, `events_event_desk` one proposal's screen."""
    views = (
        ("queue/", admin_desk_queue.queue, "queue"),
        ("queue/next/", admin_desk.following, "desk_next"),
        ("queue/undo/", admin_desk_undo.undo, "desk_undo"),
        ("queue/bulk/", admin_desk_bulk.bulk, "desk_bulk"),
        ("queue/offers/<slug:what>/", admin_desk.offers, "desk_offers"),
        ("queue/<int:pk>/", admin_desk.one, "desk"),
        ("queue/<int:pk>/decide/", admin_desk.decide, "desk_decide"),
        ("queue/<int:pk>/hold/", admin_desk.hold, "desk_hold"),
        ("queue/<int:pk>/find/", admin_desk.find, "desk_find"),
    )
    return [
        path(where, site.admin_view(view), {"site": site}, name=f"events_event_{name}")
        for where, view, name in views
    ]
