"""Public addresses."""

from django.urls import path

from apps.timelines import (
    views_actors,
    views_articles,
    views_events,
    views_pages,
    views_timeline,
)

urlpatterns = [
    path("", views_timeline.home, name="home"),
    path("timelines/<slug:slug>/", views_timeline.timeline, name="timeline"),
    path("events/<slug:public_id>/", views_events.event, name="event"),
    path("actors/", views_actors.actors, name="actors"),
    path("actors/<slug:slug>/", views_actors.actor, name="actor"),
    path("articles/<int:pk>/", views_articles.article, name="article"),
    path("methodology/", views_pages.methodology, name="methodology"),
    path("healthz", views_pages.healthz, name="healthz"),
]
