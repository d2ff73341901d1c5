"""The pages of saved views: keep one, list them, change what one is told of, and its feed."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from apps.timelines import asof, saved
from apps.timelines.costly import FILE, costly
from apps.timelines.exports import atom_file
from apps.timelines.exports.about import about
from apps.timelines.exports.rows import newest
from apps.timelines.exports.urls import base_of
from apps.timelines.models import SavedView, Timeline
from apps.timelines.queries.selection import Selection, named_chips, select


class SavedViewForm(forms.ModelForm):  # type: ignore[type-arg]
    """Its name, and what its owner is told of by e-mail."""

    class Meta:
        model = SavedView
        fields = ("name", "digest", "threshold")
        labels = {
            "name": _("Name"),
            "digest": _("What changed, by e-mail"),
            "threshold": _("Tell me when the index crosses"),
        }
        help_texts = {
            "digest": _("New, corrected and retracted events; nothing where nothing happened."),
            "threshold": _("From 1 to 99; one e-mail each time it goes above or comes back below."),
        }

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["digest"].choices = [  # type: ignore[attr-defined]
            ("", gettext("No e-mail")),
            ("daily", gettext("Once a day")),
            ("weekly", gettext("Once a week")),
        ]
        self.fields["threshold"].widget.attrs |= {"min": 1, "max": 99}

    def clean_name(self) -> str:
        """Refuse a name that another view of the timeline has."""
        name = saved.named(self.cleaned_data["name"])
        if not name:
            raise ValidationError(gettext("Give the view a name."))
        others = SavedView.objects.filter(
            user=self.instance.user, timeline=self.instance.timeline, name=name
        )
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_taken(name))
        return name


def _taken(name: str) -> str:
    words = gettext("You keep another view of this timeline as “%(name)s”; choose another name.")
    return words % {"name": name}


@login_required
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the view that the address asks for, under the name that is sent."""
    as_of = asof.read(request)
    timeline = get_object_or_404(Timeline.objects.public(), slug=slug)
    chosen = select(timeline, request.GET, as_of)
    faults: list[str] = []
    name = ""
    if request.method == "POST":
        name = saved.named(request.POST.get("name", ""))
        try:
            with transaction.atomic():
                view = saved.keep(request.user, timeline, name, chosen.filters)  # type: ignore[arg-type]
        except (ValidationError, IntegrityError) as error:
            faults = _sentences(error, name)
        else:
            return redirect(saved.address_of(view))
    context = {
        "timeline": timeline,
        "words": _words(chosen),
        "faults": faults,
        "name": name,
        "longest": 100,
        "back": f"{timeline.get_absolute_url()}{chosen.filters.href}",
        "query": saved.query_of(chosen.filters),
    }
    return _own(render(request, "views/keep.html", context, status=422 if faults else 200))


def _sentences(error: ValidationError | IntegrityError, name: str) -> list[str]:
    if isinstance(error, IntegrityError):
        return [_taken(name)]
    if not hasattr(error, "error_dict"):
        return error.messages
    of_name = error.error_dict.get("name", [])
    if any(fault.code in ("blank", "null") for fault in of_name):
        return [gettext("Give the view a name.")]
    if of_name:
        return [gettext("The name is too long: at most 100 characters.")]
    return [_taken(name)]


def _words(chosen: Selection) -> list[str]:
    return [chip.label for chip in named_chips(chosen, chosen.filters)]


@login_required
def listed(request: HttpRequest) -> HttpResponse:
    """The reader's own views."""
    context = {"kept": saved.kept_by(request.user), "mail": request.user.email}  # type: ignore[union-attr, arg-type]
    return _own(render(request, "views/list.html", context))


@login_required
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One view: its name, what its owner is told of, its feed."""
    view = _mine(request, pk)
    before = _mine(request, pk)
    form = SavedViewForm(request.POST or None, instance=view)
    if request.method == "POST" and form.is_valid():
        saved.told_again(view, before)
        form.save()
        return redirect("saved_views")
    chosen = saved.selection(view)
    context = {
        "form": form,
        "view": before,
        "words": _words(chosen),
        "faults": chosen.faults,
        "href": saved.address_of(view),
        "feed": base_of(request) + reverse("view_feed", args=[view.token]),
        "mail": request.user.email,  # type: ignore[union-attr]
    }
    status = 422 if form.errors else 200
    return _own(render(request, "views/one.html", context, status=status))


@login_required
@require_POST
def new_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the view's feed another address."""
    view = _mine(request, pk)
    saved.new_address(view)
    return redirect("saved_view", view.pk)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view with its feed and what it was to be told of."""
    _mine(request, pk).delete()
    return redirect("saved_views")


def _mine(request: HttpRequest, pk: int) -> SavedView:
    """Return the reader's own view; another's is not found."""
    mine = SavedView.objects.filter(user=request.user.pk, timeline__published=True)
    return get_object_or_404(mine.select_related("timeline"), pk=pk)


def _own(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_cache=True, private=True)
    return response


@costly(FILE)
@login_not_required
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The events of a saved view as an Atom feed, for whoever has its address; also where a login is needed."""
    as_of = asof.read(request)
    views = SavedView.objects.filter(timeline__published=True, user__is_active=True)
    view = get_object_or_404(views.select_related("timeline"), token=token)
    told = about(saved.selection(view, as_of), base_of(request))
    body = atom_file.feed(
        told, newest(told.chosen, atom_file.MOST), told.base + as_of.link(request.path), view.name
    )
    answer = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    answer["ETag"] = atom_file.etag(body)
    answer["Referrer-Policy"] = "no-referrer"
    patch_cache_control(answer, no_cache=True, private=True)
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer
