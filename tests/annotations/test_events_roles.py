"""Who acts, in sentences that a parser gave an odd shape."""

from spacy.tokens import Doc
from spacy.vocab import Vocab

from apps.annotations.pipeline import events_roles


def test_a_participle_that_is_taken_for_the_quotation_itself_has_a_subject() -> None:
    """Parsed so in real articles: the participle before "said" as what was said."""
    doc = Doc(
        Vocab(),
        words=["Fearing", "fire", ",", "officials", "said"],
        heads=[4, 0, 4, 4, 4],
        deps=["ccomp", "dobj", "punct", "nsubj", "ROOT"],
        tags=["VBG", "NN", ",", "NNS", "VBD"],
        pos=["VERB", "NOUN", "PUNCT", "NOUN", "VERB"],
        lemmas=["fear", "fire", ",", "official", "say"],
    )
    found = events_roles.subject(doc[0])
    assert found is not None
    assert found.text == "officials"
