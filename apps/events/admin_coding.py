"""Double coding in the admin: the blind form, and each coder's own codings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.accounts.models import User
from apps.actors.models import Actor
from apps.articles.models import Article
from apps.core import plover
from apps.core.marking import Block, Mark, blocks
from apps.core.reading_admin import ReadingAdmin
from apps.events import double_coding
from apps.events.admin_desk_form import NamedField
from apps.events.curate import CurateError
from apps.events.models import Event, Evidence, SecondCoding, Standing
from apps.places.models import Place

MOST_PARTIES = 20
MOST_ARTICLES = 8
# Paragraphs of an article shown on each side of a sentence.
AROUND = 6
_MODES = [
    ("", "none"),
    *((type_, [(mode, mode) for mode in modes]) for type_, modes in plover.MODES.items() if modes),
]


class PartiesField(forms.CharField):
    """Actors by name, slug or alias, one a line; the value is the actors, each once."""

    widget = forms.Textarea(
        attrs={"rows": 3, "maxlength": MOST_PARTIES * 200, "autocomplete": "off"}
    )

    def clean(self, value: Any) -> list[Actor]:
        """Find each; ValidationError names the line that is no actor."""
        lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        if len(lines) > MOST_PARTIES:
            raise forms.ValidationError(f"Name at most {MOST_PARTIES}.")
        named = NamedField(Actor)
        return list({actor.pk: actor for actor in map(named.clean, lines)}.values())


class CodingForm(forms.Form):
    """What happened, coded from the sentences alone; what they do not tell is left empty."""

    type = forms.ChoiceField(choices=[("", "choose"), *((name, name) for name in plover.TYPES)])
    mode = forms.ChoiceField(choices=_MODES, required=False)
    initiators = PartiesField(
        required=False, label="Who acted", help_text="One actor a line, by any of its names."
    )
    targets = PartiesField(
        required=False,
        label="Who was acted upon",
        help_text="One actor a line, by any of its names.",
    )
    start = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty: the first day.",
    )
    precision = forms.ChoiceField(choices=Event.Precision.choices, label="Days known to the")
    place = NamedField(Place)
    killed = forms.IntegerField(min_value=0, max_value=2_147_483_647, required=False)
    wounded = forms.IntegerField(min_value=0, max_value=2_147_483_647, required=False)

    def clean(self) -> dict[str, Any]:
        """Days in order, a mode of the type."""
        values = super().clean() or {}
        start, end = values.get("start"), values.get("end")
        if start and end and end < start:
            self.add_error("end", "The last day lies before the first.")
        if values.get("mode") and values["mode"] not in plover.MODES.get(
            values.get("type", ""), ()
        ):
            self.add_error("mode", "This is no mode of the type.")
        return values

    def coded(self) -> dict[str, Any]:
        """Return the coding as `double_coding.coded` has it."""
        values = self.cleaned_data
        place = values["place"]
        return {
            **{name: values[name] for name in ("type", "mode", "precision", "killed", "wounded")},
            **{
                name: sorted(actor.slug for actor in values[name])
                for name in ("initiators", "targets")
            },
            "start": values["start"].isoformat(),
            "end": (values["end"] or values["start"]).isoformat(),
            "place": place.slug if place else "",
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """An article's paragraphs around its sentences, and whether there is more of it."""

    article: Article
    blocks: list[Block]
    whole: bool


def _readings(event: Event) -> list[Reading]:
    """What the coder sees: the sentences that were published as evidence, and the text around them."""
    rows = (
        event.evidence.filter(standing=Standing.PUBLISHED, article_version__isnull=False)
        .select_related("article_version__article__source")
        .defer("article_version__raw")
        .order_by("article_version", "start")
    )
    by_version: dict[int, list[Evidence]] = {}
    for row in rows:
        by_version.setdefault(row.article_version_id or 0, []).append(row)
    return [_reading(group) for group in list(by_version.values())[:MOST_ARTICLES]]


def _reading(group: Sequence[Evidence]) -> Reading:
    version = group[0].article_version
    if version is None:
        raise ValueError(f"evidence {group[0].pk} is a cited source: it has no text to code from")
    # Marked as sentences only: what was read in them is what the coder must not see.
    marks = [Mark(row.start or 0, row.end or 0, "evidence") for row in group]
    found = blocks(version.text, marks)
    told = {
        number
        for number, block in enumerate(found)
        if any(block.start < mark.end and mark.start < block.end for mark in marks)
    }
    shown = [
        block
        for number, block in enumerate(found)
        if any(abs(number - other) <= AROUND for other in told)
    ]
    return Reading(version.article, shown, whole=len(shown) == len(found))


@admin.register(SecondCoding)
class SecondCodingAdmin(ReadingAdmin):
    """A coder's own codings; the agreement of all stands on the methodology page."""

    list_display = ("__str__", "assigned_at", "coded_at", "coded_event")
    list_filter = (("coded_at", admin.EmptyFieldListFilter),)
    search_fields = ("event__public_id",)
    date_hierarchy = "assigned_at"
    list_select_related = ("event", "coder")
    fields = ("assigned_at", "coded_at", "coded_event", "first", "second")
    readonly_fields = ("coded_event",)
    change_list_template = "admin/events/secondcoding/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """The form beside the model's own pages."""
        view = self.admin_site.admin_view(self.code)
        return [path("code/", view, name="events_secondcoding_code"), *super().get_urls()]

    def has_view_permission(self, request: HttpRequest, obj: SecondCoding | None = None) -> bool:
        """Coders see their own."""
        own = obj is None or obj.coder_id == request.user.pk
        return own and request.user.has_perm("events.curate_event")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """For coders."""
        return request.user.has_perm("events.curate_event")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Only the coder's own."""
        return super().get_queryset(request).filter(coder_id=request.user.pk)

    @admin.display(description="Event", empty_value="not coded yet")
    def coded_event(self, row: SecondCoding) -> str | None:
        """The event, once it is coded: its title tells the first coding."""
        return str(row.event) if row.coded_at else None

    def code(self, request: HttpRequest) -> HttpResponse:
        """Show the next event to be coded, or keep what was coded and go on."""
        coder = request.user
        if not isinstance(coder, User) or not coder.has_perm("events.curate_event"):
            raise PermissionDenied("Coding events needs the permission events.curate_event.")
        coding = double_coding.assigned(coder)
        form = CodingForm(request.POST or None) if coding else None
        if request.method == "POST":
            asked = request.POST.get("coding", "")
            if coding is None or form is None or asked != str(coding.pk):
                messages.warning(request, "This was coded already, or given to somebody else.")
                return HttpResponseRedirect(request.path)
            if form.is_valid():
                return self._keep(request, coder, coding, form)
        context = {
            **self.admin_site.each_context(request),
            "title": "Code an event",
            "opts": self.opts,
            "coding": coding,
            "form": form,
            "readings": _readings(coding.event) if coding else [],
            "done": SecondCoding.objects.filter(coder=coder, coded_at__isnull=False).count(),
        }
        return TemplateResponse(request, "admin/events/secondcoding/code.html", context)

    def _keep(
        self, request: HttpRequest, coder: User, coding: SecondCoding, form: CodingForm
    ) -> HttpResponse:
        try:
            double_coding.record(coding, form.coded(), by=coder)
        except CurateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Kept. Thank you: here is the next one.")
        return HttpResponseRedirect(reverse("admin:events_secondcoding_code"))
