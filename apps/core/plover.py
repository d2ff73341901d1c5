"""PLOVER event classes as this project uses them: types, quad classes, modes, scores.

Source: PLOVER manual, draft 0.8 (17 Sep 2021), tables of categories, modes and scores. The published
tables have known slips; the corrections stand in `CORRECTIONS`, in this one place, with their reason.
"""

from typing import Final

# type -> quad class: 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
QUAD: Final[dict[str, int]] = {
    "AGREE": 1,
    "CONSULT": 1,
    "SUPPORT": 1,
    "CONCEDE": 1,
    "COOPERATE": 2,
    "AID": 2,
    "RETREAT": 2,
    "REQUEST": 3,
    "ACCUSE": 3,
    "REJECT": 3,
    "THREATEN": 3,
    "PROTEST": 4,
    "SANCTION": 4,
    "MOBILIZE": 4,
    "COERCE": 4,
    "ASSAULT": 4,
}
TYPES: Final = tuple(QUAD)
QUAD_NAMES: Final[dict[int, str]] = {
    1: "Verbal cooperation",
    2: "Material cooperation",
    3: "Verbal conflict",
    4: "Material conflict",
}

# (type, mode) -> score as published; mode "" is the type alone. Range -10 (conflict) to +10.
PUBLISHED: Final[dict[tuple[str, str], float]] = {
    ("AGREE", ""): 2.5,
    ("CONSULT", ""): 2.5,
    ("CONSULT", "visit"): 4.0,
    ("CONSULT", "third-party"): 1.0,
    ("CONSULT", "multilateral"): 4.0,
    ("CONSULT", "phone"): 1.5,
    ("SUPPORT", ""): 5.0,
    ("CONCEDE", ""): 4.5,
    ("COOPERATE", ""): 9.5,
    ("AID", ""): 10.0,
    ("RETREAT", ""): 6.5,
    ("RETREAT", "withdraw"): 8.0,
    ("RETREAT", "release"): 6.5,
    ("RETREAT", "disarm"): 10.0,
    ("RETREAT", "ceasefire"): 7.5,
    ("RETREAT", "access"): 6.5,
    ("RETREAT", "resign"): 4.5,
    ("REQUEST", ""): 0.0,
    ("REQUEST", "assist"): 0.5,
    ("REQUEST", "change"): -1.0,
    ("REQUEST", "yield"): -1.0,
    ("REQUEST", "meet"): 0.0,
    ("ACCUSE", ""): 3.0,
    ("ACCUSE", "disapprove"): -2.0,
    ("ACCUSE", "investigate"): -3.5,
    ("ACCUSE", "allege"): -3.5,
    ("REJECT", ""): -2.0,
    ("REJECT", "assist"): -1.5,
    ("REJECT", "change"): -2.0,
    ("REJECT", "yield"): -2.0,
    ("REJECT", "meet"): -2.0,
    ("THREATEN", ""): -3.5,
    ("THREATEN", "restrict"): -3.0,
    ("THREATEN", "arrest"): -3.5,
    ("THREATEN", "relations"): -3.5,
    ("THREATEN", "expel"): -3.5,
    ("THREATEN", "territory"): -4.0,
    ("THREATEN", "violence"): -3.5,
    ("PROTEST", ""): -5.0,
    ("PROTEST", "demo"): -5.0,
    ("PROTEST", "riot"): -7.0,
    ("PROTEST", "strike"): -5.0,
    ("PROTEST", "hunger"): -4.5,
    ("PROTEST", "boycott"): -4.5,
    ("PROTEST", "obstruct"): -4.5,
    ("SANCTION", ""): -6.0,
    ("SANCTION", "convict"): -6.0,
    ("SANCTION", "expel"): -5.5,
    ("SANCTION", "withdraw"): -6.0,
    ("SANCTION", "discontinue"): -6.0,
    ("MOBILIZE", ""): -5.5,
    ("MOBILIZE", "troops"): -6.5,
    ("MOBILIZE", "weapons"): -6.5,
    ("MOBILIZE", "police"): -5.5,
    ("MOBILIZE", "militia"): -6.0,
    ("COERCE", ""): -7.0,
    ("COERCE", "seize"): -7.0,
    ("COERCE", "restrict"): -7.0,
    ("COERCE", "censor"): -6.5,
    ("COERCE", "curfew"): -6.5,
    ("COERCE", "martial-law"): -7.5,
    ("COERCE", "arrest"): -7.0,
    ("COERCE", "deport"): -7.0,
    ("COERCE", "withhold"): -7.0,
    ("COERCE", "misinformation"): -6.5,
    ("COERCE", "cyber"): -7.0,
    ("ASSAULT", ""): -9.0,
    ("ASSAULT", "abduct"): -8.5,
    ("ASSAULT", "beat"): -7.5,
    ("ASSAULT", "torture"): -8.5,
    ("ASSAULT", "sexual"): -8.5,
    ("ASSAULT", "targeted"): -9.5,
    ("ASSAULT", "destroy"): -8.5,
    ("ASSAULT", "primitive"): -8.0,
    ("ASSAULT", "firearms"): -9.0,
    ("ASSAULT", "explosives"): -9.0,
    ("ASSAULT", "suicide-attack"): -9.5,
    ("ASSAULT", "aerial"): -9.5,
    ("ASSAULT", "drone"): -9.5,
    ("ASSAULT", "heavy-weapons"): -9.5,
    ("ASSAULT", "crowd-control"): -7.5,
    ("ASSAULT", "unconventional"): -10.0,
}

# (type, mode) -> (corrected score, why)
CORRECTIONS: Final[dict[tuple[str, str], tuple[float, str]]] = {
    ("ACCUSE", ""): (-3.0, "printed as +3; every mode of ACCUSE is negative and -3 is meant"),
}
# Where the published tables contradict each other or leave something out:
# (where, what they say, what holds here).
SETTLED: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "SANCTION",
        "verbal conflict in one table of the manual, material in another",
        "material conflict",
    ),
    (
        "REQUEST",
        "0 in PLOVER, -5 in the Goldstein scale that is used with CAMEO",
        "0, as PLOVER has it; its modes have scores of their own",
    ),
    (
        "CAMEO 163",
        "COERCE in the conversion file of 2021, SANCTION in the manual",
        "SANCTION, mode discontinue",
    ),
    ("CAMEO 20", "ASSAULT with modes that have no score in the manual", "ASSAULT alone"),
    (
        "CAMEO 1213 and 1214",
        "missing in the Goldstein file of GDELT",
        "REJECT, scored as PLOVER has it",
    ),
    ("mode assassinate", "the name in the conversion file", "targeted, as in the manual"),
    (
        "CAMEO 195",
        "mode heavy-weapons in the conversion file",
        "modes aerial and drone, by the weapon",
    ),
    (
        "CAMEO 015 and 016",
        "claims and denials of responsibility, dropped by PLOVER",
        "no event class: they stand in the claims of an event",
    ),
)
SCORES: Final[dict[tuple[str, str], float]] = {
    **PUBLISHED,
    **{key: score for key, (score, _) in CORRECTIONS.items()},
}
MODES: Final[dict[str, tuple[str, ...]]] = {
    type_: tuple(mode for (owner, mode) in PUBLISHED if owner == type_ and mode) for type_ in TYPES
}
ALL_MODES: Final = tuple(sorted({mode for modes in MODES.values() for mode in modes}))


def score(type_: str, mode: str = "") -> float:
    """Return the corrected PLOVER score of a type and mode; an unknown mode counts as the type alone.

    Raises KeyError for an unknown type.
    """
    return SCORES.get((type_, mode), SCORES[(type_, "")])
