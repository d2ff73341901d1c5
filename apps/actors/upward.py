"""Which relations lead from somebody to those they act for, and on which days. Plain: values in, values out.

The one definition: `Relation.objects.upward()` asks the database by it, and plain code that is given relations
uses it too.
"""

from datetime import date

ALWAYS = ("part_of", "member_of")
# A ministry that commands forces stands above them, so only a person's command leads up.
OF_PERSONS = ("commands",)


def leads_up(kind: str, source_kind: str) -> bool:
    """Tell whether a relation of `kind` leads from its source, an actor of `source_kind`, up to its target."""
    return kind in ALWAYS or (kind in OF_PERSONS and source_kind == "person")


def held(since: date | None, until: date | None, first: date, last: date | None = None) -> bool:
    """Tell whether what held from `since` to `until` did on a day from `first` to `last` (one day: no last).

    All days are included; None is open.
    """
    return (since is None or since <= (last or first)) and (until is None or until >= first)
