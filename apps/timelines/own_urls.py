"""Addresses that are somebody's own: each of them asks for a login."""

from django.urls import path

from apps.timelines.views import saved as views_saved

urlpatterns = [
    path("views/", views_saved.listed, name="saved_views"),
    path("views/keep/<slug:slug>/", views_saved.keep, name="keep_view"),
    path("views/<int:pk>/", views_saved.one, name="saved_view"),
    path("views/<int:pk>/address/", views_saved.new_address, name="new_view_address"),
    path("views/<int:pk>/delete/", views_saved.delete, name="delete_view"),
]
