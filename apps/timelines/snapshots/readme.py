"""What the README of an archive says, in English for every reader: files are kept and passed on."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from apps.timelines.exports.about import About
from apps.timelines.snapshots.index_files import IndexFiles


def readme(template: str, about: About, files: IndexFiles, **more: Any) -> bytes:
    """Return a README of templates/timelines/index/ about a view and its index."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {"about": about, "files": files, **more}
        return render_to_string(f"timelines/index/{template}", context).encode()
