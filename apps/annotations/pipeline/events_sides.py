"""Sides of a speech act that its own words leave out: who must be speaking, and who is meant."""

from spacy.tokens import Token

from apps.annotations.pipeline.events_actors import Cast
from apps.annotations.pipeline.events_groups import Group
from apps.annotations.pipeline.events_roles import antecedent, carrying_verb, subject

_CLIMB = 3  # verbs above a noun of speech that are asked for their subject
_WHEN = frozenset({"after", "before", "when", "since", "as", "while", "during"})


def speaker(group: Group, cast: Cast) -> list[str]:
    """Return the known actor who must be speaking: the subject of the verbs above ("walked back threats")."""
    token = group.main.token
    for _ in range(_CLIMB):
        head = token.head
        if head.i == token.i or token.dep_ in {"nsubj", "nsubjpass", "advcl", "relcl", "pobj"}:
            return []
        token = head
        if token.pos_ not in {"VERB", "AUX"}:
            continue
        above = subject(token)
        if above is None:
            continue
        return cast.resolve(cast.person_of(antecedent(above)), surface=False, clauses=False)
    return []


def meant(group: Group, cast: Cast, doers: list[str]) -> list[str]:
    """Return the actor of another country in what is said: "complained that Iran had tested a missile"."""
    main = group.main
    top = main.token
    if main.is_noun:
        top = carrying_verb(main.token) or main.token
    for token in _said(top):
        mention = cast.by_token.get(token.i)
        if mention and mention.actor and cast.is_foreign(mention.actor, doers):
            return [mention.actor]
    return []


def _said(top: Token) -> list[Token]:
    """The words of what is said, in text order: no second statement, nothing that only tells when."""
    kept = [c for c in top.children if c.i > top.i and c.dep_ != "conj" and not _is_time(c)]
    return sorted((t for c in kept for t in c.subtree), key=lambda t: t.i)


def _is_time(token: Token) -> bool:
    return token.lower_ in _WHEN or any(
        c.dep_ == "mark" and c.lower_ in _WHEN for c in token.children
    )
