"""The article page: marked text, what is public of it, and where each sentence leads."""

import re
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS
from apps.annotations.models import Annotation, Candidate, Mention
from apps.articles import stories
from apps.articles.models import Article
from apps.events.models import Evidence, Standing
from apps.sources.models import Source
from tests.articles.test_coverage import ELECTION, STRIKE_TOO
from tests.articles.test_coverage import STRIKE as STRIKE_HERE
from tests.factories import make_actor, make_article, make_event, make_place, make_quote

pytestmark = pytest.mark.django_db

TEXT = (
    "Home World Sport\n\n"
    "BAGHDAD (AP) - A drone strike killed the general on Friday.\n\n"
    "Tehran promised revenge. Source link"
)
STRIKE = "A drone strike killed the general on Friday."
HOSTILE = "<script>alert('x')</script>\"'&<b>"


def html(client, version, query: str = "") -> str:
    response = client.get(version.article.get_absolute_url() + query)
    assert response.status_code == 200
    return response.content.decode()


def words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", markup).split())


def annotate(version, **values) -> Annotation:
    return Annotation.objects.create(
        article_version=version, pipeline_version="1", status="done", **values
    )


def mention(annotation, surface: str, kind: str = "actor", **values) -> Mention:
    start = annotation.article_version.text.index(surface)
    return Mention.objects.create(
        annotation=annotation,
        kind=kind,
        start=start,
        end=start + len(surface),
        surface=surface,
        **values,
    )


@pytest.fixture
def staff(client):
    user = User.objects.create(username="analyst", is_staff=True)
    user.groups.add(Group.objects.get(name=ANALYSTS))
    client.force_login(user)
    return client


class TestWhoMaySee:
    def test_an_article_on_which_nothing_public_rests_is_not_found(self, client):
        version = make_article(TEXT)
        make_quote(make_event(), version, STRIKE, standing=Standing.PROPOSED)
        make_quote(make_event(status="proposed"), version, STRIKE)
        make_quote(make_event(status="rejected"), version, STRIKE)
        assert client.get(version.article.get_absolute_url()).status_code == 404

    def test_staff_see_it_and_are_told_that_it_is_not_public(self, staff):
        assert "Not public" in html(staff, make_article(TEXT))

    def test_who_may_log_in_and_nothing_else_sees_what_the_public_sees(self, client):
        client.force_login(User.objects.create(username="newcomer", is_staff=True))
        assert client.get(make_article(TEXT).article.get_absolute_url()).status_code == 404

    def test_public_evidence_makes_the_article_public(self, client):
        version = make_article(TEXT)
        make_quote(make_event(), version, STRIKE)
        assert "Not public" not in html(client, version)

    def test_only_public_evidence_is_marked_or_named(self, client):
        version = make_article(TEXT)
        make_quote(make_event("Public event"), version, STRIKE)
        make_quote(make_event("Proposed event", status="proposed"), version, STRIKE)
        make_quote(
            make_event("Rejected event", status="rejected"), version, "Tehran promised revenge."
        )
        make_quote(make_event("Pending row"), version, "Tehran", standing=Standing.PROPOSED)
        shown = html(client, version)
        assert "Public event" in shown
        for secret in ("Proposed event", "Rejected event", "Pending row"):
            assert secret not in shown
        assert shown.count('class="m m-evidence" id=') == 1

    def test_coded_events_are_never_shown_not_even_to_staff(self, staff):
        version = make_article(TEXT)
        make_quote(make_event(type="THREATEN"), version, STRIKE)
        start = TEXT.index("promised")
        Candidate.objects.create(
            annotation=annotate(version),
            index=0,
            type="MOBILIZE",
            modality="actual",
            confidence=0.5,
            start=start,
            end=start + 8,
            surface="promised",
            trigger_start=start,
            trigger_end=start + 8,
            initiators=["coded-initiator"],
            why="trigger words of the machine",
        )
        shown = html(staff, version)
        for secret in ("MOBILIZE", "coded-initiator", "trigger words of the machine"):
            assert secret not in shown


class TestTheText:
    def test_every_word_of_the_version_stands_once_in_its_order(self, client):
        version = make_article(TEXT)
        make_quote(make_event(), version, STRIKE)
        annotation = annotate(version)
        mention(annotation, "BAGHDAD", "place", place=make_place())
        mention(annotation, "Tehran", "actor", actor=make_actor("iran-gov"))
        shown = html(client, version)
        body = shown[
            shown.index('<div class="article-text"') : shown.index('<aside class="article-side"')
        ]
        body = re.sub(r'<a class="ref".*?</a>', "", body)
        assert words(body) == words(TEXT)

    def test_an_evidence_sentence_is_marked_anchored_and_leads_to_its_event(self, client):
        version = make_article(TEXT)
        event = make_event("The strike")
        make_quote(event, version, STRIKE)
        start = TEXT.index(STRIKE)
        anchor = f"c{start}-{start + len(STRIKE)}"
        shown = html(client, version)
        assert f'<mark class="m m-evidence" id="{anchor}">{STRIKE}</mark>' in shown
        assert f'href="#{anchor}"' in shown
        assert f'href="{event.get_absolute_url()}"' in shown
        assert 'href="#event-1"' in shown
        assert 'id="event-1"' in shown

    def test_a_sentence_that_is_evidence_for_two_events_has_one_mark_and_two_notes(self, client):
        version = make_article(TEXT)
        for title in ("First", "Second"):
            make_quote(make_event(title), version, STRIKE)
        shown = html(client, version)
        assert shown.count('class="m m-evidence" id=') == 1
        assert 'href="#event-1"' in shown
        assert 'href="#event-2"' in shown

    def test_names_inside_an_evidence_sentence_nest_in_its_mark(self, client):
        version = make_article(TEXT)
        make_quote(make_event(), version, STRIKE)
        mention(
            annotate(version), "the general", actor=make_actor("soleimani", name="Qassem Soleimani")
        )
        inner = '<mark class="m m-actor" title="actor: Qassem Soleimani">the general</mark>'
        assert f"A drone strike killed {inner} on Friday.</mark>" in html(client, version)

    def test_dates_are_marked_with_the_days_they_mean(self, client):
        version = make_article(TEXT)
        make_quote(make_event(), version, STRIKE)
        mention(
            annotate(version),
            "on Friday",
            "date",
            date_from=date(2020, 1, 3),
            date_to=date(2020, 1, 3),
            precision="day",
        )
        assert 'title="date: 3 January 2020">on Friday</mark>' in html(client, version)

    def test_machine_reading_is_labelled_as_not_reviewed(self, client):
        version = make_article(TEXT)
        make_quote(make_event(), version, STRIKE)
        assert "machine-read, not reviewed" not in html(client, version).lower()
        mention(annotate(version), "Tehran", actor=make_actor("iran-gov"))
        assert html(client, version).lower().count("machine-read, not reviewed") == 2

    def test_boilerplate_is_collapsed_and_said_so(self, client):
        version = make_article(TEXT)
        make_quote(make_event(), version, STRIKE)
        tail = TEXT.index("Source link")
        annotate(
            version,
            removed=[
                {"start": 0, "end": 16, "why": "navigation"},
                {"start": tail, "end": len(TEXT), "why": "link text"},
            ],
        )
        shown = html(client, version)
        assert "27 characters of boilerplate set aside" in shown
        assert '<details class="removed"><summary>Removed: navigation</summary>' in shown
        assert shown.count('<details class="removed">') == 2

    def test_nothing_in_it_is_markup(self, client):
        text = f"{HOSTILE} fell. {STRIKE} {HOSTILE}"
        source = Source.objects.create(slug="s", name=HOSTILE)
        version = make_article(
            text,
            title=HOSTILE,
            source=source,
            byline=HOSTILE,
            agency=HOSTILE[:40],
            dateline=HOSTILE,
        )
        make_quote(make_event(HOSTILE), version, f"{HOSTILE} fell.")
        annotation = annotate(
            version, removed=[{"start": len(text) - 3, "end": len(text), "why": HOSTILE}]
        )
        mention(annotation, HOSTILE, actor=make_actor("h", name=HOSTILE))
        version.article.url = "javascript:alert(1)"
        version.article.save()
        shown = html(client, version)
        assert "<script>alert" not in shown
        assert "<b>" not in shown
        assert "javascript:" not in shown


class TestAboutIt:
    def test_source_agency_dateline_and_dates_stand_with_how_they_are_known(self, client):
        source = Source.objects.create(
            slug="ap", name="Associated Press", kind="wire", reliability="A"
        )
        version = make_article(
            TEXT,
            source=source,
            agency="AP",
            dateline="Baghdad",
            published_at=datetime(2020, 1, 3, tzinfo=UTC),
            published_precision="day",
            published_how="feed",
            first_seen_at=datetime(2020, 1, 3, 6, 30, tzinfo=UTC),
        )
        make_quote(make_event(), version, STRIKE)
        shown = html(client, version)
        for expected in (
            "Associated Press",
            "news agency, reliability A",
            "Baghdad",
            "3 January 2020",
            "to the day, from its feed",
            "3 January 2020, 06:30 UTC",
        ):
            assert expected in shown

    def test_a_sample_dispatch_says_what_it_is(self, client):
        version = make_article(TEXT, project_written=True)
        make_quote(make_event(), version, STRIKE)
        assert "Written for this project as a sample dispatch" in html(client, version)

    def test_the_newest_version_is_shown_and_older_ones_on_request(self, client):
        old = make_article(TEXT)
        make_quote(make_event("Old evidence"), old, STRIKE)
        new = old.article.versions.create(
            number=2, sha256="1" * 64, title="New", text="Corrected text."
        )
        newest = html(client, new)
        assert "Corrected text." in newest
        assert STRIKE not in newest
        assert "?version=1#c" in newest
        older = html(client, old, "?version=1")
        assert f">{STRIKE}</mark>" in older
        assert "This is version 1" in older

    @pytest.mark.parametrize("asked", ["0", "3", "x", "-1", "²", "99999999999999999999"])
    def test_a_version_that_does_not_exist_is_not_found(self, client, asked):
        version = make_article(TEXT)
        make_quote(make_event(), version, STRIKE)
        assert (
            client.get(f"{version.article.get_absolute_url()}?version={asked}").status_code == 404
        )

    def test_public_copies_are_named_others_only_counted(self, client):
        version = make_article(TEXT)
        make_quote(make_event(), version, STRIKE)
        story = version.article.story
        make_quote(make_event(), make_article(TEXT + " b", title="Named copy", story=story), STRIKE)
        make_article(TEXT + " c", title="Unseen copy", story=story)
        shown = html(client, version)
        assert "Named copy" in shown
        assert "Unseen copy" not in shown
        assert "1 copy that no published event cites" in shown

    def test_what_took_passages_from_another_says_so(self, client):
        version = make_article(TEXT, lineage="derived", copied_share=0.4)
        make_quote(make_event(), version, STRIKE)
        copy = make_article(TEXT + " b", story=version.article.story, lineage="copy")
        make_quote(make_event(), copy, STRIKE)
        assert "This article: takes over passages." in html(client, version)
        assert "(takes over passages)" in html(client, copy)


class TestToldByOthers:
    """Reports of the same happening in words of their own."""

    @pytest.fixture
    def reports(self):
        """Three public reports: two of one attack, one of another matter."""
        texts = {"Ours": STRIKE_HERE, "Theirs": STRIKE_TOO, "Minsk": ELECTION}
        found = {}
        for title, text in texts.items():
            at = datetime(2020, 3, 11, 9, tzinfo=UTC)
            version = make_article(
                text, title=title, published_at=at, published_precision="instant"
            )
            stories.sign(version)
            make_quote(make_event(), version, text[:40])
            found[title] = version
        return found

    def test_an_independent_report_is_listed_and_another_matter_is_not(self, client, reports):
        panel = html(client, reports["Ours"]).split("Told by others")[1].split("</section>")[0]
        assert ">Theirs<" in panel
        assert "Minsk" not in panel
        assert "Told by others" not in html(client, reports["Minsk"])

    def test_one_that_no_public_event_cites_is_not(self, client, reports):
        Evidence.objects.filter(article_version=reports["Theirs"]).delete()
        assert "Told by others" not in html(client, reports["Ours"])

    def test_nor_one_that_was_not_there_yet(self, client, reports):
        later = datetime(2020, 3, 13, 9, tzinfo=UTC)
        Article.objects.filter(pk=reports["Theirs"].article_id).update(published_at=later)
        assert "Told by others" in html(client, reports["Ours"])
        assert "Told by others" not in html(client, reports["Ours"], "?as_of=2020-03-12")


def test_queries_are_the_same_for_one_row_and_for_three(client):
    counts = []
    for rows in (1, 3):
        version = make_article(TEXT + f" {rows}")
        annotation = annotate(version)
        for number in range(rows):
            make_quote(make_event(), version, STRIKE)
            mention(annotation, "Tehran", actor=make_actor(f"actor-{rows}-{number}"))
            copy = make_article(TEXT + f" copy {number}", story=version.article.story)
            make_quote(make_event(), copy, STRIKE)
        with CaptureQueriesContext(connection) as queries:
            html(client, version)
        counts.append(len(queries))
    assert counts[0] == counts[1]
