"""The methodology page, the error pages, and the sign of life."""

import pytest
from django.contrib.staticfiles import storage
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.core import plover
from apps.events import double_coding
from apps.events.acceptance import Bin
from apps.events.agreement import Agreement
from apps.timelines import quality, tension, wording
from apps.timelines.views import pages as views_pages


class TestMethodology:
    @pytest.fixture
    def shown(self, client, db) -> str:
        response = client.get(reverse("methodology"))
        assert response.status_code == 200
        return response.content.decode()

    def test_the_formula_is_printed_from_the_constants_in_force(self, client, db, monkeypatch):
        monkeypatch.setattr(tension, "K", 41.5)
        monkeypatch.setattr(tension, "CONFLICT_HALF_LIFE", 13.0)
        monkeypatch.setattr(tension, "VERSION", "T9")
        shown = client.get(reverse("methodology")).content.decode()
        assert "exp(−load / 41.5)" in shown
        assert "halves in 13 days for conflict" in shown
        assert "formula T9" in shown

    def test_every_type_and_mode_stands_with_its_score(self, shown):
        for type_ in plover.TYPES:
            assert f"<code>{type_}</code>" in shown
        for mode in plover.ALL_MODES:
            assert f"<code>{mode}</code>" in shown

    def test_every_correction_stands_with_its_reason(self, shown):
        for _, why in plover.CORRECTIONS.values():
            assert why in shown

    def test_it_says_what_the_index_cannot_tell_and_who_decides(self, shown):
        assert "What the index cannot tell" in shown
        assert "not a forecast" in shown
        assert "The machine suggests, editors decide" in shown

    def test_links_into_the_page_find_their_headings(self, shown):
        for anchor in (
            "headline",
            "severity",
            "index",
            "limits",
            "dates",
            "places",
            "reports",
            "codes",
        ):
            assert f'id="{anchor}"' in shown


def test_every_plover_code_has_words():
    assert set(wording.TYPE_WORDS) == set(plover.TYPES)
    assert set(wording.MODE_WORDS) == set(plover.ALL_MODES)


def test_healthz_answers_without_the_database(client):
    # No database mark on this test: a query would fail it.
    response = client.get(reverse("healthz"))
    assert response.status_code == 200
    assert response.content == b"ok"
    assert response["Content-Type"] == "text/plain"


class TestErrors:
    def test_a_page_that_does_not_exist_says_so_in_the_look_of_the_site(self, client, db):
        response = client.get("/no/such/page")
        assert response.status_code == 404
        shown = response.content.decode()
        assert "There is nothing at this address" in shown
        assert "css/base.css" in shown
        assert 'id="main"' in shown

    def test_a_fault_of_ours_answers_500_without_the_database(self, client, monkeypatch):
        def broken(*args, **kwargs):
            raise RuntimeError("planted")

        client.raise_request_exception = False
        monkeypatch.setattr("apps.timelines.methods.classes", broken)
        response = client.get(reverse("methodology"))
        assert response.status_code == 500
        assert "Something broke on our side" in response.content.decode()
        assert "planted" not in response.content.decode()

    def test_the_500_page_stands_although_static_files_were_not_collected(
        self, monkeypatch, caplog
    ):
        def missing(name):
            raise ValueError(f"Missing staticfiles manifest entry for {name!r}")

        monkeypatch.setattr(storage.staticfiles_storage, "url", missing)
        response = views_pages.server_error(RequestFactory().get("/"))
        assert response.status_code == 500
        assert b"stylesheet" not in response.content
        assert "collectstatic" in caplog.text

    def test_a_host_that_is_not_ours_answers_400(self, client):
        response = client.get("/methodology/", headers={"Host": "evil.example"})
        assert response.status_code == 400
        assert "This request makes no sense here" in response.content.decode()

    def test_a_form_without_its_token_answers_403(self, db):
        response = Client(enforce_csrf_checks=True).post(reverse("admin:login"), {})
        assert response.status_code == 403
        assert "The form could not be trusted" in response.content.decode()


class TestQuality:
    """The tables about the machine's suggestions and the editors' agreement."""

    @pytest.fixture
    def page(self, client, db):
        return lambda: client.get(reverse("methodology"))

    def test_with_too_few_to_say_it_says_so_and_draws_nothing(self, page):
        shown = page().content.decode()
        assert "none decided" in shown
        assert "too few to say" in shown
        assert "So far 0 events were coded twice" in shown
        assert "<meter" not in shown

    def test_shares_and_alphas_are_told_with_their_counts_and_the_day(self, page, monkeypatch):
        bins = [Bin(0.9, None, {"accepted": 30, "rejected": 10, "waiting": 5}), Bin(None, None)]
        found = {"events": bins, "evidence": [], "claims": []}
        monkeypatch.setattr(quality.acceptance, "report", lambda: found)
        agreed = dict.fromkeys(double_coding.FIELDS, Agreement(25, 88.0, 0.81))
        agreed["place"] = Agreement(25, 100.0, None)
        agreed["killed"] = Agreement(5, 100.0, 1.0)
        monkeypatch.setattr(quality.double_coding, "report", lambda: agreed)
        shown = page().content.decode()
        assert 'value="0.750">75 %</meter> 75 %' in shown
        assert "0.9 and more" in shown
        assert 'value="0.810">0.81</meter> 0.81' in shown
        assert "one value only: undefined" in shown
        assert shown.count("too few to say") == 1, "killed"
        assert shown.count("none decided") == 3, "a bin of events, two empty tables"
        assert "Both computed on" in shown

    @pytest.mark.parametrize(
        ("alpha", "says"),
        [
            (0.9, "reliable"),
            (0.8, "reliable"),
            (0.7, "tentative"),
            (0.5, "not reliable"),
            (-0.2, "not reliable"),
        ],
    )
    def test_what_an_alpha_says(self, db, monkeypatch, alpha, says):
        agreed = dict.fromkeys(double_coding.FIELDS, Agreement(25, 50.0, alpha))
        monkeypatch.setattr(quality.double_coding, "report", lambda: agreed)
        row = quality.report().fields[0]
        assert (row.says, float(row.length)) == (says, max(alpha, 0))

    def test_four_queries(self, db, django_assert_num_queries):
        with django_assert_num_queries(4):
            quality.report()
