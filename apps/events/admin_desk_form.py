"""What the desk lets an editor change in place: the event's own fields, who took part, the values of claims.

The forms find what was typed and what differs; `curate.revise` writes it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Q

from apps.actors.models import Actor
from apps.core import plover
from apps.events.models import Claim, Event, Participation
from apps.events.widgets import Choices, Day, Line
from apps.places.models import Place

MOST_PARTICIPANTS = 30
LONGEST_NAME = 200
TOLLS = (Claim.Field.KILLED, Claim.Field.WOUNDED)
_MODES = [
    ("", "none"),
    *((type_, [(mode, mode) for mode in modes]) for type_, modes in plover.MODES.items() if modes),
]


def _also_called(model: type[Actor] | type[Place], text: str) -> Q:
    if model is Actor:
        return Q(aliases__normalised=" ".join(text.lower().split()))
    return Q(aliases__contains=[text])


class NamedField(forms.Field):
    """A row named by its name, its slug or an alias; the value is the row, None where left empty.

    Rows in `known` (by name) are not looked up.
    """

    widget = Line

    def __init__(self, model: type[Actor] | type[Place], **options: Any) -> None:
        """`model`: whose rows are named."""
        self.model: Any = model
        self.known: Mapping[str, Any] = {}
        super().__init__(required=False, **options)
        self.widget.attrs |= {
            "list": f"desk-{model._meta.model_name}s",
            "autocomplete": "off",
            "maxlength": str(LONGEST_NAME),
        }

    def prepare_value(self, value: Any) -> str:
        """Show a row by its name, and what was typed as it was typed."""
        return str(value or "")

    def to_python(self, value: Any) -> Any:
        """Find the row; ValidationError where there is none, or more than one."""
        text = str(value or "").replace("\0", "").strip()[:LONGEST_NAME]
        if not text or text in self.known:
            return self.known.get(text)
        standing = self.model.objects.standing()
        rows = list(standing.filter(Q(name__iexact=text) | Q(slug=text))[:3])
        rows = rows or list(standing.filter(_also_called(self.model, text)).distinct()[:3])
        if len(rows) == 1:
            return rows[0]
        noun = self.model._meta.verbose_name
        if rows:
            told = " or ".join(f"“{row.slug}”" for row in rows)
            raise forms.ValidationError(f"Several {noun}s are called “{text}”: write {told}.")
        raise forms.ValidationError(
            f"No {noun} is called “{text}”: choose from the list, or add it in the admin first."
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what was typed with the name that was shown."""
        return self.prepare_value(initial) != str(data or "").strip()


class EventForm(forms.ModelForm):
    """The event's own fields, as the desk shows them."""

    place = NamedField(Place)
    mode = forms.ChoiceField(required=False, choices=_MODES, widget=Choices)

    class Meta:
        model = Event
        fields = (
            "title", "type", "mode", "start", "end", "precision", "place", "geo_precision",
            "confidence",
        )  # fmt: skip
        labels = {
            "start": "From",
            "end": "To",
            "precision": "Days known to the",
            "geo_precision": "Place known to the",
        }
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2, "data-line": ""}),
            "start": Day,
            "end": Day,
            **dict.fromkeys(("type", "precision", "geo_precision", "confidence"), Choices),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["end"].required = False
        place, mode = self.instance.place, self.instance.mode
        self.initial["place"] = place
        if place is not None:
            self.fields["place"].known = {str(place): place}  # type: ignore[attr-defined]
        if mode and mode not in plover.ALL_MODES:  # a dossier's own
            self.fields["mode"].choices = [*_MODES, (mode, mode)]  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        """A title is one line."""
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict[str, Any]:
        """The last day of a one-day event goes where its first day goes; left empty, it is the first."""
        values = super().clean() or self.cleaned_data
        start = values.get("start")
        one_day = self.initial["start"] == self.initial["end"] and "end" not in self.changed_data
        if start and "end" in values and (values["end"] is None or one_day):
            values["end"] = start
        return values

    def _post_clean(self) -> None:
        """Leave the instance as it is: `curate.revise` writes and validates it."""


class ParticipantForm(forms.Form):
    """One participant: an actor by name, in a role. Left without a name, there is none."""

    role = forms.ChoiceField(
        choices=Participation.Role.choices,
        initial=Participation.Role.INITIATOR,
        widget=Choices,
    )
    actor = NamedField(Actor)

    def __init__(self, *args: Any, known: Mapping[str, Actor], **options: Any) -> None:
        """`known`: the event's participants by name, which are not looked up."""
        super().__init__(*args, **options)
        self.fields["actor"].known = known  # type: ignore[attr-defined]


Participants = forms.formset_factory(
    ParticipantForm,
    extra=1,
    max_num=MOST_PARTICIPANTS,
    absolute_max=MOST_PARTICIPANTS + 1,
    validate_max=True,
)


class ClaimForm(forms.ModelForm):
    """The value of one claim: a number of people, or words."""

    class Meta:
        model = Claim
        fields = ("number", "value")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["value" if self.instance.field in TOLLS else "number"]

    def _post_clean(self) -> None:
        """Leave the instance as it is: `curate.revise` writes and validates it."""


class Proposal:
    """All that is editable of one event on the desk."""

    def __init__(
        self, event: Event, claims: Iterable[Claim], data: Mapping[str, Any] | None = None
    ) -> None:
        """`event` with its participations fetched; `claims`: those whose values may be changed here."""
        parts = list(event.participations.all())
        self.own = EventForm(data, instance=event, prefix="event")
        self.parts = Participants(
            data,
            prefix="parts",
            initial=[{"role": part.role, "actor": part.actor} for part in parts],
            form_kwargs={"known": {str(part.actor): part.actor for part in parts}},
        )
        self.claims = {
            claim.pk: ClaimForm(data, instance=claim, prefix=f"claim-{claim.pk}")
            for claim in claims
        }

    @property
    def _forms(self) -> list[forms.BaseForm]:
        return [self.own, *self.parts, *self.claims.values()]

    @property
    def changed(self) -> bool:
        """Whether anything was typed that differs from what stands."""
        whole = self.parts.management_form.is_valid()
        return not whole or any(form.has_changed() for form in self._forms)

    def problems(self) -> list[str]:
        """What keeps it from being saved, a sentence each; empty where nothing does."""
        told = [message for form in self._forms for message in _told(form)]
        return told + [str(error) for error in self.parts.non_form_errors()]

    def event_changes(self) -> dict[str, Any]:
        """Field -> value of what was changed of the event itself."""
        form = self.own
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        if form.cleaned_data["end"] != form.initial["end"]:
            values["end"] = form.cleaned_data["end"]
        return values

    def participants(self) -> list[tuple[str, Actor]] | None:
        """All participants as (role, actor) in order, None where none was changed."""
        if not self.parts.has_changed():
            return None
        rows = [form.cleaned_data for form in self.parts]
        return [(row["role"], row["actor"]) for row in rows if row.get("actor")]

    def claim_values(self) -> dict[int, dict[str, Any]]:
        """Claim -> what was changed of its value."""
        return {
            pk: {name: form.cleaned_data[name] for name in form.changed_data}
            for pk, form in self.claims.items()
            if form.changed_data
        }


def _told(form: forms.BaseForm) -> list[str]:
    return [
        str(message) if name == NON_FIELD_ERRORS else f"{form[name].label}: {message}"
        for name, errors in form.errors.items()
        for message in errors
    ]
