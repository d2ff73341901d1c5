"""One screen for an item: the article around the sentence, what was understood and why, what it comes near."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.annotations.models import Mention
from apps.events import curate, desk
from apps.events.assemble import assemble
from apps.events.desk_screen import AROUND
from apps.events.models import DeskItem, Event, Link, Standing
from tests.events import make

pytestmark = pytest.mark.django_db
SENTENCE = "Rockets hit the US embassy in Baghdad on Tuesday."
PADDING = "Nobody had expected it to happen so soon. "


def proposal(sentence=SENTENCE, text="", day=date(2020, 11, 17), **coded):
    """A proposal made by the machine from one article; its item."""
    make.actor("us-gov")
    row = make.annotation(make.version(text or f"BAGHDAD\n\n{PADDING}\n\n{sentence}\n\nThe end."))
    values = {"targets": ["us-gov"], "date_from": day, "why": "trigger 'hit'; on Tuesday"} | coded
    make.story_event(row, sentence, **values)
    assemble(row)
    event = Event.objects.latest("pk")
    desk.refresh([event.pk])
    return event.desk_item


def words(reading):
    return "\n\n".join("".join(t.text for t in block.tokens) for block in reading.blocks)


def marked(reading, kind):
    """The texts inside the marks of a kind."""
    found, inside = [], False
    for token in (token for block in reading.blocks for token in block.tokens):
        if token.mark is not None and token.mark.kind == kind:
            inside = token.step == "open"
            found += [""] if inside and token.first else []
        elif token.step == "text" and inside:
            found[-1] += token.text
    return found


def test_the_article_is_shown_with_the_sentence_and_its_trigger_marked():
    item = proposal()
    (reading,) = desk.screen(item).readings
    assert words(reading) == f"BAGHDAD\n\n{PADDING.strip()}\n\n{SENTENCE}\n\nThe end."
    assert marked(reading, "evidence") == [SENTENCE]
    assert marked(reading, "trigger") == ["R"]
    anchors = [t.mark.anchor for b in reading.blocks for t in b.tokens if t.mark and t.mark.anchor]
    assert anchors[0] == f"evidence-{item.event.evidence.get().pk}"
    assert not reading.cut_before
    assert not reading.cut_after


def test_of_a_long_article_whole_paragraphs_around_the_sentence_are_shown():
    paragraph = PADDING * 20
    text = "\n\n".join([*[paragraph] * 40, SENTENCE, *[paragraph] * 40])
    (reading,) = desk.screen(proposal(text=text)).readings
    assert len(words(reading)) <= 2 * AROUND + len(SENTENCE)
    assert marked(reading, "evidence") == [SENTENCE]
    assert reading.cut_before
    assert reading.cut_after
    assert words(reading).startswith(PADDING)
    assert words(reading).endswith(PADDING.strip())


def test_a_text_without_paragraphs_is_cut_and_still_holds_the_sentence():
    text = PADDING * 400 + SENTENCE + " " + PADDING * 400
    (reading,) = desk.screen(proposal(text=text)).readings
    assert marked(reading, "evidence") == [SENTENCE]
    assert len(words(reading)) <= 2 * AROUND + len(SENTENCE)


def test_sentences_of_one_article_share_a_reading_and_those_of_another_have_their_own():
    other = "The embassy was hit again on Tuesday."
    item = proposal(text=f"{SENTENCE}\n\n{other}")
    version = item.event.evidence.get().article_version
    make_span(item.event, version, other)
    make_span(item.event, make.version(f"CAIRO\n\n{SENTENCE}"), SENTENCE)
    desk.refresh([item.event_id])
    shown = desk.screen(item)
    assert [marked(reading, "evidence") for reading in shown.readings] == [
        [SENTENCE, other],
        [SENTENCE],
    ]
    assert len(shown.evidence) == 3


def make_span(event, version, quote, **values):
    start = version.text.index(quote)
    return event.evidence.create(
        article_version=version,
        start=start,
        end=start + len(quote),
        quote=quote,
        known_at=make.PUBLISHED_AT,
        **values,
    )


def test_what_was_understood_is_told_field_by_field_with_its_words():
    item = proposal(mode="heavy-weapons", initiators=["some militia"], killed=2)
    annotation = item.event.evidence.get().candidate.annotation
    start = annotation.article_version.text.index("US embassy")
    Mention.objects.create(
        annotation=annotation,
        kind="actor",
        start=start,
        end=start + 10,
        surface="US embassy",
        how="alias",
        actor=make.actor("us-gov"),
    )
    rows = {row.field: row for row in desk.screen(item).understood}
    assert (rows["What"].value, rows["What"].why) == ("ASSAULT heavy-weapons", "trigger 'hit'")
    assert (rows["When"].value, rows["When"].why) == ("2020-11-17 (day)", "on Tuesday")
    assert (rows["To whom"].value, rows["To whom"].why) == ("Us Gov", "“US embassy” (alias)")
    assert (rows["Who"].value, rows["Who"].known) == ("some militia", False)
    assert rows["Where"].value == "no place told"
    assert rows["Killed"].value == "2"
    assert rows["Confidence"].value == "0.80"


def test_a_proposal_by_hand_was_understood_by_nobody():
    event = make.event()
    make.cited(event)
    desk.refresh([event.pk])
    shown = desk.screen(event.desk_item)
    assert (shown.understood, shown.readings) == ([], [])
    assert [row.url for row in shown.evidence] == ["https://example.org/report"]


def test_known_events_that_come_near_are_beside_it_and_computed_again_once_one_is_decided():
    item = proposal()
    assert desk.screen(item).matches == []
    near = make.event(
        start=date(2020, 11, 17), targets=("us-gov",), title="Rockets hit the embassy"
    )
    make.cited(near, "https://example.org/near")
    curate.publish(near, by=make.editor())
    item.refresh_from_db()
    (match,) = desk.screen(item).matches
    assert match.event == near
    assert 0 < match.score <= 1
    assert "days 1.00" in match.why
    curate.reject(near, by=make.editor("other"), reason="hoax")
    item.refresh_from_db()
    assert desk.screen(item).matches == []


def test_matches_are_kept_until_something_near_is_decided():
    item = proposal()
    desk.screen(item)
    item.refresh_from_db()
    matched = item.matched_at
    assert matched is not None
    far = make.event(start=date(2015, 1, 1))
    make.cited(far)
    curate.publish(far, by=make.editor())
    desk.screen(item)
    item.refresh_from_db()
    assert item.matched_at == matched


def test_what_waits_on_a_published_event_is_shown_with_what_it_has():
    event, earlier = make.published(), make.published(start=date(2020, 1, 3))
    added = make.cited(event, "https://example.org/added")
    claim = make.claim(event, number=4, evidence=added, speaker="ir-gov")
    link = Link.objects.create(
        source=event, target=earlier, kind="responds_to", standing="proposed"
    )
    rejected = make.cited(event, "https://example.org/no", standing=Standing.REJECTED)
    desk.refresh([event.pk])
    shown = desk.screen(event.desk_item)
    assert (shown.evidence, shown.claims, shown.links) == ([added], [claim], [link])
    assert rejected not in shown.published
    assert len(shown.published) == 1
    assert shown.matches == []
    assert not shown.more


def test_it_says_what_made_up_the_salience_and_which_change_was_newest():
    item = proposal()
    shown = desk.screen(item)
    assert sum(shown.points.values()) == pytest.approx(item.salience, abs=0.02)
    assert shown.seen == curate.newest_change(item.event) > 0


def test_queries_do_not_grow_with_what_waits():
    def cost(item):
        DeskItem.objects.update(matched_at=timezone.now())
        item.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            shown = desk.screen(item)
            for claim in shown.claims:
                (str(claim), claim.evidence)
            for link in shown.links:
                str(link)
            [row.article_version.article.source for row in shown.evidence if row.article_version]
            [part.actor.name for part in shown.event.participations.all()]
            [part.actor.name for m in shown.matches for part in m.event.participations.all()]
        return len(queries)

    item = proposal()
    event = item.event
    make.claim(event, number=1, speaker="ir-gov", evidence=event.evidence.get())
    target = make.published(start=date(2020, 1, 1))
    Link.objects.create(source=event, target=target, kind="part_of", standing="proposed")
    one = cost(item)
    for number in (2, 3):
        sentence = f"The embassy was hit by {number} rockets."
        row = make_span(event, make.version(f"{sentence} More follows."), sentence)
        make.claim(event, number=number, speaker="us-gov", evidence=row)
        goal = make.published(start=date(2020, 1, number))
        Link.objects.create(source=event, target=goal, kind="part_of", standing="proposed")
    assert cost(item) == one
    assert one <= 22
