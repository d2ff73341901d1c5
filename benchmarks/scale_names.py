"""Codes that generated signals are made of: CAMEO's for parties and events, and places."""

_STATES = ("USA", "IRN", "IRQ", "ISR", "SAU", "SYR", "RUS", "GBR", "FRA", "DEU", "CHN", "TUR", "IND", "PAK",
           "EGY", "NGA", "BRA", "MEX", "JPN", "KOR", "AFG", "COL")  # fmt: skip
_KINDS = ("GOV", "", "MIL", "BUS", "CVL", "MED", "OPP", "EDU")
# By falling frequency: the states' governments first, then the states, then everybody else.
PARTIES = [state + kind for kind in _KINDS for state in _STATES]
# CAMEO's codes with how often each is told, in parts of about 150.
EVENTS: dict[str, float] = {
    "010": 13,
    "020": 6,
    "036": 8,
    "040": 12,
    "042": 9,
    "043": 9,
    "046": 6,
    "051": 7,
    "057": 3,
    "061": 3,
    "071": 3,
    "080": 1,
    "0831": 1,
    "100": 2,
    "111": 6,
    "112": 5,
    "1122": 2,
    "120": 3,
    "130": 3,
    "138": 2,
    "141": 2,
    "145": 1,
    "150": 2,
    "154": 1,
    "163": 2,
    "170": 2,
    "173": 6,
    "175": 1,
    "180": 2,
    "183": 1,
    "190": 6,
    "193": 3,
    "194": 2,
    "195": 2,
    "202": 0.1,
}
_LANDS = (
    "Iraq",
    "Iran",
    "United States",
    "Israel",
    "France",
    "Nigeria",
    "India",
    "Syria",
    "Yemen",
    "Lebanon",
)
# (name as GDELT writes it, its feature number)
PLACES = [(f"Town{n}, Region, {_LANDS[n % len(_LANDS)]}", str(n)) for n in range(400)]
