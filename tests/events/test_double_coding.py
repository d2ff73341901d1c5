"""Double coding: who codes what, blind, once; and how far the codings agree."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.core import plover
from apps.events import curate, double_coding
from apps.events.curate import CurateError
from apps.events.models import Event, SecondCoding, Standing
from tests.events import make
from tests.events.changing import FIRST, TOLD, quoted

pytestmark = pytest.mark.django_db
CODE = "admin:events_secondcoding_code"


@pytest.fixture(autouse=True)
def everything(settings):
    """All of it is in the sample, unless a test says otherwise."""
    settings.DOUBLE_CODING_RATE = 1.0


@pytest.fixture
def first():
    return make.editor("first")


@pytest.fixture
def second():
    return make.editor("second")


def published(by, **fields):
    """An event that the machine proposed from an article and `by` published."""
    values = {"initiators": ("iran",), "targets": ("usa",), "title": "Iran hits a base", **fields}
    event = make.event(f"SECRET-{Event.objects.count()}", **values)
    quoted(event, make.version(FIRST), standing=Standing.PROPOSED)
    curate.propose(event, by_label="pipeline 1", reason="new")
    curate.publish(event, by=by)
    return event


def answers(**changes):
    values = {
        "type": "ASSAULT", "mode": "", "initiators": ["iran"], "targets": ["usa"],
        "start": "2020-01-08", "end": "2020-01-08", "precision": "day", "place": "",
        "killed": None, "wounded": None,
    }  # fmt: skip
    return values | changes


# --- the sample ------------------------------------------------------------------------------


def test_only_what_the_machine_proposed_from_an_article_and_somebody_published_is_sampled(first):
    event = published(first)
    make.published()
    quoted(make.published(), make.version(FIRST))
    waiting = make.event()
    curate.propose(waiting, by_label="pipeline 1", reason="new")
    taken_back = published(first)
    curate.reject(taken_back, by=first, reason="hoax")
    assert list(double_coding.sample()) == [event]


def test_about_the_share_that_the_setting_names_is_drawn_and_always_the_same(settings):
    version = make.version(FIRST)
    for number in range(100):
        event = make.event(f"EV-{number}")
        quoted(event, version)
        curate.propose(event, by_label="pipeline 1", reason="new")
    Event.objects.update(status="published", first_public_at=timezone.now())
    settings.DOUBLE_CODING_RATE = 0.25
    drawn = set(double_coding.sample())
    assert 10 <= len(drawn) <= 40
    assert set(double_coding.sample()) == drawn
    settings.DOUBLE_CODING_RATE = 0.5
    assert drawn < set(double_coding.sample()), "more are drawn, none is dropped"
    settings.DOUBLE_CODING_RATE = 0.0
    assert not double_coding.sample().exists()


# --- who codes what --------------------------------------------------------------------------


def test_who_decided_about_an_event_never_codes_it(first, second):
    event = published(first)
    assert double_coding.assigned(first) is None
    assert double_coding.assigned(second).event == event


def test_an_assignment_stays_until_it_is_coded_and_nobody_else_gets_it(first, second):
    published(first)
    coding = double_coding.assigned(second)
    assert double_coding.assigned(second) == coding
    assert double_coding.assigned(make.editor("third")) is None


def test_an_abandoned_one_is_given_to_another(first, second):
    published(first)
    double_coding.assigned(second)
    old = timezone.now() - double_coding.ABANDONED_AFTER - timedelta(minutes=1)
    SecondCoding.objects.update(assigned_at=old)
    assert double_coding.assigned(make.editor("third")) is not None


def test_each_event_is_coded_once(first, second):
    published(first)
    double_coding.record(double_coding.assigned(second), answers(), by=second)
    assert double_coding.assigned(second) is None
    assert double_coding.assigned(make.editor("third")) is None


def test_who_may_not_decide_does_not_code(first):
    published(first)
    with pytest.raises(PermissionDenied):
        double_coding.assigned(User.objects.create_user("reader"))


# --- what is kept ----------------------------------------------------------------------------


def test_a_coding_is_kept_beside_the_event_s_own_as_it_stood(first, second):
    event = published(first, start=date(2020, 1, 8), place=make.place())
    coding = double_coding.record(
        double_coding.assigned(second), answers(targets=["iraq"], killed=3), by=second
    )
    Event.objects.filter(pk=event.pk).update(type="COERCE")
    coding.refresh_from_db()
    assert coding.first == answers(place="baghdad")
    assert coding.second == answers(targets=["iraq"], killed=3)


def test_a_coding_is_not_changed_not_even_in_sql(first, second):
    published(first)
    coding = double_coding.record(double_coding.assigned(second), answers(), by=second)
    with pytest.raises(CurateError, match="coded already"):
        double_coding.record(coding, answers(type="COERCE"), by=second)
    with pytest.raises(IntegrityError, match="kept as they were written"), transaction.atomic():
        SecondCoding.objects.update(second={"type": "COERCE"})
    with pytest.raises(IntegrityError, match="kept as they were written"), transaction.atomic():
        coding.delete()


def test_only_the_coder_codes_and_only_whole(first, second):
    event = published(first)
    coding = double_coding.assigned(second)
    with pytest.raises(CurateError, match="another coder"):
        double_coding.record(coding, answers(), by=make.editor("third"))
    told = {k: v for k, v in answers().items() if k not in ("type", "killed")}
    with pytest.raises(CurateError, match="not coded: killed, type"):
        double_coding.record(coding, told, by=second)
    curate.reject(event, by=first, reason="hoax")
    with pytest.raises(CurateError, match="taken back meanwhile"):
        double_coding.record(coding, answers(), by=second)
    assert double_coding.assigned(second) is None


# --- agreement -------------------------------------------------------------------------------


def code(first, second, **changes):
    event = published(first)
    double_coding.record(double_coding.assigned(second), answers(**changes), by=second)
    return event


def test_agreement_is_reported_by_field(first, second):
    code(first, second)
    code(first, second, type="COERCE", killed=3, targets=["iraq", "usa"])
    found = double_coding.report()
    assert list(found) == list(double_coding.FIELDS)
    assert (found["type"].units, found["type"].percent) == (2, 50)
    assert found["type"].alpha == pytest.approx(0)
    assert found["initiators"].percent == 100
    assert found["killed"].units == 0, "the first coder told none: a missing value"
    assert found["place"].units == 2, "no place is an answer"
    # One more named costs less than another named: 1 - (2/3 * 1/2) of a whole disagreement.
    assert found["targets"].alpha > found["type"].alpha - 1


def test_what_is_not_coded_yet_is_not_counted(first, second):
    published(first)
    double_coding.assigned(second)
    assert double_coding.report()["type"].units == 0


# --- the form --------------------------------------------------------------------------------


@pytest.fixture
def coder(client, second):
    client.force_login(second)
    return second


def test_the_form_shows_the_sentences_and_nothing_of_the_first_coding(client, first, coder):
    event = published(first, mode="aerial", place=make.place("erbil"), start=date(2019, 5, 6))
    make.claim(event, "killed", number=7771, standing=Standing.PUBLISHED)
    shown = client.get(reverse(CODE)).content.decode()
    assert f"<mark>{TOLD}</mark>" in shown
    assert "Missiles hit a base in Iraq" in shown
    for secret in (
        event.public_id,
        event.title,
        "Erbil",
        "erbil",
        "2019",
        "7771",
        ">Iran<",
        "selected>aerial",
    ):
        assert secret not in shown, secret


def posted(coding, **changes):
    make.actor("iran"), make.actor("usa")
    values = {
        "coding": coding.pk, "type": "ASSAULT", "mode": "aerial", "initiators": "Iran",
        "targets": "usa\n Usa \n", "start": "2020-01-08", "end": "", "precision": "day", "place": "",
        "killed": "", "wounded": "11",
    }  # fmt: skip
    return values | changes


def test_a_form_sent_in_is_kept_and_the_next_one_comes(client, first, coder):
    published(first)
    published(first)
    coding = double_coding.assigned(coder)
    assert "aerial" in plover.MODES["ASSAULT"]
    response = client.post(reverse(CODE), posted(coding), follow=True)
    coding.refresh_from_db()
    assert coding.second == answers(mode="aerial", wounded=11)
    assert response.context["coding"] != coding
    assert response.context["done"] == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"type": ""}, "This field is required"),
        ({"type": "CONSULT"}, "This is no mode of the type."),
        ({"start": "soon"}, "Enter a valid date"),
        ({"end": "2019-01-01"}, "The last day lies before the first."),
        ({"killed": "-1"}, "greater than or equal to 0"),
        ({"wounded": "99999999999"}, "less than or equal to"),
        ({"initiators": "Nobody known"}, "No actor is called “Nobody known”"),
        ({"place": "Atlantis"}, "No place is called “Atlantis”"),
        ({"targets": "x\n" * 21}, "Name at most 20."),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_kept(client, first, coder, changes, told):
    published(first)
    coding = double_coding.assigned(coder)
    response = client.post(reverse(CODE), posted(coding, **changes))
    assert told in response.content.decode()
    coding.refresh_from_db()
    assert coding.coded_at is None


def test_a_form_sent_twice_is_kept_once(client, first, coder):
    published(first)
    published(first)
    coding = double_coding.assigned(coder)
    client.post(reverse(CODE), posted(coding))
    response = client.post(reverse(CODE), posted(coding, wounded="99"), follow=True)
    assert "coded already" in response.content.decode()
    assert SecondCoding.objects.filter(coded_at__isnull=False).count() == 1


def test_without_anything_left_the_page_says_so(client, coder):
    assert "Nothing is left to code" in client.get(reverse(CODE)).content.decode()


def test_others_are_refused(client):
    client.force_login(User.objects.create_user("analyst", is_staff=True))
    assert client.get(reverse(CODE)).status_code == 403
    client.logout()
    assert client.get(reverse(CODE)).status_code == 302


def test_a_coder_sees_only_their_own_codings_and_the_event_only_once_coded(client, first, coder):
    event = published(first)
    coding = double_coding.assigned(coder)
    address = reverse("admin:events_secondcoding_change", args=[coding.pk])
    listed = reverse("admin:events_secondcoding_changelist")
    for page in (address, listed):
        assert event.title not in client.get(page).content.decode()
    double_coding.record(coding, answers(), by=coder)
    for page in (address, listed):
        assert event.title in client.get(page).content.decode()
    client.force_login(User.objects.create_superuser("super"))
    assert client.get(address).status_code == 302
    assert event.title not in client.get(listed).content.decode()


def test_the_form_costs_the_same_however_much_is_sampled(
    client, first, coder, django_assert_max_num_queries
):
    published(first)
    client.get(reverse(CODE))
    for _ in range(3):
        published(first)
    with django_assert_max_num_queries(20):
        client.get(reverse(CODE))
