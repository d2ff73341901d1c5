"""What a web server does at the least for a page: a template with as many rows, nothing asked of a database."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

_PAGE = engines["django"].from_string(
    """<!doctype html><title>{{ title }}</title><table>{% for row in rows %}<tr id="row-{{ row.number }}">
<td><a href="{{ row.href }}">{{ row.title }}</a><td>{{ row.day }}<td>{{ row.by }}<td>{{ row.at }}
<td>{{ row.severity|floatformat:1 }}<td>{{ row.words }}</tr>{% endfor %}</table>"""
)


def page(request: HttpRequest) -> HttpResponse:
    """A page with `rows` rows."""
    count = int(request.GET.get("rows", 50))
    rows = [
        {
            "number": n,
            "href": f"/events/{n}/",
            "title": f"Event {n} & what was said of it",
            "day": "3 January 2020",
            "by": "United States",
            "at": "Iran",
            "severity": n / 7,
            "words": "As dossiers tell of it, at some length. " * 4,
        }
        for n in range(count)
    ]
    return HttpResponse(_PAGE.render({"title": "Rows", "rows": rows}))


urlpatterns = [path("", page)]
