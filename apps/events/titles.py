"""How a proposal is named from what was coded. Plain: values in, values out.

A title says no more than the coding: an editor reads at once what the machine understood.
"""

from collections.abc import Sequence

# type -> what it is called, and the word before the target
_WORDS = {
    "AGREE": ("Agreement", "with"),
    "CONSULT": ("Talks", "with"),
    "SUPPORT": ("Support", "for"),
    "CONCEDE": ("Concession", "to"),
    "COOPERATE": ("Cooperation", "with"),
    "AID": ("Aid", "to"),
    "RETREAT": ("Withdrawal or easing", "towards"),
    "REQUEST": ("Demand", "to"),
    "ACCUSE": ("Accusation", "against"),
    "REJECT": ("Refusal", "towards"),
    "THREATEN": ("Threat", "against"),
    "PROTEST": ("Protest", "against"),
    "SANCTION": ("Sanction", "on"),
    "MOBILIZE": ("Mobilisation", "against"),
    "COERCE": ("Coercion", "of"),
    "ASSAULT": ("Attack", "on"),
}
_LONGEST = 300


def title(
    type_: str, mode: str, initiators: Sequence[str], targets: Sequence[str], place: str = ""
) -> str:
    """Return e.g. "Attack (drone) by A on B and C, Baghdad"; what is not known is left out.

    Actors and place come as names. An event without any actor says so.
    """
    what, towards = _WORDS[type_]
    if mode:
        what += f" ({mode.replace('-', ' ')})"
    if initiators:
        what += f" by {_listed(initiators)}"
    if targets:
        what += f" {towards} {_listed(targets)}"
    if not initiators and not targets:
        what += ", parties not named"
    return (f"{what}, {place}" if place else what)[:_LONGEST]


def _listed(names: Sequence[str]) -> str:
    shown = list(names[:3])
    if len(names) > len(shown):
        shown.append("others")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
