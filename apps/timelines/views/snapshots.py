"""The files of the index and sealed snapshots, to be taken away."""

import tempfile
from typing import Any

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext

from apps.timelines import asof
from apps.timelines.costly import FILE, PAGE, SNAPSHOT, costly
from apps.timelines.dossiers.dump import DumpError
from apps.timelines.exports.rows import read
from apps.timelines.exports.urls import base_of
from apps.timelines.models import Snapshot, Timeline
from apps.timelines.queries.selection import Selection, select
from apps.timelines.snapshots.archive import Archive
from apps.timelines.snapshots.index_files import SCRIPT, IndexFiles
from apps.timelines.snapshots.making import (
    MOST_BYTES,
    Maker,
    SnapshotError,
    about_view,
    kept,
    sources,
)
from apps.timelines.snapshots.readme import readme
from apps.timelines.snapshots.withdrawing import is_withdrawn
from apps.timelines.views.sections import sections

_IN_MEMORY = 8 * 1024 * 1024
MOST_LISTED = 100


@costly(PAGE)
def series(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The index of each day, as CSV."""
    chosen = _chosen(request, slug)
    return _csv(IndexFiles(chosen, base_of(request)).series(), f"{slug}-index.csv")


@costly(PAGE)
def contributions(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What every event adds to the index, as CSV."""
    chosen = _chosen(request, slug)
    return _csv(IndexFiles(chosen, base_of(request)).contributions(), f"{slug}-contributions.csv")


@costly(FILE)
def index_zip(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Both, with their sources and the script that recomputes the one from the other."""
    chosen, base = _chosen(request, slug), base_of(request)
    files = IndexFiles(chosen, base)
    about = about_view(chosen, base, files.count)
    events = files.events.select_related("place").order_by("start", "public_id")
    target = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed with the answer
    archive = Archive(target, MOST_BYTES)
    method = base + reverse("methodology")
    archive.add("README.txt", [readme("index_readme.txt", about, files, method=method)])
    archive.add("index.csv", files.series())
    archive.add("contributions.csv", files.contributions())
    archive.add("sources.csv", sources(read(chosen, events.iterator(chunk_size=400))))
    archive.add("recompute.py", [SCRIPT.read_bytes()])
    archive.close()
    return _zip(target, f"{slug}-index.zip")


@costly(SNAPSHOT)
def snapshot(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A sealed snapshot of the view that the address asks for; of the whole timeline where it asks for none."""
    chosen = _chosen(request, slug)
    target = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed with the answer
    try:
        manifest = Maker(chosen, base_of(request)).write(target)
    except (DumpError, SnapshotError) as error:
        target.close()
        context = {"timeline": chosen.timeline, "why": str(error), "section": "timelines"}
        return render(request, "timelines/index/no_snapshot.html", context, status=422)
    return _zip(target, f"{slug}-{manifest['seal'][:12]}.zip")


def snapshots(request: HttpRequest, slug: str) -> HttpResponse:
    """The snapshots of a timeline that were kept by the day as of which is asked, newest first."""
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    context = {
        "timeline": found,
        "snapshots": _kept(found, as_of).defer("payload")[:MOST_LISTED],
        "sections": sections(select(found, request.GET, as_of), "index"),
        "section": "timelines",
    }
    return render(request, "timelines/index/snapshots.html", context)


@costly(FILE)
def kept_snapshot(request: HttpRequest, slug: str, seal: str) -> HttpResponseBase:
    """A snapshot as it was sealed; one that was made after the day as of which is asked is not there."""
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    row = _kept(found, as_of).filter(sha256=seal).first()
    if row is None:
        raise Http404("No such snapshot is kept.")
    if is_withdrawn(row.payload):
        told = gettext("This snapshot was withdrawn: words in it were removed on legal request.")
        return HttpResponse(told, status=410, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(kept(row), content_type="application/zip")
    return _named(answer, f"{slug}-{seal[:12]}.zip")


def _kept(timeline: Timeline, as_of: asof.AsOf) -> Any:
    rows = Snapshot.objects.filter(timeline=timeline)
    return rows.filter(created_at__lte=as_of.moment) if as_of.moment else rows


def _chosen(request: HttpRequest, slug: str) -> Selection:
    as_of = asof.read(request)
    found = get_object_or_404(Timeline.objects.public(), slug=slug)
    return select(found, request.GET, as_of)


def _csv(chunks: Any, name: str) -> HttpResponseBase:
    return _named(StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8"), name)


def _zip(target: Any, name: str) -> HttpResponseBase:
    target.seek(0)
    return _named(FileResponse(target, content_type="application/zip"), name)


def _named(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(answer, no_cache=True)
    return answer
