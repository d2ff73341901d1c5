"""Who says so: the speaker of the clause that holds a trigger, through chains of speech."""

from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Doc, Token

from apps.annotations.pipeline.events_actors import Cast
from apps.annotations.pipeline.events_roles import antecedent, subject
from apps.annotations.pipeline.grammar import words
from apps.annotations.pipeline.triggers import lemma
from apps.annotations.pipeline.types import Act, Attribution

_CLIMB = 12


@dataclass(frozen=True, slots=True)
class Speech:
    """A verb of speech above a word, and who speaks."""

    verb: Token
    speaker: Token | None


def chain(token: Token) -> list[Speech]:
    """Return the verbs of speech above a word, the innermost (nearest to the fact) first."""
    found: list[Speech] = []
    current = token
    for _ in range(_CLIMB):
        head = current.head
        if head.i == current.i:
            break
        if _is_said(current) and head.pos_ == "VERB" and lemma(head) in words("speech"):
            found.append(Speech(head, _speaker(head, current)))
        current = head
    return found


def _is_said(token: Token) -> bool:
    """The word heads what its verb of speech says: a clause, or a quotation taken for an object."""
    if token.dep_ == "dobj":
        return token.pos_ in {"VERB", "AUX"}
    return token.dep_ in {"ccomp", "pcomp", "parataxis", "xcomp", "advcl", "prep"}


def _speaker(verb: Token, said: Token) -> Token | None:
    """Whose words they are: the subject; of "quoted Ghaani as saying" the one who is quoted."""
    if lemma(verb) in {"quote", "cite"}:
        quoted = next((c for c in verb.children if c.dep_ in {"dobj", "nsubjpass"}), None)
        if quoted is not None:
            return quoted
    found = subject(verb)
    return antecedent(found) if found is not None and found.i != said.i else None


@lru_cache(maxsize=1)  # asked for each event of the sentence that is being read
def according_to(sentence: Doc) -> Token | None:
    """Return X of "according to X" in a sentence."""
    for word in sentence:
        if word.lower_ == "according":
            for child in word.children:
                if child.lower_ == "to":
                    return next((c for c in child.children if c.dep_ == "pobj"), None)
    return None


def act_of(verb: Token) -> Act:
    """Return the speech act that a verb of speech performs."""
    base = lemma(verb)
    if base in words("denying"):
        return "denies"
    if base in words("accusing"):
        return "accuses"
    if base in words("retracting"):
        return "retracts"
    return "asserts"


def of(token: Token, cast: Cast) -> Attribution | None:
    """Return who is said to say what the token's clause tells, None where the article speaks itself."""
    told = chain(token)
    speakers = [s.speaker for s in told if s.speaker is not None]
    # An inner speaker who is only "it" is the outer one; the act is the inner verb's.
    for speaker in speakers:
        if names := cast.resolve(cast.person_of(speaker)):
            return Attribution(names[0], act_of(told[0].verb))
    if speakers and (names := cast.speaker(speakers[-1])):
        return Attribution(names[0], act_of(told[0].verb))
    source = according_to(token.doc)
    if source is not None and (names := cast.resolve(source)):
        return Attribution(names[0], "asserts")
    return None
