"""Public addresses."""

from django.urls import path

from apps.timelines.api import urls as api_urls
from apps.timelines.views import actors as views_actors
from apps.timelines.views import articles as views_articles
from apps.timelines.views import changes as views_changes
from apps.timelines.views import compare as views_compare
from apps.timelines.views import embed as views_embed
from apps.timelines.views import events as views_events
from apps.timelines.views import exports as views_exports
from apps.timelines.views import index as views_index
from apps.timelines.views import known as views_known
from apps.timelines.views import oembed as views_oembed
from apps.timelines.views import pages as views_pages
from apps.timelines.views import pictures as views_pictures
from apps.timelines.views import saved as views_saved
from apps.timelines.views import search as views_search
from apps.timelines.views import snapshots as views_snapshots
from apps.timelines.views import timeline as views_timeline

urlpatterns = [
    path("", views_timeline.home, name="home"),
    path("timelines/<slug:slug>/", views_timeline.timeline, name="timeline"),
    path("timelines/<slug:slug>/known/", views_known.known, name="known"),
    path("timelines/<slug:slug>/map/", views_pictures.map_page, name="map"),
    path("timelines/<slug:slug>/network/", views_pictures.network_page, name="network"),
    path("timelines/<slug:slug>/signals/", views_pictures.signals_page, name="signals"),
    path("timelines/<slug:slug>/changes/", views_changes.page, name="changes"),
    path("timelines/<slug:slug>/compare/", views_compare.page, name="compare"),
    path("timelines/<slug:slug>/difference/", views_known.difference, name="difference"),
    path("timelines/<slug:slug>/events.<str:ending>", views_exports.events, name="timeline_file"),
    path("timelines/<slug:slug>/report/", views_exports.report, name="timeline_report"),
    path(
        "timelines/<slug:slug>/cite.<str:ending>", views_exports.timeline_cite, name="timeline_cite"
    ),
    path("timelines/<slug:slug>/index/", views_index.index, name="index"),
    path("timelines/<slug:slug>/index/<slug:day>/", views_index.day, name="index_day"),
    path("timelines/<slug:slug>/index.csv", views_snapshots.series, name="index_series"),
    path(
        "timelines/<slug:slug>/index/contributions.csv",
        views_snapshots.contributions,
        name="index_contributions",
    ),
    path("timelines/<slug:slug>/index.zip", views_snapshots.index_zip, name="index_zip"),
    path("timelines/<slug:slug>/snapshot.zip", views_snapshots.snapshot, name="snapshot"),
    path("timelines/<slug:slug>/snapshots/", views_snapshots.snapshots, name="snapshots"),
    path(
        "timelines/<slug:slug>/snapshots/<slug:seal>.zip",
        views_snapshots.kept_snapshot,
        name="kept_snapshot",
    ),
    path("events/<slug:public_id>/", views_events.event, name="event"),
    path("events/<slug:public_id>/cite.<str:ending>", views_exports.event_cite, name="event_cite"),
    path("actors/", views_actors.actors, name="actors"),
    path("actors/<slug:slug>/", views_actors.actor, name="actor"),
    path("articles/<int:pk>/", views_articles.article, name="article"),
    path("articles/<int:pk>/differences/", views_articles.differences, name="article_differences"),
    path("articles/<int:pk>/cite.<str:ending>", views_exports.article_cite, name="article_cite"),
    path("search/", views_search.search, name="search"),
    path("views/<slug:token>.atom", views_saved.feed, name="view_feed"),
    path("methodology/", views_pages.methodology, name="methodology"),
    path("healthz", views_pages.healthz, name="healthz"),
    path("timelines/<slug:slug>/embed/", views_embed.embed_code, name="embed"),
    path("embed/timelines/<slug:slug>/", views_embed.timeline, name="embed-timeline"),
    path("embed/events/<slug:public_id>/", views_embed.event, name="embed-event"),
    path("oembed", views_oembed.oembed, name="oembed"),
    *api_urls.urlpatterns,
]
