"""Places: where events happen, with how precisely that is known."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy


class PlaceQuerySet(models.QuerySet["Place"]):
    """Places."""

    def standing(self) -> Self:
        """Places that were not merged into another."""
        return self.filter(merged_into__isnull=True)

    def by_slug(self) -> dict[str, "Place"]:
        """Return the standing place of every slug, also of those that were merged into it."""
        found = {place.pk: place for place in self}
        return {p.slug: found.get(p.merged_into_id or p.pk, p) for p in found.values()}


class Place(models.Model):
    """A named place, WGS84."""

    class Kind(models.TextChoices):
        COUNTRY = "country", gettext_lazy("country")
        REGION = "region", gettext_lazy("region or district")
        CITY = "city", gettext_lazy("city or town")
        SITE = "site", gettext_lazy("site, base or quarter")
        SEA = "sea", gettext_lazy("sea area")

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    country = models.CharField(max_length=3, help_text="ISO 3166-1 alpha-3; XXX for none.")
    lat = models.FloatField(help_text="Degrees north, WGS84.")
    lon = models.FloatField(help_text="Degrees east, WGS84.")
    radius_km = models.FloatField(default=1.0, help_text="Half the width of the area meant.")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    aliases = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    notes = models.TextField(blank=True, default="")
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged_from",
        help_text="The place that this one turned out to be.",
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [("merge_place", "Can merge and split places")]
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="place_coordinates_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="place_not_merged_into_itself",
            ),
            models.CheckConstraint(condition=Q(radius_km__gt=0), name="place_radius_positive"),
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{3}$"), name="place_country_alpha3"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["country", "region", "city", "site", "sea"]),
                name="place_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="place_not_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> "Place":
        """Itself, or the one that it was merged into."""
        return self.merged_into or self
