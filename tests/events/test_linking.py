"""Links and answers that the machine proposes from what an article says of two events."""

from datetime import UTC, date, datetime

import pytest

from apps.events import curate
from apps.events.assemble import assemble
from apps.events.linking import propose_links
from apps.events.models import Claim, Event, Link, Placement, Standing
from tests.events import make

pytestmark = pytest.mark.django_db

ROCKETS = "Rockets killed two soldiers at Camp Taji on Wednesday."
ANSWER = "U.S. aircraft bombed five depots in retaliation for the rockets that killed the soldiers."
TEXT = f"{ROCKETS} {ANSWER}"


@pytest.fixture
def taji() -> Event:
    return make.event(start=date(2020, 3, 11), title="Rockets on Camp Taji")


@pytest.fixture
def strikes() -> Event:
    return make.event(start=date(2020, 3, 13), title="Strikes on depots")


def told(text: str, *mentions: tuple[str, str, Event]):
    """An annotation of the text with a mention for each (sentence, trigger, event), put with that event."""
    row = make.annotation(make.version(text, published_at=datetime(2020, 3, 13, 12, tzinfo=UTC)))
    for sentence, trigger, event in mentions:
        distinct = make.story_event(row, sentence)
        mention = distinct.mentions.get()
        at = mention.start + sentence.index(trigger)
        distinct.mentions.update(trigger_start=at, trigger_end=at + len(trigger))
        Placement.objects.create(story_event=distinct, event=event)
        if not event.evidence.filter(start=mention.start).exists():
            event.evidence.create(
                article_version=row.article_version, start=mention.start, end=mention.end,
                quote=sentence, known_at=row.article_version.article.published_at,
            )  # fmt: skip
    return row


def both(strikes: Event, taji: Event, text: str = TEXT):
    answer = text.removeprefix(ROCKETS).strip()
    return told(
        text,
        (ROCKETS, "killed", taji),
        (answer, "bombed", strikes),
        (answer, "killed", taji),
    )


class TestLinks:
    def test_a_cue_between_two_events_proposes_a_link_with_its_sentence_and_why(
        self, strikes, taji
    ):
        propose_links(both(strikes, taji))
        link = Link.objects.get()
        assert (link.source, link.kind, link.target) == (strikes, "retaliates_for", taji)
        assert (link.standing, link.origin) == (Standing.PROPOSED, "machine")
        assert link.evidence is not None
        assert link.evidence.quote == ANSWER
        assert link.evidence.event == strikes
        assert link.known_at == datetime(2020, 3, 13, 12, tzinfo=UTC)
        assert "“in retaliation for”" in link.why

    def test_a_second_time_nothing_is_added(self, strikes, taji):
        annotation = both(strikes, taji)
        propose_links(annotation)
        before = list(Link.objects.values())
        propose_links(annotation)
        assert list(Link.objects.values()) == before

    def test_a_link_that_an_editor_rejected_or_drew_is_left_alone(self, strikes, taji):
        annotation = both(strikes, taji)
        propose_links(annotation)
        curate.reject_link(Link.objects.get(), by_label="x", reason="no")
        propose_links(annotation)
        assert Link.objects.get().standing == Standing.REJECTED
        Link.objects.update(kind="responds_to", standing=Standing.PUBLISHED)
        propose_links(annotation)
        assert Link.objects.get().kind == "responds_to"

    def test_no_effect_comes_before_its_cause(self, strikes, taji):
        Event.objects.filter(pk=taji.pk).update(start=date(2020, 3, 20), end=date(2020, 3, 20))
        taji.refresh_from_db()
        propose_links(both(strikes, taji))
        assert not Link.objects.exists()

    def test_no_circle_is_proposed(self, strikes, taji):
        Event.objects.update(start=date(2020, 3, 11), end=date(2020, 3, 11))
        Link.objects.create(source=taji, target=strikes, kind="responds_to")
        propose_links(both(strikes, taji))
        assert Link.objects.count() == 1

    def test_an_event_is_known_by_its_names(self, strikes):
        strike = make.published(start=date(2020, 1, 3), names=["the killing of Soleimani"])
        sentence = "Aircraft bombed the depots in answer to the killing of Soleimani."
        propose_links(told(sentence, (sentence, "bombed", strikes)))
        assert Link.objects.get().target == strike

    def test_a_truce_is_broken_by_the_name_it_is_known_by(self, strikes):
        truce = make.published(start=date(2020, 3, 1), type="CONCEDE", names=["the truce"])
        sentence = "Aircraft bombed the depots, breaking the truce that militias announced."
        propose_links(told(sentence, (sentence, "bombed", strikes)))
        link = Link.objects.get()
        assert (link.kind, link.target) == ("violates", truce)

    def test_what_the_article_no_longer_states_is_taken_back(self, strikes, taji):
        annotation = both(strikes, taji)
        propose_links(annotation)
        Placement.objects.filter(event=taji).delete()
        assert propose_links(annotation) == {strikes.pk}
        assert not Link.objects.exists()

    def test_rejected_events_are_not_linked(self, strikes, taji):
        Event.objects.filter(pk=taji.pk).update(status="rejected")
        propose_links(both(strikes, taji))
        assert not Link.objects.exists()

    def test_assembling_an_article_proposes_its_links(self):
        strikes = make.published(
            start=date(2020, 3, 13), type="ASSAULT", initiators=("us-mil",), targets=("kh",),
            title="U.S. aircraft bombed five depots",
        )  # fmt: skip
        taji = make.published(
            start=date(2020, 3, 11), type="ASSAULT", initiators=("kh",), targets=("us-mil",),
            title="Rockets killed two soldiers at Camp Taji",
        )  # fmt: skip
        row = make.annotation(
            make.version(TEXT, published_at=datetime(2020, 3, 13, 12, tzinfo=UTC))
        )
        answer = make.story_event(
            row, ANSWER, initiators=["us-mil"], targets=["kh"], date_from=date(2020, 3, 13)
        )
        cause = make.story_event(
            row, ROCKETS, initiators=["kh"], targets=["us-mil"], date_from=date(2020, 3, 11)
        )
        mention = make.mention(
            row, cause, ANSWER, type="ASSAULT", modality="actual", confidence=0.8
        )
        for one, trigger in ((answer.mentions.get(), "bombed"), (mention, "killed")):
            one.trigger_start = one.start + ANSWER.index(trigger)
            one.trigger_end = one.trigger_start + len(trigger)
            one.save()
        done = assemble(row)
        assert done.status == "done", done.error
        link = Link.objects.get()
        assert (link.source, link.target, link.kind) == (strikes, taji, "retaliates_for")


class TestAnswers:
    BLAME = "Washington blamed the militia for the rockets."
    DENIAL = "The militia denied any part in it."

    def denial(self, about: str = "kh") -> Claim:
        """Assemble an article in which one side blames and the other denies; return the denial."""
        make.actor("us-gov")
        make.actor("kh", kind="armed_group")
        make.published(
            start=date(2020, 3, 11), type="ASSAULT", initiators=("kh",), targets=("us-gov",),
            title="Rockets killed two soldiers at Camp Taji",
        )  # fmt: skip
        text = f"{ROCKETS} {self.BLAME} {self.DENIAL}"
        row = make.annotation(make.version(text, published_at=datetime(2020, 3, 13, tzinfo=UTC)))
        attack = make.story_event(
            row, ROCKETS, initiators=["kh"], targets=["us-gov"], date_from=date(2020, 3, 11)
        )
        said = {"field": "responsible"}
        make.claim_candidate(
            row,
            attack.mentions.get(),
            self.BLAME,
            speaker="us-gov",
            act="accuses",
            value=about,
            **said,
        )
        make.claim_candidate(
            row, attack.mentions.get(), self.DENIAL, speaker="kh", act="denies", value="no", **said
        )
        done = assemble(row)
        assert done.status == "done", done.error
        return Claim.objects.get(act="denies")

    def test_a_denial_answers_what_was_just_said_of_the_denier(self):
        assert self.denial().answers == Claim.objects.get(act="accuses")

    def test_a_denial_does_not_answer_what_is_said_of_somebody_else(self):
        make.actor("isis", kind="armed_group")
        assert self.denial("isis").answers is None
