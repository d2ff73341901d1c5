"""Well-known actors beyond the dossier: the tables, and how they are read."""

import re
from collections import defaultdict
from datetime import date
from itertools import combinations

import pytest

from apps.annotations.pipeline import names_world, sentences
from apps.annotations.pipeline.countries import countries
from apps.annotations.pipeline.names import ActorFinder
from apps.annotations.pipeline.names_forms import folded
from apps.annotations.pipeline.types import ActorEntry, ActorMention, Lexicon
from tests.annotations.small_lexicon import LEXICON

FINDER = ActorFinder(LEXICON)
KINDS = {"government", "armed_forces", "armed_group", "organisation", "media", "person"}
# The members of the United Nations, and four that the news names as states.
STATES = re.findall(
    "[A-Z]{3}",
    """
    AFG ALB DZA AND AGO ATG ARG ARM AUS AUT AZE BHS BHR BGD BRB BLR BEL BLZ BEN BTN BOL BIH BWA BRA
    BRN BGR BFA BDI CPV KHM CMR CAN CAF TCD CHL CHN COL COM COG COD CRI CIV HRV CUB CYP CZE PRK DNK
    DJI DMA DOM ECU EGY SLV GNQ ERI EST SWZ ETH FJI FIN FRA GAB GMB GEO DEU GHA GRC GRD GTM GIN GNB
    GUY HTI HND HUN ISL IND IDN IRN IRQ IRL ISR ITA JAM JPN JOR KAZ KEN KIR KWT KGZ LAO LVA LBN LSO
    LBR LBY LIE LTU LUX MDG MWI MYS MDV MLI MLT MHL MRT MUS MEX FSM MDA MCO MNG MNE MAR MOZ MMR NAM
    NRU NPL NLD NZL NIC NER NGA MKD NOR OMN PAK PLW PAN PNG PRY PER PHL POL PRT QAT KOR ROU RUS RWA
    KNA LCA VCT WSM SMR STP SAU SEN SRB SYC SLE SGP SVK SVN SLB SOM ZAF SSD ESP LKA SDN SUR SWE CHE
    SYR TJK THA TLS TGO TON TTO TUN TUR TKM TUV UGA UKR ARE GBR TZA USA URY UZB VUT VEN VNM YEM ZMB
    ZWE PSE XKX TWN VAT
    """,
)


def find(text: str, day: date, finder: ActorFinder = FINDER) -> list[ActorMention]:
    """Actors of a text that was published on a day."""
    return finder.find(text, sentences.split(text), day)


def known(text: str, day: date) -> list[tuple[str, str | None]]:
    """Surfaces of the mentions of somebody well-known, with his name."""
    return [(m.surface, m.known) for m in find(text, day) if m.known]


@pytest.mark.parametrize(
    ("day", "text", "found"),
    [
        # Who holds an office on the day, under two surfaces.
        (date(2020, 5, 1), "The French president left. Emmanuel Macron called.",
         [("French president", "Emmanuel Macron"), ("Emmanuel Macron", "Emmanuel Macron")]),
        (date(2016, 5, 1), "The French president left.", [("French president", "François Hollande")]),
        (date(2021, 12, 7), "Germany's chancellor left.", [("Germany's chancellor", "Angela Merkel")]),
        (date(2021, 12, 9), "Germany's chancellor left.", [("Germany's chancellor", "Olaf Scholz")]),
        # A last name after the full one, and who he is.
        (date(2023, 5, 1), "Volodymyr Zelenskiy landed. He spoke.",
         [("Volodymyr Zelenskiy", "Volodymyr Zelenskyy"), ("He", "Volodymyr Zelenskyy")]),
        (date(2020, 5, 1), "Boris Johnson phoned. Johnson hung up.",
         [("Boris Johnson", "Boris Johnson"), ("Johnson", "Boris Johnson")]),
        (date(2020, 5, 1), "Johnson, a plumber in Britain, hung up.", []),
        # Bodies and groups; an office of a part of a country is not the country's.
        (date(2020, 5, 1), "NATO and Boko Haram met.", [("NATO", "NATO"), ("Boko Haram", "Boko Haram")]),
        (date(2020, 5, 1), "The Polish president met nobody.", [("Polish president", "Andrzej Duda")]),
        (date(2018, 5, 1), "The president of the European Council left.",
         [("president of the European Council", "Donald Tusk")]),
        (date(2020, 5, 1), "Those who went, and who is who.", []),
    ],
)  # fmt: skip
def test_somebody_well_known(day: date, text: str, found: list[tuple[str, str | None]]) -> None:
    assert known(text, day) == found


def test_somebody_well_known_has_no_id_and_is_a_new_name_for_the_editor() -> None:
    (mention,) = find("Emmanuel Macron phoned.", date(2020, 5, 1))
    assert (mention.actor, mention.kind) == (None, "unknown")


def test_the_dossier_goes_before_the_world() -> None:
    day = date(2020, 5, 1)
    mentions = find("Trump met the Iranian president. Hezbollah watched.", day)
    assert [(m.surface, m.actor) for m in mentions] == [
        ("Trump", "trump"),
        ("Iranian", "iran-gov"),
        ("Hezbollah", "hezbollah-lb"),
    ]
    macron = ActorEntry("macron", "Emmanuel Macron", "person", "FRA")
    (mention,) = find("Macron spoke to Emmanuel Macron.", day, ActorFinder(Lexicon((macron,))))[-1:]
    assert (mention.actor, mention.known) == ("macron", None)
    namesake = ActorFinder(Lexicon((ActorEntry("pierre", "Pierre Macron", "person", "FRA"),)))
    assert [m.actor for m in find("Pierre Macron spoke. Macron left.", day, namesake)] == [
        "pierre"
    ] * 2


def test_every_state_is_in_the_table_with_its_capital_and_people() -> None:
    listed = {country.iso: country for country in countries()}
    assert set(STATES) <= set(listed)
    without = {iso for iso in STATES if not listed[iso].capital}
    assert without <= {
        "MCO",
        "SGP",
        "NRU",
        "SMR",
        "STP",
        "VAT",
    }  # a city of the state's own name, or none
    assert len([iso for iso in STATES if not listed[iso].demonyms]) < 25


def test_the_tables_of_actors_are_sound() -> None:
    listed = names_world.actors()
    codes = {country.iso for country in countries()} | {"XXX"}
    ids = {actor.id for actor in listed}
    assert len(ids) == len(listed) > 400
    bearers: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for actor in listed:
        assert actor.country in codes, actor
        assert actor.kind in KINDS, actor
        for name in (actor.name, *actor.aliases):
            bearers[folded(name)].add(actor.id)
        for role in actor.roles:
            assert role.organisation is None or role.organisation in ids, actor
            assert role.since is None or role.until is None or role.since < role.until, actor
    assert [ids for ids in bearers.values() if len(ids) > 1] == []


def test_no_office_of_a_state_has_two_holders_on_a_day() -> None:
    held = defaultdict(list)
    for actor in names_world.actors():
        for role in actor.roles:
            if role.organisation is None and role.since is not None:
                held[actor.country, role.title].append(
                    (role.since, role.until or date.max, actor.name)
                )
    for office, terms in held.items():
        for one, other in combinations(sorted(terms), 2):
            assert one[1] <= other[0], (office, one, other)
