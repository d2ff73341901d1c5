"""Actors: who does what to whom, under which names, in which roles, related how."""

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from apps.actors import upward


def _refuse_backward_days(since: date | None, until: date | None) -> None:
    if since and until and until < since:
        raise ValidationError({"until": f"It ends on {until}, before it begins on {since}."})


def normalised(name: str) -> str:
    """Return a name as names are compared: in lower case, with single spaces."""
    return " ".join(name.lower().split())


class ActorQuerySet(models.QuerySet["Actor"]):
    """Actors."""

    def standing(self) -> Self:
        """Actors that were not merged into another."""
        return self.filter(merged_into__isnull=True)

    def by_slug(self) -> dict[str, "Actor"]:
        """Return the standing actor of every slug, also of those that were merged into it."""
        found = {actor.pk: actor for actor in self}
        return {a.slug: found.get(a.merged_into_id or a.pk, a) for a in found.values()}

    def named(self, text: str) -> Self:
        """Actors whose name or one of whose aliases contains `text`, whatever its case."""
        return self.filter(
            Q(name__icontains=text) | Q(aliases__normalised__icontains=text.lower())
        ).distinct()


class Actor(models.Model):
    """A state, government, force, group, organisation, person or population."""

    class Kind(models.TextChoices):
        STATE = "state", gettext_lazy("state")
        GOVERNMENT = "government", gettext_lazy("government")
        ARMED_FORCES = "armed_forces", gettext_lazy("armed forces")
        ARMED_GROUP = "armed_group", gettext_lazy("armed group")
        ORGANISATION = "organisation", gettext_lazy("organisation")
        MEDIA = "media", gettext_lazy("news organisation")
        PERSON = "person", gettext_lazy("person")
        POPULATION = "population", gettext_lazy("population")
        PLACEHOLDER = "placeholder", gettext_lazy("placeholder for an unknown party")

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    country = models.CharField(max_length=3, help_text="ISO 3166-1 alpha-3; XXX for none.")
    code = models.CharField(
        max_length=20, blank=True, default="", help_text="CAMEO style, e.g. IRNMIL."
    )
    active_from = models.DateField(null=True, blank=True)
    active_to = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True, default="")
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged_from",
        help_text="The actor that this one turned out to be.",
    )

    objects = ActorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [("merge_actor", "Can merge and split actors")]
        constraints = [
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{3}$"), name="actor_country_alpha3"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="actor_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(active_to__isnull=True)
                | Q(active_from__isnull=True)
                | Q(active_to__gte=F("active_from")),
                name="actor_active_in_order",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "state",
                        "government",
                        "armed_forces",
                        "armed_group",
                        "organisation",
                        "media",
                        "person",
                        "population",
                        "placeholder",
                    ]
                ),
                name="actor_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The actor's public page."""
        return reverse("actor", args=[self.slug])

    @property
    def standing(self) -> "Actor":
        """Itself, or the one that it was merged into."""
        return self.merged_into or self


class Alias(models.Model):
    """Another name of an actor."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", gettext_lazy("official name")
        TRANSLITERATION = "transliteration", gettext_lazy("transliteration")
        ACRONYM = "acronym", gettext_lazy("acronym")
        DEMONYM = "demonym", gettext_lazy("demonym")
        ROLE_PHRASE = "role_phrase", gettext_lazy("role phrase")

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)
    normalised = models.CharField(max_length=200, db_index=True, editable=False)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.OFFICIAL)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(fields=["actor", "name"], name="alias_once_per_actor"),
            models.CheckConstraint(condition=~Q(name=""), name="alias_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        """Keep the normalised form in step with the name."""
        self.normalised = normalised(self.name)
        super().save(*args, **kwargs)


class Role(models.Model):
    """A title that a person held from a day to a day."""

    person = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="roles")
    title = models.CharField(max_length=200)
    organisation = models.ForeignKey(
        Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="role_holders"
    )
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["since", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="role_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["person", "title", "since"],
                name="role_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.title}"

    def clean(self) -> None:
        """Say in a sentence what the database would refuse."""
        _refuse_backward_days(self.since, self.until)


class RelationQuerySet(models.QuerySet["Relation"]):
    """Relations."""

    def upward(self, on: date | None = None) -> Self:
        """Relations from those who act for another to that other (see upward.py); on a day, those that held."""
        commander = Q(kind__in=upward.OF_PERSONS, source__kind=Actor.Kind.PERSON)
        found = self.filter(Q(kind__in=upward.ALWAYS) | commander)
        return found if on is None else found.held(on)

    def held(self, on: date) -> Self:
        """Relations that held on a day; a relation without days always does."""
        begun = Q(since__isnull=True) | Q(since__lte=on)
        return self.filter(begun, Q(until__isnull=True) | Q(until__gte=on))


class Relation(models.Model):
    """One actor stands to another in some way, from a day to a day."""

    class Kind(models.TextChoices):
        MEMBER_OF = "member_of", gettext_lazy("is a member of")
        PART_OF = "part_of", gettext_lazy("is part of")
        COMMANDS = "commands", gettext_lazy("commands")
        BACKS = "backs", gettext_lazy("backs")
        ALLY_OF = "ally_of", gettext_lazy("is an ally of")
        FRONT_OF = "front_of", gettext_lazy("is a front of")

    source = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="relations_out")
    target = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="relations_in")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    disputed = models.BooleanField(default=False)
    evidence = models.TextField(blank=True, default="", help_text="Who says so, with address.")

    objects = RelationQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "since"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="relation_not_to_self"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="relation_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["member_of", "part_of", "commands", "backs", "ally_of", "front_of"]
                ),
                name="relation_kind_known",
            ),
            models.UniqueConstraint(
                fields=["source", "target", "kind", "since"],
                name="relation_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_kind_display()} {self.target}"

    def clean(self) -> None:
        """Say in a sentence what makes no sense: days in the wrong order, said already, a whole in its part."""
        _refuse_backward_days(self.since, self.until)
        if self.source_id is None or self.target_id is None:
            return
        if self.source_id == self.target_id:
            raise ValidationError({"kind": f"{self.source} cannot stand in a relation to itself."})
        self._refuse_said_already()
        if self.kind == Relation.Kind.PART_OF:
            self._refuse_circle()

    def _refuse_said_already(self) -> None:
        same = Relation.objects.filter(source=self.source, target=self.target, kind=self.kind)
        for other in same.exclude(pk=self.pk):
            first, last = self.since or date.min, self.until or date.max
            if upward.held(other.since, other.until, first, last):
                raise ValidationError(
                    {"since": f"“{other}” holds on some of these days already: change that one."}
                )

    def _refuse_circle(self) -> None:
        parts = Relation.objects.filter(kind=Relation.Kind.PART_OF).exclude(pk=self.pk)
        wholes: dict[int, list[int]] = {}
        for part, whole in parts.values_list("source_id", "target_id"):
            wholes.setdefault(part, []).append(whole)
        waiting, seen = [self.target_id], set()
        while waiting:
            actor = waiting.pop()
            if actor == self.source_id:
                raise ValidationError(
                    {"kind": f"{self.target} is part of {self.source}: neither can hold the other."}
                )
            if actor not in seen:
                seen.add(actor)
                waiting += wholes.get(actor, [])


class AliasSuggestion(models.Model):
    """A name that articles use and nobody is known by, with the actor it may mean."""

    class Outcome(models.TextChoices):
        OPEN = "open", "waits for an editor"
        TAKEN = "taken", "is an alias now"
        DECLINED = "declined", "is none"

    name = models.CharField(max_length=200)
    normalised = models.CharField(max_length=200, unique=True, editable=False)
    actor = models.ForeignKey(
        Actor, null=True, blank=True, on_delete=models.CASCADE, related_name="suggested_aliases"
    )
    score = models.FloatField(default=0, help_text="0 to 1: how alike the names are.")
    why = models.CharField(max_length=300, blank=True, default="")
    articles = models.PositiveIntegerField(default=0, help_text="In how many articles it stands.")
    examples = models.JSONField(
        default=list,
        blank=True,
        help_text="Where it stands: [{article, title, before, name, after}].",
    )
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["outcome", "-articles", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["open", "taken", "declined"]),
                name="alias_suggestion_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=1), name="alias_suggestion_score_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return self.name
