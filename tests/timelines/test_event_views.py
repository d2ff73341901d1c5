"""The event page and the drawer: what they show, and what they must never show."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.events.models import Decision, Event, Link, Standing
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_event,
    make_evidence,
    make_place,
    make_quote,
    make_timeline,
)

pytestmark = pytest.mark.django_db

TEXT = (
    "BAGHDAD (AP) - Officials spoke on Friday.\n\n"
    "The general left the airport. A drone strike killed him at the gate. Crowds gathered later.\n\n"
    "Nobody claimed anything else."
)
SENTENCE = "A drone strike killed him at the gate."
HOSTILE = "<script>alert('x')</script>\"'&<b>"


def page(client, event, **headers):
    return client.get(reverse("event", args=[event.public_id]), headers=headers)


def html(client, event, **headers) -> str:
    response = page(client, event, **headers)
    assert response.status_code == 200
    return response.content.decode()


def drawer(client, event) -> str:
    return html(client, event, **{"HX-Request": "true", "HX-Target": "event-drawer"})


def link(source: Event, target: Event, kind=Link.Kind.RETALIATES_FOR, standing=Standing.PUBLISHED):
    return Link.objects.create(source=source, target=target, kind=kind, standing=standing)


class TestWhatStandsThere:
    def test_the_days_stand_in_words_with_their_precision_and_edtf(self, client):
        event = make_event(
            start=date(2020, 6, 8),
            end=date(2020, 6, 14),
            precision="week",
            edtf="2020-06-08/2020-06-14~",
        )
        shown = html(client, event)
        assert "8–14 June 2020" in shown
        assert "known to the week" in shown
        assert "2020-06-08/2020-06-14~" in shown

    def test_the_code_stands_in_words_with_its_class_score_and_severity(self, client):
        event = make_event(type="ASSAULT", mode="drone", rank=1.5, soil=1)
        shown = html(client, event)
        for words in ("Assault: by drone", "Material conflict", "−9.5", "12.00", "T1"):
            assert words in shown

    def test_a_corrected_score_is_said_to_be_corrected(self, client):
        assert "corrected" in html(client, make_event(type="ACCUSE"))
        assert "corrected" not in html(client, make_event(type="REJECT"))

    def test_actors_stand_by_their_role_and_lead_to_their_pages(self, client):
        by, at = make_actor("us-mil"), make_actor("irgc")
        shown = html(client, make_event(by=[by], at=[at]))
        initiators = shown.index("Initiators")
        targets = shown.index("Targets")
        assert initiators < shown.index(by.get_absolute_url()) < targets
        assert shown.index(at.get_absolute_url()) > targets

    def test_a_place_says_how_well_it_is_known(self, client):
        event = make_event(place=make_place(name="Baghdad"), geo_precision="city")
        shown = html(client, event)
        assert "Baghdad" in shown
        assert "known to the city" in shown

    def test_a_toll_stands_with_its_range_and_the_rule_behind_it(self, client):
        pentagon = make_actor("us-gov", name="Pentagon")
        event = make_event(at=[pentagon])
        make_claim(event, pentagon, field="killed", number=0)
        make_claim(event, make_actor("iran-gov", name="Iran"), field="killed", number=80)
        shown = html(client, event)
        assert "claims from 0 to 80" in shown
        assert (
            "0 killed is the latest figure of an official of the affected side: Pentagon, known on "
            "3 January 2020. Other figures stand beside it and lose by that rule: 80 by Iran."
            in shown
        )

    def test_the_page_says_why_no_figure_leads(self, client):
        event = make_event()
        for name, number in (("One paper", 7), ("Another paper", 10)):
            make_claim(event, speaker_text=name, field="killed", number=number)
        shown = html(client, event)
        assert "none is told by more independent reports than the others" in shown
        assert "7 by 1 report (One paper); 10 by 1 report (Another paper)" in shown
        assert "So the range from 7 to 10 killed stands." in shown

    def test_the_page_says_which_figure_most_reports_tell(self, client):
        event = make_event()
        for number, (figure, wire) in enumerate(
            [(3, ""), (3, ""), (4, "AP"), (4, "AP"), (4, "AP")]
        ):
            version = make_article(f"{TEXT} {number}", agency=wire)
            evidence = make_quote(event, version, SENTENCE)
            make_claim(
                event,
                speaker_text=f"Paper {number}",
                field="killed",
                number=figure,
                evidence=evidence,
            )
        shown = html(client, event)
        assert "3 killed is told by most independent reports: 3 by 2 reports" in shown
        assert "4 by 1 report (Paper 2, Paper 3, Paper 4)" in shown
        assert "2 independent reports (2 articles)" in shown
        assert "1 independent report (3 articles)" in shown
        # The cited page is of one paper with the articles.
        assert "3 independent reports (5 articles, 1 cited page)" in shown

    def test_nothing_but_claims_makes_an_event_contested(self, client):
        event = make_event(contested=True)
        assert "tag-contested" not in html(client, event)

    def test_what_contests_an_event_is_said(self, client):
        event = make_event()
        make_claim(
            event,
            make_actor("ashab", name="Ashab al-Kahf"),
            field="responsible",
            act="claims_responsibility",
        )
        make_claim(
            event, make_actor("kataib", name="Kataib Hezbollah"), field="responsible", act="denies"
        )
        assert "Who did it: stated by Ashab al-Kahf; denied by Kataib Hezbollah." in html(
            client, event
        )

    def test_known_time_stands_beside_event_time(self, client):
        event = make_event(first_public_at=datetime(2020, 1, 3, 1, 45, tzinfo=UTC))
        assert "3 January 2020, 01:45 UTC" in html(client, event)

    def test_published_timelines_that_hold_the_event_are_named(self, client):
        actor = make_actor("us-gov")
        event = make_event(by=[actor])
        shown = make_timeline(actors=[actor])
        make_timeline("other", title="Without it", actors=[])
        make_timeline("draft", title="Draft of ours", actors=[actor], published=False)
        found = html(client, event)
        assert shown.title in found
        assert "Without it" not in found
        assert "Draft of ours" not in found


class TestClaims:
    def test_a_later_figure_of_the_same_voice_supersedes_and_the_former_stays_visible(self, client):
        event, pentagon = make_event(), make_actor("us-gov", name="United States")
        for day, number in ((8, 0), (17, 11), (24, 34)):
            make_claim(
                event,
                pentagon,
                field="wounded",
                number=number,
                known_at=datetime(2020, 1, day, 15, tzinfo=UTC),
                said_from=date(2020, 1, day),
                said_to=date(2020, 1, day),
            )
        shown = html(client, event)
        assert shown.count('<tr class="superseded">') == 2
        assert shown.index("says 0<") < shown.index("says 11<")
        assert "17 Jan 2020, 15:00 UTC" in shown
        assert (
            "Replaced by United States, who says 11 (17 January 2020): a later word of the same voice"
            in shown
        )

    def test_an_answer_replaces_takes_back_or_denies_what_it_answers(self, client):
        event = make_event()
        later = datetime(2020, 1, 9, tzinfo=UTC)
        iran, us = make_actor("iran-gov", name="Iran"), make_actor("us-gov", name="United States")
        eighty = make_claim(event, iran, field="killed", number=80)
        make_claim(event, us, field="killed", act="denies", answers=eighty, known_at=later)
        seven = make_claim(event, speaker_text="First reports", field="wounded", number=7)
        make_claim(
            event, speaker_text="Later accounts", field="wounded", number=10, answers=seven,
            known_at=later,
        )  # fmt: skip
        said = make_claim(event, iran, field="other", value="the base was empty")
        make_claim(event, iran, field="other", act="retracts", answers=said, known_at=later)
        shown = html(client, event)
        assert "Denied by United States, who denies (9 January 2020)" in shown
        assert "Replaced by Later accounts, who says 10 (9 January 2020): it is said to" in shown
        assert "Retracted by Iran, who retracts (9 January 2020)" in shown
        assert "What Iran states, 80 killed, is denied by United States." in shown

    def test_the_same_figure_said_again_supersedes_nothing(self, client):
        event, pentagon = make_event(), make_actor("us-gov", name="United States")
        for day, number in ((17, 11), (18, 11), (24, 34), (25, 34)):
            known = datetime(2020, 1, day, tzinfo=UTC)
            make_claim(event, pentagon, field="wounded", number=number, known_at=known)
        assert html(client, event).count('<tr class="superseded">') == 2

    def test_each_fact_says_in_how_many_independent_reports_it_is_told(self, client):
        event, pentagon = make_event(), make_actor("us-gov")
        story = make_article(TEXT)
        for number in range(2):
            version = make_article(f"{TEXT} {number}", story=story.article.story)
            make_claim(
                event,
                pentagon,
                field="killed",
                number=3,
                evidence=make_quote(event, version, SENTENCE),
            )
        make_claim(event, speaker_text="a witness", field="killed", number=4)
        sample = make_article(f"{TEXT} 9", project_written=True)
        make_claim(
            event, speaker_text="a wire", field="killed", number=5,
            evidence=make_quote(event, sample, SENTENCE),
        )  # fmt: skip
        shown = html(client, event)
        facts = shown[shown.index('class="fact-rows"') :]
        assert "<strong>3</strong>" in facts
        assert "1 independent report (2 articles)" in facts
        assert "its page is not told" in facts
        assert "only in samples, which confirm nothing" in facts

    def test_a_value_that_is_an_actor_stands_under_the_name_of_the_actor(self, client):
        event = make_event()
        make_actor("kataib-hezbollah", name="Kataib Hezbollah")
        make_claim(
            event,
            make_actor("us-gov"),
            field="responsible",
            act="accuses",
            value="kataib-hezbollah",
        )
        assert "accuses: Kataib Hezbollah" in html(client, event)

    def test_another_voice_supersedes_nothing(self, client):
        event = make_event()
        for slug, number in (("us-gov", 4), ("iran-gov", 80)):
            make_claim(event, make_actor(slug), field="killed", number=number)
        assert '<tr class="superseded">' not in html(client, event)

    def test_a_claim_leads_to_the_sentence_that_makes_it(self, client):
        event, version = make_event(), make_article(TEXT)
        evidence = make_quote(event, version, SENTENCE)
        make_claim(event, make_actor("us-gov"), evidence=evidence)
        start = TEXT.index(SENTENCE)
        href = f"/articles/{version.article_id}/#c{start}-{start + len(SENTENCE)}"
        assert html(client, event).count(href) == 2


class TestEvidence:
    def test_the_sentence_is_marked_in_the_words_around_it(self, client):
        event = make_event()
        make_quote(event, make_article(TEXT), SENTENCE)
        shown = html(client, event)
        assert f"<mark>{SENTENCE}</mark>" in shown
        assert "The general left the airport." in shown
        assert "Crowds gathered later." in shown
        assert "Nobody claimed anything else" not in shown

    def test_evidence_in_an_older_version_leads_to_that_version(self, client):
        event, old = make_event(), make_article(TEXT)
        make_quote(event, old, SENTENCE)
        old.article.versions.create(number=2, sha256="0" * 64, title="A", text="Withdrawn.")
        start = TEXT.index(SENTENCE)
        assert f"/articles/{old.article_id}/?version=1#c{start}-{start + len(SENTENCE)}" in html(
            client, event
        )

    def test_copies_of_one_story_are_one_report(self, client):
        event = make_event(evidence=0, status="proposed")
        first = make_article(TEXT)
        for number in range(2):
            copy = make_article(TEXT + f" Copy {number}.", story=first.article.story)
            make_quote(event, copy, SENTENCE)
        make_quote(event, first, SENTENCE)
        make_quote(event, make_article(TEXT + " Another hand."), SENTENCE)
        Event.objects.filter(pk=event.pk).update(status="published")
        assert "2 independent reports (4 articles)" in html(client, event)

    def test_pages_that_carry_one_wire_are_one_report(self, client):
        event = make_event(evidence=0, status="proposed")
        for number, carries in enumerate(["AP", "AP", "Reuters", ""]):
            make_evidence(event, url=f"https://paper{number}.example/x", carries=carries)
        make_evidence(event, url="https://www.paper3.example/y")
        Event.objects.filter(pk=event.pk).update(status="published")
        shown = html(client, event)
        assert "3 independent reports (5 cited pages)" in shown
        assert "2 pages that carry AP: one report" in shown

    def test_what_contradicts_an_event_does_not_tell_of_it(self, client):
        event = make_event()
        make_evidence(event, url="https://other.example/", stance="contradicts")
        shown = html(client, event)
        assert "1 independent report (1 cited page); 1 report to the contrary" in shown

    def test_sample_dispatches_are_said_to_confirm_nothing(self, client):
        event = make_event(evidence=0, status="proposed")
        make_quote(event, make_article(TEXT, project_written=True), SENTENCE)
        Event.objects.filter(pk=event.pk).update(status="published")
        shown = html(client, event)
        assert "No independent report." in shown
        assert "All of it (1 article) was written for this project" in shown
        make_quote(event, make_article(TEXT + " Another hand."), SENTENCE)
        shown = html(client, event)
        assert "1 independent report (1 article)" in shown
        assert "1 article beside it was written for this project as a sample" in shown

    def test_cited_sources_lead_outside_without_giving_anything_away(self, client):
        event = make_event()
        make_evidence(
            event,
            url="https://example.org/report",
            publisher="Example Review",
            published_on=date(2020, 1, 4),
            stance="contradicts",
        )
        shown = html(client, event)
        link = '<a href="https://example.org/report" rel="noopener nofollow">'
        assert f'{link}<bdi lang="en">Example Review</bdi></a>' in shown
        assert "4 January 2020" in shown
        assert "contradicts" in shown


class TestLinks:
    def test_links_stand_in_both_directions_with_their_days(self, client):
        strike = make_event("The strike", start=date(2020, 1, 3))
        answer = make_event("The answer", start=date(2020, 1, 8))
        link(answer, strike)
        later, earlier = html(client, answer), html(client, strike)
        assert "retaliates for" in later
        assert "5 days later" in later
        assert "is retaliated for by" in earlier
        assert "The answer" in earlier

    def test_imprecise_days_give_a_span_of_latency(self, client):
        strike = make_event("The strike", start=date(2020, 1, 3))
        answer = make_event(
            "Answer", start=date(2020, 2, 1), end=date(2020, 2, 29), precision="month"
        )
        link(answer, strike)
        assert "between 29 and 57 days later" in html(client, answer)


class TestOnlyThePublic:
    @pytest.mark.parametrize("status", ["proposed", "rejected"])
    def test_what_is_not_published_is_not_found(self, client, status):
        event = make_event("Secret title", status=status)
        response = page(client, event)
        assert response.status_code == 404
        assert "Secret title" not in response.content.decode()

    def test_a_merged_event_leads_to_what_it_was_merged_into(self, client):
        target = make_event("It stands")
        middle = make_event(status="merged", merged_into=target)
        first = make_event(status="merged", merged_into=middle)
        response = page(client, first)
        assert response.status_code == 301
        assert response["Location"] == target.get_absolute_url()

    def test_an_event_merged_into_one_that_is_not_public_is_not_found(self, client):
        merged = make_event(status="merged", merged_into=make_event(status="rejected"))
        assert page(client, merged).status_code == 404

    def test_merges_in_a_circle_are_not_found(self, client):
        first, second = make_event(), make_event()
        Event.objects.filter(pk=first.pk).update(status="merged", merged_into=second)
        Event.objects.filter(pk=second.pk).update(status="merged", merged_into=first)
        assert page(client, first).status_code == 404

    @pytest.mark.parametrize("standing", [Standing.PROPOSED, Standing.REJECTED])
    def test_proposed_and_rejected_rows_show_nowhere(self, client, standing):
        event, other = make_event(), make_event("Linked without leave")
        version = make_article(TEXT, title="Hidden headline")
        hidden = make_quote(event, version, SENTENCE, standing=standing)
        cited = make_evidence(
            event, url="https://hidden.example/", publisher="Hidden press", standing=standing
        )
        make_claim(event, make_actor("other", name="Other speaker"), evidence=cited)
        make_claim(event, make_actor("ghost", name="Ghost speaker"), standing=standing)
        make_claim(
            event, make_actor("seen", name="Seen speaker"), evidence=hidden, value="open words"
        )
        link(event, other, standing=standing)
        for shown in (html(client, event), drawer(client, event)):
            assert "Seen speaker" in shown
            for secret in (
                SENTENCE,
                "Hidden headline",
                "Hidden press",
                "hidden.example",
                "Ghost speaker",
                "Linked without leave",
            ):
                assert secret not in shown

    @pytest.mark.parametrize("status", ["proposed", "rejected", "merged"])
    def test_links_to_events_that_are_not_public_show_nowhere(self, client, status):
        event = make_event()
        into = event if status == "merged" else None
        secret = make_event("Secret title", status=status, merged_into=into)
        link(event, secret)
        link(secret, event, kind=Link.Kind.PART_OF)
        for shown in (html(client, event), drawer(client, event)):
            assert "Secret title" not in shown

    def test_history_tells_parts_and_reasons_but_no_names_and_no_states(self, client):
        event = make_event()
        editor = User.objects.create(
            username="marta", email="marta@example.org", first_name="Marta"
        )
        Decision.objects.create(event=event, by_label="dossier us-iran-2020", action="load")
        Decision.objects.create(
            event=event,
            by=editor,
            action="publish",
            reason="Two agencies agree.",
            at=datetime(2024, 5, 6, 7, 8, tzinfo=UTC),
            before={"notes": "internal words"},
        )
        shown = html(client, event)
        for words in (
            "dossier us-iran-2020",
            "loaded from a dossier",
            "an editor",
            "Two agencies agree.",
            "6 May 2024, 07:08 UTC",
        ):
            assert words in shown
        for secret in ("marta", "Marta", "example.org/marta", "internal words"):
            assert secret not in shown

    def test_decisions_that_say_the_same_on_one_day_are_told_once_with_their_number(self, client):
        event = make_event()
        for hour in (7, 8, 9):
            Decision.objects.create(
                event=event,
                by_label="Dossier editors",
                action="attach",
                reason="It agrees.",
                at=datetime(2024, 5, 6, hour, tzinfo=UTC),
            )
        shown = html(client, event)
        assert shown.count("It agrees.") == 1
        assert "3 times" in shown

    def test_editors_notes_stay_with_the_editors(self, client):
        assert "check with desk" not in html(client, make_event(notes="check with desk"))


class TestHostileStrings:
    def test_nothing_that_came_from_outside_is_markup(self, client):
        actor = make_actor("hostile", name=HOSTILE)
        event = make_event(
            HOSTILE, summary=HOSTILE, by=[actor], date_note=HOSTILE, headline_rule=HOSTILE
        )
        version = make_article(f"{HOSTILE} {SENTENCE} {HOSTILE}", title=HOSTILE)
        evidence = make_quote(event, version, f"{HOSTILE} {SENTENCE}")
        make_evidence(
            event, url='https://x.example/"><script>alert(1)', publisher=HOSTILE, quote=HOSTILE
        )
        make_claim(event, actor, value=HOSTILE, evidence=evidence)
        Decision.objects.create(event=event, by_label="x", action="edit", reason=HOSTILE)
        link(event, make_event(HOSTILE))
        for shown in (html(client, event), drawer(client, event)):
            assert "<script>alert" not in shown
            assert "<b>" not in shown
            assert 'href="javascript:' not in shown


class TestDrawer:
    def test_the_drawer_is_the_event_without_a_page_around_it(self, client):
        event = make_event("The strike", by=[make_actor("us-mil")])
        make_quote(event, make_article(TEXT), SENTENCE)
        make_claim(event, make_actor("us-gov", name="United States"))
        shown = drawer(client, event)
        assert "<html" not in shown
        for words in ("The strike", SENTENCE, "United States", event.get_absolute_url()):
            assert words in shown

    def test_another_target_and_a_restored_history_get_the_whole_page(self, client):
        event = make_event()
        assert "<html" in html(client, event, **{"HX-Request": "true", "HX-Target": "elsewhere"})
        assert "<html" in html(
            client, event, **{"HX-Request": "true", "HX-History-Restore-Request": "true"}
        )

    def test_page_and_drawer_share_their_address_and_say_so_to_caches(self, client):
        assert "HX-Target" in page(client, make_event())["Vary"]

    def test_quotes_and_links_are_the_same_markup_in_page_and_drawer(self, client):
        event = make_event()
        make_quote(event, make_article(TEXT), SENTENCE)
        link(event, make_event("Before"))
        whole, part = html(client, event), drawer(client, event)
        for opening, closing in (
            ('<figure class="quote">', "</figure>"),
            ('<ul class="link-rows">', "</ul>"),
        ):
            fragment = part[part.index(opening) : part.index(closing, part.index(opening))]
            assert fragment in whole


def test_queries_are_the_same_for_one_row_and_for_three(client):
    few, many = make_event(), make_event()
    for event, count in ((few, 1), (many, 3)):
        for number in range(count):
            evidence = make_quote(event, make_article(f"{TEXT} {number}"), SENTENCE)
            make_claim(event, make_actor(f"speaker-{event.pk}-{number}"), evidence=evidence)
            make_evidence(event, url=f"https://example.org/{event.pk}/{number}")
            link(event, make_event())
            link(make_event(), event)
            Decision.objects.create(event=event, by_label="x", action="edit")
    counts = []
    for event in (few, many):
        with CaptureQueriesContext(connection) as queries:
            assert page(client, event).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
