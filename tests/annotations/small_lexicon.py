"""A small lexicon of our own for the tests: real kinds of names, few of each."""

from datetime import date

from apps.annotations.pipeline.types import (
    ActorEntry,
    KnownEvent,
    Lexicon,
    PlaceEntry,
    RelationEntry,
    RoleEntry,
)

PUBLISHED = date(2020, 11, 20)  # a Friday


def _person(
    slug: str,
    name: str,
    country: str,
    *aliases: str,
    roles: tuple[RoleEntry, ...] = (),
    commands: str = "",
) -> ActorEntry:
    relations = (RelationEntry("commands", commands),) if commands else ()
    return ActorEntry(slug, name, "person", country, aliases, roles, relations)


ACTORS = (
    ActorEntry(
        "us-gov", "Government of the United States", "government", "USA",
        ("United States", "US", "U.S.", "Washington", "White House", "Trump administration"),
    ),
    ActorEntry("us-mil", "US armed forces", "armed_forces", "USA", ("US troops", "US forces")),
    ActorEntry("us-dod", "US Department of Defense", "organisation", "USA", ("Pentagon",)),
    ActorEntry("iran-gov", "Government of Iran", "government", "IRN", ("Iran", "Tehran", "foreign ministry")),
    ActorEntry(
        "irgc-qf", "IRGC Quds Force", "armed_forces", "IRN", ("Quds Force", "Guard's expeditionary force"),
    ),
    ActorEntry("iraq-gov", "Government of Iraq", "government", "IRQ", ("Baghdad",)),
    ActorEntry("iraq-mil", "Iraqi Security Forces", "armed_forces", "IRQ", ("ISF", "Iraqi army")),
    ActorEntry("iraq-public", "Iraqi civilians", "population", "IRQ", ("civilians",)),
    ActorEntry("pmf", "Popular Mobilization Forces", "armed_forces", "IRQ", ("PMF", "Hashd al-Shaabi")),
    ActorEntry(
        "kataib-hezbollah", "Kataib Hezbollah", "armed_group", "IRQ", ("Kata'ib Hezbollah", "KH"),
        relations=(RelationEntry("part_of", "pmf"),),
    ),
    ActorEntry("hezbollah-lb", "Hezbollah (Lebanon)", "armed_group", "LBN", ("Hizbullah",)),
    ActorEntry("ashab-al-kahf", "Ashab al-Kahf", "armed_group", "IRQ", ("AK",)),
    ActorEntry("shipping", "Commercial ships", "organisation", "XXX", ("tankers",)),
    _person(
        "trump", "Donald Trump", "USA", "Trump",
        roles=(RoleEntry("President of the United States", None, date(2017, 1, 20), date(2021, 1, 20)),),
    ),
    _person(
        "esper", "Mark Esper", "USA",
        roles=(RoleEntry("US Secretary of Defense", None, date(2019, 7, 23), date(2020, 11, 9)),),
    ),
    _person(
        "miller", "Christopher C. Miller", "USA", "Chris Miller",
        roles=(RoleEntry("Acting US Secretary of Defense", None, date(2020, 11, 9), date(2021, 1, 20)),),
    ),
    _person(
        "khamenei", "Ali Khamenei", "IRN",
        roles=(RoleEntry("Supreme Leader of Iran", None, date(1989, 6, 4), None),),
    ),
    _person(
        "soleimani", "Qassem Soleimani", "IRN", commands="irgc-qf",
        roles=(RoleEntry("Commander, IRGC Quds Force", "irgc-qf", date(1998, 1, 1), date(2020, 1, 3)),),
    ),
    _person(
        "ghaani", "Esmail Ghaani", "IRN", commands="irgc-qf",
        roles=(RoleEntry("Commander, IRGC Quds Force", "irgc-qf", date(2020, 1, 3), None),),
    ),
    _person(
        "dehghan", "Hossein Dehghan", "IRN",
        roles=(RoleEntry("Military adviser to the Supreme Leader", None, date(2017, 1, 1), None),),
    ),
    _person(
        "kadhimi", "Mustafa al-Kadhimi", "IRQ",
        roles=(RoleEntry("Prime minister of Iraq", None, date(2020, 5, 7), None),),
    ),
)  # fmt: skip

PLACES = (
    PlaceEntry("baghdad", "Baghdad", "city", "IRQ", 33.31, 44.37, 20),
    PlaceEntry("green-zone", "Green Zone", "site", "IRQ", 33.3, 44.39, 3, "baghdad"),
    PlaceEntry(
        "us-embassy-baghdad",
        "US Embassy in Baghdad",
        "site",
        "IRQ",
        33.3,
        44.4,
        1,
        "green-zone",
        ("US embassy",),
    ),
)

ANCHORS = (
    KnownEvent(
        "e-election",
        ("the election", "the presidential election"),
        date(2020, 11, 3),
        date(2020, 11, 3),
    ),
    KnownEvent("e-strike", ("the killing of Soleimani",), date(2020, 1, 3), date(2020, 1, 3)),
)

LEXICON = Lexicon(ACTORS, PLACES, ANCHORS)
