"""Who may do what: the table that every address, model, action and decision must stand in."""

from dataclasses import dataclass
from typing import Any

from tests.permissions.people import (
    CURATORS,
    EVERYBODY,
    LOGGED_IN,
    NOBODY,
    ONLY_ROOT,
    OPERATOR,
    OPERATORS_,
    ROOT,
    SENIOR,
    SENIORS,
    STAFF,
)

Who = tuple[str, ...]


@dataclass(frozen=True)
class Rights:
    """Who may see a model's pages, add, change and delete."""

    view: Who = STAFF
    add: Who = NOBODY
    change: Who = NOBODY
    delete: Who = NOBODY


_READ = Rights()
_OF_HISTORY = tuple(dict.fromkeys((*CURATORS, *OPERATORS_)))
MODELS: dict[str, Rights] = {
    "auth.Group": Rights(OPERATORS_, ONLY_ROOT, ONLY_ROOT, ONLY_ROOT),
    "core.Change": Rights(_OF_HISTORY),
    "accounts.User": Rights(OPERATORS_, OPERATORS_, OPERATORS_),
    "places.Place": Rights(STAFF, CURATORS, CURATORS),
    "actors.Actor": Rights(STAFF, CURATORS, CURATORS),
    "actors.Alias": Rights(STAFF, CURATORS, CURATORS, CURATORS),
    "actors.Role": Rights(STAFF, CURATORS, CURATORS, CURATORS),
    "actors.Relation": Rights(STAFF, CURATORS, CURATORS, CURATORS),
    "actors.AliasSuggestion": Rights(STAFF, NOBODY, CURATORS),
    "signals.SignalSource": Rights(STAFF, OPERATORS_, OPERATORS_),
    "signals.SignalFile": _READ,
    "signals.Party": Rights(STAFF, NOBODY, CURATORS),
    "signals.Spot": Rights(STAFF, NOBODY, CURATORS),
    "sources.Source": Rights(STAFF, OPERATORS_, OPERATORS_),
    "sources.Feed": Rights(STAFF, OPERATORS_, OPERATORS_),
    "sources.FeedPoll": _READ,
    "sources.Host": _READ,
    "sources.ListedEntry": _READ,
    "articles.Article": Rights(STAFF, NOBODY, CURATORS),
    "articles.ArticleVersion": _READ,
    "articles.Story": _READ,
    "articles.IntakeBatch": _READ,
    "articles.IntakeItem": _READ,
    "articles.Refetch": _READ,
    "articles.Removal": _READ,
    "annotations.Annotation": _READ,
    "annotations.Mention": _READ,
    "annotations.Candidate": _READ,
    "annotations.StoryEvent": _READ,
    "annotations.ClaimCandidate": _READ,
    "events.Event": Rights(STAFF, CURATORS, CURATORS),
    "events.Evidence": Rights(STAFF, NOBODY, CURATORS),
    "events.Claim": Rights(STAFF, NOBODY, CURATORS),
    "events.Link": Rights(STAFF, NOBODY, CURATORS),
    "events.Participation": _READ,
    "events.Decision": _READ,
    "events.Assembly": _READ,
    "events.Placement": _READ,
    "events.Rarity": _READ,
    "events.SourceChange": _READ,
    "events.Correction": _READ,
    "events.DeskItem": _READ,
    # Coders see their own codings alone, and nobody changes one.
    "events.SecondCoding": Rights(CURATORS),
    "timelines.Timeline": Rights(STAFF, SENIORS, SENIORS),
    "timelines.Dyad": Rights(STAFF, SENIORS, SENIORS, SENIORS),
    "timelines.Membership": Rights(STAFF, SENIORS, SENIORS, SENIORS),
    "timelines.DayRollup": _READ,
    "timelines.Snapshot": _READ,
    "timelines.DossierRecord": _READ,
    "timelines.Notice": _READ,
}

# The admin's actions on chosen rows of a list.
ACTIONS: dict[str, dict[str, Who]] = {
    "auth.Group": {"delete_selected": ONLY_ROOT},
    "accounts.User": {"reset_second_factor": OPERATORS_},
    "actors.Alias": {"delete_selected": CURATORS},
    "actors.Role": {"delete_selected": CURATORS},
    "actors.Relation": {"delete_selected": CURATORS},
    "actors.AliasSuggestion": {"take_as_suggested": CURATORS, "decline": CURATORS},
    "sources.Feed": dict.fromkeys(
        ("poll_now", "turn_on", "turn_off", "forget_failures"), OPERATORS_
    ),
    "signals.SignalFile": {"take_back": OPERATORS_},
    "articles.Article": {"fetch_again": CURATORS, "remove": (SENIOR, OPERATOR, ROOT)},
    "articles.IntakeItem": {"do_again": OPERATORS_},
    "articles.Refetch": {"do_again": OPERATORS_},
    "annotations.Annotation": {"do_again": OPERATORS_},
    "events.Assembly": {"do_again": OPERATORS_},
    "events.SourceChange": {"do_again": OPERATORS_},
    "timelines.Dyad": {"delete_selected": SENIORS},
    "timelines.Notice": {"do_again": OPERATORS_},
    "timelines.Membership": {"delete_selected": SENIORS},
}

# Pages of their own beside those of the models: (method, who). Without method: GET.
ADMIN: dict[str, tuple[str, Who]] = {
    "admin:index": ("GET", STAFF),
    "admin:jsi18n": ("GET", STAFF),
    "admin:app_list": ("GET", STAFF),
    "admin:autocomplete": ("GET", STAFF),
    "admin:password_change": ("GET", STAFF),
    "admin:password_change_done": ("GET", STAFF),
    "admin:view_on_site": ("GET", STAFF),
    "admin:auth_user_password_change": ("GET", OPERATORS_),
    "second_factor": ("GET", STAFF),
    "admin:pipeline": ("GET", STAFF),
    "admin:pipeline_release": ("POST", OPERATORS_),
    "admin:articles_article_remove": ("GET", (SENIOR, OPERATOR, ROOT)),
    "admin:sources_feed_find": ("GET", OPERATORS_),
    "admin:sources_feed_opml": ("GET", STAFF),
    "admin:sources_feed_opml_in": ("GET", OPERATORS_),
    "admin:core_change_export": ("GET", (*SENIORS, OPERATOR)),
    "admin:actors_actor_merge": ("GET", SENIORS),
    "admin:actors_actor_split": ("GET", SENIORS),
    "admin:places_place_merge": ("GET", SENIORS),
    "admin:places_place_split": ("GET", SENIORS),
    "admin:events_event_queue": ("GET", CURATORS),
    "admin:events_event_desk": ("GET", CURATORS),
    "admin:events_event_desk_next": ("GET", CURATORS),
    "admin:events_event_desk_find": ("GET", CURATORS),
    "admin:events_event_desk_offers": ("GET", CURATORS),
    "admin:events_event_desk_bulk": ("GET", CURATORS),
    "admin:events_event_desk_hold": ("POST", CURATORS),
    "admin:events_event_desk_decide": ("POST", CURATORS),
    "admin:events_event_desk_undo": ("POST", CURATORS),
    "admin:events_event_undo": ("POST", CURATORS),
    "admin:events_event_take_back": ("POST", CURATORS),
    "admin:events_secondcoding_code": ("GET", CURATORS),
}

# The buttons of the desk, and its actions on many.
DESK: dict[str, Who] = {
    **dict.fromkeys(
        ("save", "accept", "recommend", "attach", "merge", "split", "reject"), CURATORS
    ),
    "publish": SENIORS,
    **dict.fromkeys(("reopen", "snooze", "take-over", "keep", "remove"), CURATORS),
    **dict.fromkeys(("accept-evidence", "reject-evidence", "accept-claim"), CURATORS),
    **dict.fromkeys(("reject-claim", "accept-link", "reject-link"), CURATORS),
}
BULK: dict[str, Who] = {
    "publish": SENIORS,
    **dict.fromkeys(("reject", "attach", "recommend", "snooze", "revise"), CURATORS),
}

# Public pages: a login is asked for where the installation is closed.
PUBLIC: tuple[str, ...] = (
    "home",
    "timeline",
    "known",
    "difference",
    "changes",
    "compare",
    "map",
    "network",
    "signals",
    "timeline_file",
    "timeline_report",
    "timeline_cite",
    "index",
    "index_day",
    "index_series",
    "index_contributions",
    "index_zip",
    "snapshot",
    "snapshots",
    "kept_snapshot",
    "event",
    "event_cite",
    "actors",
    "actor",
    "article",
    "article_differences",
    "article_cite",
    "methodology",
    "search",
    "embed",
    "embed-timeline",
    "embed-event",
    "api-root",
    "api-docs",
)
# For programs: where the installation is closed, 401 instead of a way to the login.
API: tuple[str, ...] = (
    "api-openapi",
    "api-timelines",
    "api-timeline",
    "api-events",
    "api-index",
    "api-day",
    "api-coverage",
    "api-signals",
    "api-signals-loudest",
    "api-signals-load",
    "api-event",
    "api-actors",
    "api-actor",
    "api-actor-events",
    "api-article",
    "api-places",
    "api-search",
    "api-unknown",
    "oembed",
)
# Free in a closed installation, too.
FREE: dict[str, tuple[str, Who]] = {
    "healthz": ("GET", EVERYBODY),
    "readyz": ("GET", EVERYBODY),
    "login": ("GET", EVERYBODY),
    "set_language": ("POST", EVERYBODY),
    "admin:login": ("GET", EVERYBODY),
    "admin_login": ("GET", EVERYBODY),
    "login_code": ("GET", EVERYBODY),
    "logout": ("POST", EVERYBODY),
    "admin:logout": ("POST", EVERYBODY),
    "admin_logout": ("POST", EVERYBODY),
}
# Of these, what leads to the login where no password was given before.
AFTER_PASSWORD = {"login_code"}
# Somebody's own: a login is asked for everywhere, and what is another's is not found.
OWN: dict[str, str] = {
    "saved_views": "GET",
    "keep_view": "GET",
    "saved_view": "GET",
    "new_view_address": "POST",
    "delete_view": "POST",
}
# Whoever has the address may read it, in a closed installation too.
BY_TOKEN: tuple[str, ...] = ("view_feed",)
# Whoever has the installation's token, as a header, where it has one.
BY_BEARER: tuple[str, ...] = ("metrics",)
# The admin's own: an address without a page after it, and any other address below it.
UNNAMED: Any = ("admin/<app>/<model>/<path:object_id>/", "admin/(?P<url>.*)$")
READERS = LOGGED_IN
