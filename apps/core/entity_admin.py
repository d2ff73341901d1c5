"""Admin of what articles name under several names: merging and splitting, with a look at it before."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.core import moving
from apps.core.kept_admin import KeptAdmin
from apps.core.moving import MovingError
from apps.core.reading_admin import Undeletable

REASON = forms.CharField(
    max_length=500,
    help_text="For the history: how you know.",
    widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
)


class NarrowFilter(admin.SimpleListFilter):
    """A filter that leaves rows out until they are asked for; `plain` says what is shown before."""

    plain: ClassVar[str]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Call the first choice by what it shows: it is not all."""
        first, *others = super().choices(changelist)
        yield {**first, "display": self.plain}
        yield from others


class MergedFilter(NarrowFilter):
    """Hides merged rows until they are asked for."""

    title, plain = "merged", "standing"
    parameter_name = "merged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Name what may be asked for besides the standing rows."""
        return [("yes", "merged into another")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the standing rows, or the merged ones where they are asked for."""
        return queryset.filter(merged_into__isnull=self.value() != "yes")


class EntityAdmin(Undeletable, KeptAdmin):
    """Rows that can be merged and split; `merge_right` is the permission it takes."""

    merge_right: ClassVar[str]
    split_fields: ClassVar[tuple[str, ...]]
    change_form_template = "admin/entities/change_form.html"

    def merge(self, row: Any, **how: Any) -> None:
        """Merge the row; raises MovingError."""
        raise NotImplementedError

    def split(self, row: Any, new: Any, **how: Any) -> None:
        """Split the row; raises MovingError."""
        raise NotImplementedError

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Merged rows are hidden until they are asked for."""
        return [*super().get_list_filter(request), MergedFilter]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Nobody chooses a merged row in a form."""
        rows, doubled = super().get_search_results(request, queryset, search_term)
        choosing = "field_name" in request.GET  # the admin's autocomplete
        return (rows.filter(merged_into__isnull=True) if choosing else rows), doubled

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A merged row is kept as it was: change the one it points to."""
        merged = obj is not None and obj.merged_into_id is not None
        return not merged and super().has_change_permission(request, obj)

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """Tell whether the user may merge and split."""
        return request.user.has_perm(self.merge_right)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Offer to merge and split to who may."""
        context["may_merge"] = self.has_merge_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        """Merging and splitting beside the model's own pages."""
        wrap, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("<path:object_id>/merge/", wrap(self.merge_view), name=f"{name}_merge"),
            path("<path:object_id>/split/", wrap(self.split_view), name=f"{name}_split"),
            *super().get_urls(),
        ]

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Choose the row to merge into, see what changes, and have it done."""
        row = self._standing(request, object_id)
        form = self._merge_form(row, request.POST or None)

        def do() -> None:
            into = self.model._default_manager.get(pk=form.cleaned_data["into"].pk)
            fresh = self.model._default_manager.get(pk=row.pk)
            self.merge(fresh, into=into, by=request.user, reason=form.cleaned_data["reason"])

        def done() -> HttpResponse:
            into = form.cleaned_data["into"]
            messages.success(request, f"“{row}” is merged into “{into}”.")
            return HttpResponseRedirect(self._address("change", into.pk))

        return self._decide(request, row, form, do, done, "merge", f"Merge “{row}” into another")

    def split_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say what the second row is and what moves to it, see what changes, and have it done."""
        row = self._standing(request, object_id)
        form = self._split_form(row, request.POST or None)
        made: list[Any] = []

        def do() -> None:
            fresh = self.model._default_manager.get(pk=row.pk)
            new = self._new(fresh, form.cleaned_data)
            chosen = [(key, int(pk)) for key, _, pk in map(_parted, form.cleaned_data["chosen"])]
            how = {"chosen": chosen, "by": request.user, "reason": form.cleaned_data["reason"]}
            self.split(fresh, new, **how)
            made[:] = [new]

        def done() -> HttpResponse:
            messages.success(request, f"“{made[0]}” is split off “{row}”.")
            return HttpResponseRedirect(self._address("change", made[0].pk))

        return self._decide(request, row, form, do, done, "split", f"Split “{row}” in two")

    def _new(self, row: Any, values: dict[str, Any]) -> Any:
        """Return the row that is split off, not saved."""
        return self.model(**{name: values[name] for name in self.split_fields})

    def _decide(
        self,
        request: HttpRequest,
        row: Any,
        form: forms.Form,
        do: Callable[[], None],
        done: Callable[[], HttpResponse],
        action: str,
        title: str,
    ) -> HttpResponse:
        """Show the form, then what it would change, then do it."""
        told: list[moving.Group] | None = None
        if request.method == "POST" and form.is_valid():
            try:
                if "confirm" in request.POST:
                    do()
                    return done()
                told = moving.tried(do, request.user)
            except MovingError as refusal:
                form.add_error(None, str(refusal))
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": row,
            "form": form,
            "media": self.media + form.media,
            "action": action,
            "groups": told,
        }
        return TemplateResponse(request, "admin/entities/decide.html", context)

    def _standing(self, request: HttpRequest, object_id: str) -> Any:
        if not self.has_merge_permission(request):
            raise PermissionDenied(f"Merging and splitting need the permission {self.merge_right}.")
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404(f"There is no {self.opts.verbose_name} {object_id}.")
        return row

    def _address(self, page: str, *args: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    def _merge_form(self, row: Any, data: Any) -> forms.Form:
        others = self.model._default_manager.filter(merged_into__isnull=True).exclude(pk=row.pk)
        choice = AutocompleteSelect(self.model._meta.get_field("merged_into"), self.admin_site)
        fields = {
            "into": forms.ModelChoiceField(
                others, label=f"It is the same {self.opts.verbose_name} as", widget=choice
            ),
            "reason": REASON,
        }
        if data is not None and not data.get("into", "").isdecimal():
            data = {**data.dict(), "into": ""}  # the admin's widget looks up what it is given
        return type("MergeForm", (forms.Form,), fields)(data)

    def _split_form(self, row: Any, data: Any) -> forms.Form:
        own = forms.fields_for_model(self.model, fields=self.split_fields)
        for field in own.values():
            if isinstance(field.widget, forms.TextInput) and field.widget.input_type == "text":
                field.widget.attrs["class"] = "vTextField"
        fields = {**own, "chosen": _choice(self.movable(row)), "reason": REASON}
        kept = {name: getattr(row, name) for name in self.split_fields[2:]}
        return type("SplitForm", (forms.Form,), fields)(data, initial=kept)

    def movable(self, row: Model) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return what may move to the new row: (heading, [(value, words)])."""
        return [
            (
                group.label
                if group.total == len(group.rows)
                else f"{group.label} (the newest {len(group.rows)} of {group.total})",
                [(f"{group.key}:{pk}", words) for pk, words in group.rows],
            )
            for group in moving.overview(row)
        ]


def _choice(groups: list[tuple[str, list[tuple[str, str]]]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=groups,
        required=False,
        label="Moves to the new one",
        widget=forms.CheckboxSelectMultiple,
    )


def _parted(value: str) -> tuple[str, str, str]:
    return value.rpartition(":")
