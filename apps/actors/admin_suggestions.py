"""Names that the machine found and nobody is known by, for editors to decide about."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.accounts.models import User
from apps.actors import suggestions
from apps.actors.models import Actor, Alias, AliasSuggestion
from apps.actors.suggestions import SuggestionError
from apps.core.entity_admin import NarrowFilter
from apps.core.reading_admin import Undeletable

_OPEN, _TAKE, _NEW, _DECLINE = "open", "take", "new", "decline"


class SuggestionForm(forms.ModelForm):
    """What becomes of a suggested name."""

    decision = forms.ChoiceField(
        choices=[
            (_TAKE, "an alias of the actor below"),
            (_NEW, "the name of a new actor"),
            (_DECLINE, "neither: do not suggest it again"),
            (_OPEN, "leave it open"),
        ],
        widget=forms.RadioSelect,
    )
    alias_kind = forms.ChoiceField(choices=Alias.Kind.choices, label="Kind of alias")
    actor_kind = forms.ChoiceField(choices=Actor.Kind.choices, label="Kind of the new actor")
    country = forms.RegexField(
        r"^[A-Z]{3}$",
        initial="XXX",
        help_text="Of the new actor: ISO 3166-1 alpha-3; XXX for none.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        suggested = self.instance.actor
        person = suggested is not None and suggested.kind == Actor.Kind.PERSON
        kind = Alias.Kind.TRANSLITERATION if person else Alias.Kind.OFFICIAL
        self.initial.setdefault("decision", _TAKE if suggested else _NEW)
        self.initial.setdefault("alias_kind", kind)
        self.initial.setdefault("actor_kind", Actor.Kind.PERSON)

    def clean(self) -> dict[str, Any]:
        """An alias needs its actor."""
        values = super().clean() or self.cleaned_data
        if values.get("decision") == _TAKE and not values.get("actor"):
            self.add_error("actor", "Say whose name it is.")
        return values


class OutcomeFilter(NarrowFilter):
    """Shows what waits until something else is asked for."""

    title, plain = "outcome", "waiting"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Name what may be asked for besides the open ones."""
        return [("taken", "taken"), ("declined", "declined")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return what waits, or what is asked for."""
        return queryset.filter(outcome=self.value() or "open")


@admin.register(AliasSuggestion)
class AliasSuggestionAdmin(Undeletable, admin.ModelAdmin):
    """Names without an actor, those of most articles first."""

    form = SuggestionForm
    list_display = ("name", "articles", "actor", "score", "why", "example")
    list_filter = (OutcomeFilter, ("actor", admin.EmptyFieldListFilter))
    list_select_related = ("actor",)
    search_fields = ("name", "actor__name")
    ordering = ("-articles", "-score", "name")
    autocomplete_fields = ("actor",)
    readonly_fields = ("name", "articles", "score", "why", "outcome", "sentences")
    fields = (
        *("name", "articles", "sentences", "score", "why", "outcome"),
        *("decision", "actor", "alias_kind", "actor_kind", "country"),
    )
    actions = ("take_as_suggested", "decline")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The machine suggests."""
        return False

    @admin.display(description="example")
    def example(self, row: AliasSuggestion) -> str | SafeString:
        """Show the first sentence with its article."""
        return _sentence(row.examples[0]) if row.examples else ""

    @admin.display(description="where it stands")
    def sentences(self, row: AliasSuggestion) -> SafeString:
        """Show the sentences with their articles."""
        return format_html_join("", "<div>{}</div>", ((_sentence(e),) for e in row.examples))

    def save_model(
        self, request: HttpRequest, obj: AliasSuggestion, form: forms.ModelForm, change: bool
    ) -> None:
        """Do what was decided; what cannot be done is told and leaves the suggestion as it is."""
        values, by = form.cleaned_data, _user(request)
        try:
            match values["decision"]:
                case "take":
                    suggestions.take(obj, values["actor"], values["alias_kind"], by=by)
                case "new":
                    how = {"kind": values["actor_kind"], "country": values["country"]}
                    suggestions.make_actor(obj, **how, by=by)
                case "decline":
                    suggestions.decline(obj, by=by)
                case _:
                    suggestions.reopen(obj, by=by)
        except SuggestionError as refusal:
            messages.error(request, str(refusal))

    @admin.action(description="Take as aliases of the suggested actors", permissions=["change"])
    def take_as_suggested(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Make each chosen name an alias of the actor beside it."""
        taken = 0
        for row in queryset.select_related("actor__merged_into"):
            person = row.actor is not None and row.actor.kind == Actor.Kind.PERSON
            kind = Alias.Kind.TRANSLITERATION if person else Alias.Kind.OFFICIAL
            try:
                suggestions.take(row, row.actor, kind, by=_user(request))
                taken += 1
            except SuggestionError as refusal:
                messages.error(request, str(refusal))
        messages.success(request, f"{taken} names are aliases now.")

    @admin.action(description="Decline: do not suggest again", permissions=["change"])
    def decline(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Turn the chosen names down."""
        for row in queryset:
            suggestions.decline(row, by=_user(request))
        messages.success(request, f"{len(queryset)} names will not be suggested again.")


def _user(request: HttpRequest) -> User:
    """Return who is logged in; the admin lets nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Log in to decide about names.")
    return request.user


def _sentence(example: dict[str, Any]) -> SafeString:
    """The name in its sentence, with a link to the article."""
    return format_html(
        '<div>… {} <strong>{}</strong> {} …</div><a href="/articles/{}/">{}</a>',
        *(example[part] for part in ("before", "name", "after", "article", "title")),
    )
