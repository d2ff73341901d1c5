"""The list of feeds in the admin: how each does, at a glance."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.kept_admin import KeptAdmin
from apps.core.reading_admin import Undeletable
from apps.core.stages import wake
from apps.sources import health
from apps.sources.feed_pages import feed_urls
from apps.sources.models import Feed, FeedDay, FeedQuerySet


class HealthFilter(admin.SimpleListFilter):
    """By how feeds do."""

    title = "health"
    parameter_name = "health"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Every state."""
        return Feed.Health.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Feed]) -> QuerySet[Feed]:
        """Feeds of the chosen state."""
        chosen = self.value()
        return cast("FeedQuerySet", queryset).doing(chosen) if chosen else queryset


@admin.register(Feed)
class FeedAdmin(Undeletable, KeptAdmin):
    """Addresses that are polled."""

    change_list_template = "admin/sources/feed/change_list.html"
    list_display = ("named", "doing", "last_days", "brings", "last_new", "next_poll")
    list_filter = (HealthFilter, "kind", "language")
    list_select_related = ("source",)
    search_fields = ("url", "title", "source__name")
    autocomplete_fields = ("source",)
    readonly_fields = (
        "doing", "title", "language", "site", "pace_minutes", "per_day", "last_new", "silent_after", "next_due",
        "failures", "failing_since", "gone", "last_error", "last_success", "polling_since",
        "etag", "last_modified",
    )  # fmt: skip
    actions = ("poll_now", "turn_on", "turn_off", "forget_failures")

    class Media:
        css = {"all": ("admin/feeds.css",)}

    def get_urls(self) -> list[URLPattern]:
        """Add the pages beside the list."""
        return [*feed_urls(self), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feed]:
        """Return feeds with their health and their last days."""
        now = timezone.now()
        since = now.date() - timedelta(days=health.STRIP_DAYS)
        days = FeedDay.objects.filter(feed=OuterRef("pk"), day__gt=since).order_by()
        told = days.values(told=JSONObject(day="day", ok="ok", fresh="fresh"))
        feeds = Feed.objects.with_health(now).with_concern()
        return feeds.annotate(days_told=ArraySubquery(told))

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """Those that need somebody first, those that are off last; other pages' choices as ever."""
        here = request.resolver_match
        if here is not None and here.view_name == "admin:sources_feed_changelist":
            return ("concern", "source__name", "url")
        return tuple(super().get_ordering(request))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show above the list how many feeds need somebody."""
        counts = health.in_trouble(timezone.now())
        trouble = [(state, Feed.Health(state).label, number) for state, number in counts.items()]
        more = {
            "trouble": trouble,
            "any_active": Feed.objects.filter(active=True).exists(),
            "may_add": self.has_add_permission(request),
        }
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def save_model(
        self, request: HttpRequest, obj: Feed, form: forms.ModelForm, change: bool
    ) -> None:
        """Start the pace anew where an operator set the interval."""
        if change and "interval_minutes" in form.changed_data:
            obj.pace_minutes = None
            obj.next_due = timezone.now() + timedelta(minutes=obj.interval_minutes)
        super().save_model(request, obj, form, change)

    # --- columns ---------------------------------------------------------------------------------

    @admin.display(description="Feed", ordering="url")
    def named(self, feed: Feed) -> SafeString:
        """The feed's title, its source and its address."""
        return format_html(
            '<span class="feed-name">{}</span><small>{}</small>',
            feed.title or feed.source.name,
            feed.url,
        )

    @admin.display(description="Health", ordering="concern")
    def doing(self, feed: Feed) -> SafeString:
        """The state as a badge, and what is to be said of it."""
        if feed.pk is None:
            return SafeString("–")
        state = Feed.Health(feed.health)  # type: ignore[attr-defined]
        words = "" if state == Feed.Health.OFF else health.told(feed, timezone.now())
        return format_html(
            '<span class="feed-badge feed-{}">{}</span><small>{}</small>', state, state.label, words
        )

    @admin.display(description=f"Last {health.STRIP_DAYS} days")
    def last_days(self, feed: Feed) -> SafeString:
        """A strip: a bar a day, as high as the new entries are many."""
        days = health.strip(feed.days_told, timezone.now().date())  # type: ignore[attr-defined]
        bars = format_html_join(
            "",
            '<rect class="feed-day-{}" x="{}" y="{}" width="3" height="{}"/>',
            (
                (day.state, 4 * n, str(20 - day.height), str(day.height))
                for n, day in enumerate(days)
            ),
        )
        return format_html(
            '<svg class="feed-strip" viewBox="0 0 {} 20" width="{}" height="20" role="img">'
            "<title>{}</title>{}</svg>",
            4 * len(days), 4 * len(days), health.strip_words(days), bars,
        )  # fmt: skip

    @admin.display(description="Brings", ordering="per_day")
    def brings(self, feed: Feed) -> str:
        """How many new entries it usually has."""
        return health.often(feed.per_day)

    @admin.display(description="Next poll", ordering="next_due")
    def next_poll(self, feed: Feed) -> str:
        """When it is asked next, and how often."""
        if not feed.active:
            return "–"
        left = round((feed.next_due - timezone.now()).total_seconds() / 60)
        every = feed.pace_minutes or feed.interval_minutes
        when = "now" if left <= 0 else f"in {left} min" if left < 120 else f"in {left // 60} h"
        return f"{when}, every {every} min" if every < 120 else f"{when}, every {every // 60} h"

    # --- actions ---------------------------------------------------------------------------------

    @admin.action(description="Poll now", permissions=["change"])
    def poll_now(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        """Have active feeds polled at once."""
        chosen = list(queryset.filter(active=True).values_list("pk", flat=True))
        Feed.objects.filter(pk__in=chosen).update(next_due=timezone.now())
        for pk in chosen:
            wake("sources.poll_feed", pk)
        self._said(request, len(chosen), "polled within a minute", "None of these is on.")

    @admin.action(description="Turn on", permissions=["change"])
    def turn_on(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        """Have feeds polled from now on."""
        chosen = list(queryset.filter(active=False).values_list("pk", flat=True))
        count = Feed.objects.filter(pk__in=chosen).update(active=True, next_due=timezone.now())
        self._said(request, count, "polled from now on", "These are on already.")

    @admin.action(description="Turn off", permissions=["change"])
    def turn_off(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        """Have feeds polled no more."""
        chosen = list(queryset.filter(active=True).values_list("pk", flat=True))
        count = Feed.objects.filter(pk__in=chosen).update(active=False)
        self._said(request, count, "polled no more", "These are off already.")

    @admin.action(description="Forget failures and try again", permissions=["change"])
    def forget_failures(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        """End the back-off of feeds that failed."""
        chosen = list(queryset.filter(failures__gt=0).values_list("pk", flat=True))
        count = Feed.objects.filter(pk__in=chosen).update(
            failures=0, last_error="", failing_since=None, gone=False, next_due=timezone.now()
        )
        self._said(request, count, "tried again within a minute", "None of these has failed.")

    def _said(self, request: HttpRequest, count: int, what: str, nothing: str) -> None:
        feeds = "1 feed is" if count == 1 else f"{count:,} feeds are"
        level = messages.SUCCESS if count else messages.WARNING
        self.message_user(request, f"{feeds} {what}." if count else nothing, level)
