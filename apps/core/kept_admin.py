"""What the admin pages of everything that editors keep have in common.

The form asks for a reason, is refused where somebody else changed the row meanwhile, and the history page shows
every change from the database's own history.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import ForeignKey, Model, QuerySet
from django.forms.models import _get_foreign_key
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apps.core import conflicts, history, history_pages
from apps.core.history_pages import Entry
from apps.core.history_words import Told
from apps.core.models import Change

SEEN = "_seen"


class ReasonedForm(forms.ModelForm):
    """A form whose change is kept in the history with its reason (HistoryMiddleware reads it)."""

    reason = forms.CharField(
        required=False,
        max_length=500,
        help_text="Why. Reasons are public: they stand in the history, without your name.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class KeptAdmin(admin.ModelAdmin):
    """Rows whose every change is kept: reasons, conflicts told, history shown."""

    form: type[forms.ModelForm] = ReasonedForm
    object_history_template = "admin/core/object_history.html"

    # --- conflicts -----------------------------------------------------------------------------

    def lock(self, row: Any) -> None:
        """Let other forms of the row wait until this one is saved."""
        self.model._base_manager.select_for_update().filter(pk=row.pk).values_list("pk").first()

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Return the row; where it is about to be changed, as it is once nobody else is changing it."""
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST":
            return row
        self.lock(row)
        return super().get_object(request, object_id, from_field)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Send with the form what its editor has seen, noted before the row is read."""
        context = dict(extra_context or {})
        pk = _number(unquote(object_id)) if object_id else None
        if pk is not None:
            context["seen"] = conflicts.newest(self._changes(request, pk))
        return super().changeform_view(request, object_id, form_url, context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form's class; one that is never valid where somebody else changed the row meanwhile."""
        form = super().get_form(request, obj, change=change, **kwargs)
        conflict = self._conflict(request, obj)
        if not conflict:
            return form
        return type(form.__name__, (conflicts.ConflictingForm, form), {"conflict": conflict})

    def _conflict(self, request: HttpRequest, obj: Any) -> Sequence[Told]:
        seen = _number(request.POST.get(SEEN, ""))
        if obj is None or seen is None:
            return ()
        if not hasattr(request, "_conflict"):
            parts = self._parts(request, obj.pk)
            changes = conflicts.seen_in(self.model, obj.pk, parts)
            table = self.model._meta.db_table
            request._conflict = conflicts.since(changes, seen, request.user, table, parts)  # type: ignore[attr-defined]
        return request._conflict  # type: ignore[attr-defined,no-any-return]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show a refused form with what was changed meanwhile; the next save goes on top of it."""
        seen = request.POST.get(SEEN)
        if conflict := getattr(request, "_conflict", ()):
            shown = [context["adminform"].form]
            for inline in context["inline_admin_formsets"]:
                shown += [one for one in inline.formset.forms if one.instance.pk]
            both = [label for form in shown for label in conflicts.keep_theirs(form, conflict)]
            context["conflict"], context["both"] = conflict, both
        elif seen is not None:
            context["seen"] = seen  # not saved for another reason: what was seen stays what it was
        return super().render_change_form(request, context, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask for a reason only who may change something."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (name, {**values, "fields": [f for f in values["fields"] if f != "reason"]})
            for name, values in fieldsets
        ]

    # --- history -------------------------------------------------------------------------------

    def _parts(self, request: HttpRequest, pk: int) -> list[conflicts.Part]:
        """Return the rows that the page shows beside its own, where their changes are kept."""
        watched, parts = history.watched(), []
        for inline in self.get_inline_instances(request):
            model = inline.model
            if model._meta.db_table in watched:
                key: ForeignKey[Any, Any] = _get_foreign_key(self.model, model, inline.fk_name)
                ids = model._base_manager.filter(**{key.attname: pk}).values_list("pk", flat=True)
                edited = inline.has_change_permission(request)
                parts.append(conflicts.Part(model._meta.db_table, list(ids), edited))
        return parts

    def _changes(self, request: HttpRequest, pk: int) -> QuerySet[Change]:
        return conflicts.seen_in(self.model, pk, self._parts(request, pk))

    def described(self, row: Any, entries: list[Entry]) -> list[Entry]:
        """Return the entries of the history page with what an app knows of them."""
        return entries

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show every change of the row and of what belongs to it, newest first, with who, when and why."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        page = Paginator(self._changes(request, row.pk), history_pages.PER_PAGE).get_page(
            request.GET.get("p")
        )
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {row}",
            "opts": self.opts,
            "module_name": str(self.opts.verbose_name_plural).capitalize(),
            "object": row,
            "page": page,
            "entries": self.described(row, history_pages.entries(page.object_list)),
            "may_take_back": self._may_take_back(request, row),
            "may_export": request.user.has_perm("core.export_change"),
            "table": self.opts.db_table,
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template or "", context)

    def _may_take_back(self, request: HttpRequest, row: Model) -> bool:
        return bool(self.has_change_permission(request, row))


def _number(text: str) -> int | None:
    """Return the id that `text` writes out, None where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
