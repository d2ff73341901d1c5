"""What a view of a timeline is taken away in: files, the report to print, and how to cite."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control

from apps.events.models import Event
from apps.timelines import asof
from apps.timelines.costly import FILE, PAGE, costly
from apps.timelines.exports import atom_file
from apps.timelines.exports.about import About, about
from apps.timelines.exports.cited import of_article, of_event, of_view
from apps.timelines.exports.citing import CITED_AS, Citation
from apps.timelines.exports.formats import FORMATS, Format
from apps.timelines.exports.report import report as make_report
from apps.timelines.exports.rows import newest, rows
from apps.timelines.exports.urls import base_of
from apps.timelines.filter_words import no_such_name
from apps.timelines.filters import NAMES
from apps.timelines.models import Timeline
from apps.timelines.queries import articles as queries_articles
from apps.timelines.queries import events as queries_events
from apps.timelines.queries.selection import Selection, select

# Where the page stands, not which events it shows: no file is refused for them.
OF_THE_PAGE = ("page", "event", "day", "lanes", "arcs", "sort")


@costly(FILE)
def events(request: HttpRequest, slug: str, ending: str) -> HttpResponseBase:
    """The events of a view as a file: all that answer to the filters, whatever page of the list was open.

    An address with a filter that makes no sense is refused: a file in which one was left out would tell of
    other events than it was asked for, and nobody would notice.
    """
    as_of = asof.read(request)
    found = FORMATS.get(ending)
    if found is None:
        raise Http404(f"There is no file of that kind; there are {', '.join(FORMATS)}.")
    timeline = get_object_or_404(Timeline.objects.public(), slug=slug)
    chosen = selected(request, timeline, as_of)
    if chosen.faults:
        return refused(chosen.faults)
    told = about(chosen, base_of(request))
    if found.write is None:
        return _feed(request, told)
    answer = StreamingHttpResponse(found.write(told, rows(chosen)), content_type=found.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{file_name(told, found)}"'
    answer["Link"] = f'<{told.url}>; rel="canonical"'
    patch_cache_control(answer, no_cache=True)
    return answer


def selected(request: HttpRequest, timeline: Timeline, as_of: asof.AsOf) -> Selection:
    """Return the selection that the address asks for, without what concerns the page alone."""
    query = request.GET.copy()
    for name in OF_THE_PAGE:
        query.pop(name, None)
    found = select(timeline, query, as_of)
    unknown = [no_such_name(name, NAMES) for name in request.GET if name not in NAMES]
    return replace(found, faults=[*found.faults, *unknown]) if unknown else found


def refused(faults: Iterable[str]) -> HttpResponse:
    """Answer 400 with a sentence for each fault."""
    return HttpResponseBadRequest(
        "\n".join(faults) + "\n", content_type="text/plain; charset=utf-8"
    )


def file_name(told: About, found: Format) -> str:
    """Return the name under which the file is kept: timeline, days and the day as of which it speaks."""
    day = f"-as-of-{told.as_of}" if told.as_of else ""
    return f"{told.chosen.timeline.slug}-{'-'.join(told.period)}{day}.{found.ending}"


def _feed(request: HttpRequest, told: About) -> HttpResponseBase:
    """The Atom feed, answered 304 where the reader has it already."""
    query = urlencode([(name, v) for name, values in request.GET.lists() for v in values])
    here = told.base + request.path + (f"?{query}" if query else "")
    body = atom_file.feed(told, newest(told.chosen, atom_file.MOST), here)
    answer = HttpResponse(body, content_type=FORMATS["atom"].content_type)
    answer["ETag"] = atom_file.etag(body)
    patch_cache_control(answer, no_cache=True)
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


@costly(FILE)
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """The view as a report for paper."""
    as_of = asof.read(request)
    timeline = get_object_or_404(Timeline.objects.public(), slug=slug)
    chosen = selected(request, timeline, as_of)
    if chosen.faults:
        return refused(chosen.faults)
    told = about(chosen, base_of(request))
    context = {
        "timeline": timeline,
        "report": make_report(told),
        "method": told.base + reverse("methodology"),
        "section": "timelines",
    }
    answer = render(request, "timelines/report.html", context)
    patch_cache_control(answer, no_cache=True)
    return answer


@costly(PAGE)
def timeline_cite(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """How to cite a view of a timeline, as a file."""
    as_of = asof.read(request)
    timeline = get_object_or_404(Timeline.objects.public(), slug=slug)
    chosen = selected(request, timeline, as_of)
    if chosen.faults:
        return refused(chosen.faults)
    return _cited(of_view(about(chosen, base_of(request))), ending)


def event_cite(request: HttpRequest, public_id: str, ending: str) -> HttpResponseBase:
    """How to cite an event, as a file; a merged one leads to what it was merged into."""
    as_of = asof.read(request)
    found = queries_events.find(public_id)
    if found is None or not _known(found, as_of):
        raise Http404("There is no published event of that id, or none was known by then.")
    if found.public_id != public_id:
        path = reverse("event_cite", args=[found.public_id, ending])
        return HttpResponsePermanentRedirect(as_of.link(path))
    return _cited(of_event(found, as_of, base_of(request)), ending)


def article_cite(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """How to cite a public article, as a file."""
    as_of = asof.read(request)
    rows = queries_articles.public_articles(as_of.moment).select_related("source")
    return _cited(of_article(get_object_or_404(rows, pk=pk), as_of, base_of(request)), ending)


def _known(event: Event, as_of: asof.AsOf) -> bool:
    first = event.first_public_at
    return first is not None and (as_of.moment is None or first <= as_of.moment)


def _cited(citation: Citation, ending: str) -> HttpResponse:
    if ending not in CITED_AS:
        raise Http404(f"There is no citation of that kind; there are {', '.join(CITED_AS)}.")
    content_type, write = CITED_AS[ending]
    answer = HttpResponse(write(citation), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{citation.key}.{ending}"'
    return answer
