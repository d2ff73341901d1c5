"""Which claim a denial or retraction of the same article answers, where the text makes it clear."""

from apps.annotations.models import Annotation
from apps.events.ledger import DENIES, FOR, RETRACTS
from apps.events.models import Claim, Evidence, Standing

# Claims of one article that lie further apart are not read as question and answer.
_NEAR = 5


def propose_answers(annotation: Annotation) -> None:
    """Set `answers` of the article's proposed denials and retractions; what is set stays. Safe to repeat.

    A denial answers what another speaker was just told to say of the same point of the same event; of blame,
    only what blames the denier or nobody known. A retraction answers its own speaker's last word on it.
    """
    of_article = Claim.objects.filter(
        evidence__article_version=annotation.article_version, candidate__annotation=annotation
    ).exclude(standing=Standing.REJECTED)
    rows = list(of_article.select_related("speaker", "candidate").order_by("candidate__index"))
    for number, claim in enumerate(rows):
        mine = claim.origin == Evidence.Origin.MACHINE and claim.standing == Standing.PROPOSED
        if not mine or claim.answers_id is not None:
            continue
        before = rows[max(0, number - _NEAR) : number][::-1]
        answered = None
        if claim.act == DENIES:
            answered = next((other for other in before if _is_denied(other, claim)), None)
        elif claim.act == RETRACTS:
            answered = _last_word(claim)
        if answered is not None and answered.known_at <= claim.known_at:
            Claim.objects.filter(pk=claim.pk).update(answers=answered)


def _is_denied(said: Claim, denial: Claim) -> bool:
    same = (said.event_id, said.field) == (denial.event_id, denial.field)
    if not same or said.act not in FOR or _speaker(said) == _speaker(denial):
        return False
    if said.field == Claim.Field.RESPONSIBLE:
        denier = denial.speaker.slug if denial.speaker else denial.speaker_text
        return said.act == Claim.Act.ACCUSES and said.value in ("", denier)
    return True


def _last_word(retraction: Claim) -> Claim | None:
    """Return what the speaker last said of the same point, in any article."""
    said = Claim.objects.filter(
        event=retraction.event_id, field=retraction.field, known_at__lt=retraction.known_at
    )
    said = said.filter(speaker=retraction.speaker, speaker_text=retraction.speaker_text)
    open_ones = said.exclude(standing=Standing.REJECTED).exclude(act=RETRACTS)
    return open_ones.order_by("-known_at", "-pk").first()


def _speaker(claim: Claim) -> tuple[int | None, int | None, str]:
    return claim.speaker_id, claim.source_id, claim.speaker_text
