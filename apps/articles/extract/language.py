"""The language of a text, by the words that no text of that language does without."""

import re

_WORD = re.compile(r"[^\W\d_]+")
_COMMON = {
    "en": "the of and to in a that is was for on with as by at from it he his has have had said",
    "de": "der die und den von zu das mit sich des auf für ist im dem nicht ein eine als auch",
    "fr": "le la les de des et en un une du que qui dans pour par sur au est il pas avec",
    "es": "el la los de que y en un una por con para las del se al es su lo como",
    "fa": "و در به از که این را با است برای آن یک خود تا کرد بر هم نیز شد می",
    "ar": "في من على إلى أن عن التي الذي هذا ما لا كان قد مع هذه بعد كما ذلك قال بين",
}
_SETS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_ENOUGH_WORDS = 20
_ENOUGH_SHARE = 0.12


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the text's language, "" where it is too short or none of those known."""
    words = [word.lower() for word in _WORD.findall(text[:5000])]
    if len(words) < _ENOUGH_WORDS:
        return ""
    shares = {
        language: sum(word in common for word in words) / len(words)
        for language, common in _SETS.items()
    }
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] >= _ENOUGH_SHARE else ""
