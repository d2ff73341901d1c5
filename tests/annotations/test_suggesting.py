"""Names that articles use and nobody is known by are suggested to editors, and decided about once."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.roles import ANALYSTS, EDITORS
from apps.actors import suggestions
from apps.actors.models import Actor, Alias, AliasSuggestion
from apps.actors.suggestions import SuggestionError
from apps.annotations.models import Annotation, Mention
from apps.annotations.suggesting import suggest
from apps.core import history
from apps.core.models import Change
from tests.factories import make_actor, make_article

pytestmark = pytest.mark.django_db


def named(name, *, actor=None, how="unknown", text="On Friday {} spoke in Tehran of revenge."):
    """An article that names somebody."""
    version = make_article(text.format(name), title=f"About {name}")
    annotation = Annotation.objects.create(
        article_version=version, pipeline_version="1", status="done"
    )
    start = version.text.index(name)
    return Mention.objects.create(
        annotation=annotation,
        kind="actor",
        how=how,
        actor=actor,
        start=start,
        end=start + len(name),
        surface=name,
    )


def member(role, name="somebody"):
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def editor():
    return member(EDITORS, "editor")


@pytest.fixture
def general():
    return make_actor("soleimani", name="Qassem Soleimani", kind="person")


@pytest.fixture
def spelt(general):
    """A suggestion: another spelling of the general's name."""
    named("Kassim Suleimani")
    suggest()
    return AliasSuggestion.objects.get()


class TestSuggest:
    def test_another_spelling_is_suggested_with_its_actor_and_sentence(self, general):
        mention = named("Kassim Suleimani")
        assert suggest() == 1
        row = AliasSuggestion.objects.get()
        assert (row.name, row.actor, row.articles, row.outcome) == (
            "Kassim Suleimani", general, 1, "open",
        )  # fmt: skip
        assert row.score == 0.9
        assert row.examples == [
            {
                "article": mention.annotation.article_version.article_id,
                "title": "About Kassim Suleimani",
                "before": "On Friday",
                "name": "Kassim Suleimani",
                "after": "spoke in Tehran of revenge.",
            }
        ]

    def test_spellings_that_differ_in_case_and_spaces_are_one_name(self, general):
        for name in ("Kassim Suleimani", "KASSIM SULEIMANI", "Kassim\nSuleimani"):
            named(name)
        suggest()
        row = AliasSuggestion.objects.get()
        assert row.articles == 3
        assert len(row.examples) == 3

    def test_an_article_counts_once(self, general):
        mention = named("Kassim Suleimani", text="{0} spoke. Then {0} left.")
        start = mention.annotation.article_version.text.rindex("Kassim")
        Mention.objects.create(
            annotation=mention.annotation,
            kind="actor",
            how="unknown",
            start=start,
            end=start + 16,
            surface="Kassim Suleimani",
        )
        suggest()
        assert AliasSuggestion.objects.get().articles == 1

    def test_a_name_like_none_is_suggested_once_several_articles_have_it(self, general):
        named("Hassan Nasser")
        assert suggest() == 0
        named("Hassan Nasser")
        assert suggest() == 1
        assert AliasSuggestion.objects.get().actor is None

    def test_names_that_are_known_or_understood_are_not_suggested(self, general):
        Alias.objects.create(actor=general, name="Haj Qassem")
        for name in ("Haj  Qassem".replace("  ", " "), "Qassem Soleimani"):
            named(name)
            named(name)
        named("The general", actor=general, how="role")
        named("a spokesman", how="described")
        assert suggest() == 0

    def test_it_does_nothing_twice(self, spelt, django_assert_max_num_queries):
        with django_assert_max_num_queries(8):
            assert suggest() == 1
        assert AliasSuggestion.objects.get().pk == spelt.pk

    def test_what_was_declined_is_not_suggested_again(self, spelt, editor):
        suggestions.decline(spelt, by=editor)
        named("Kassim Suleimani")
        assert suggest() == 0
        spelt.refresh_from_db()
        assert (spelt.outcome, spelt.articles) == ("declined", 1)

    def test_a_name_that_got_known_meanwhile_is_settled(self, spelt, general):
        Alias.objects.create(actor=general, name="Kassim Suleimani")
        assert suggest() == 0
        spelt.refresh_from_db()
        assert (spelt.outcome, spelt.actor) == ("taken", general)

    def test_an_alias_that_was_taken_back_is_open_again(self, spelt, general, editor):
        suggestions.take(spelt, general, "transliteration", by=editor)
        history.revert(Change.objects.filter(table="actors_alias", op="I"))
        assert suggest() == 1
        spelt.refresh_from_db()
        assert spelt.outcome == "open"

    def test_what_no_article_names_any_more_is_dropped(self, spelt):
        Mention.objects.all().delete()
        assert suggest() == 0
        assert not AliasSuggestion.objects.exists()

    def test_merged_actors_are_not_suggested(self, spelt, general):
        kept = make_actor("kept", name="Nobody Like That", kind="person")
        Actor.objects.filter(pk=general.pk).update(merged_into=kept)
        named("Kassim Suleimani")
        suggest()
        assert AliasSuggestion.objects.get().actor is None


class TestDecide:
    def test_a_name_is_taken_as_alias_and_the_history_says_why(self, spelt, general, editor):
        suggestions.take(spelt, general, "transliteration", by=editor)
        assert general.aliases.get().name == "Kassim Suleimani"
        change = Change.objects.get(table="actors_alias")
        assert (change.user, change.owner_id) == (editor, general.pk)
        assert change.why.startswith("Suggested from 1 articles; another transliteration")

    def test_a_new_actor_is_made_of_it(self, spelt, editor):
        made = suggestions.make_actor(spelt, kind="person", country="IRN", by=editor)
        assert (made.slug, made.name, made.country) == (
            "kassim-suleimani", "Kassim Suleimani", "IRN",
        )  # fmt: skip
        assert AliasSuggestion.objects.get().outcome == "taken"

    def test_what_cannot_be_is_told(self, spelt, general, editor):
        with pytest.raises(SuggestionError, match="Say whose name"):
            suggestions.take(spelt, None, "official", by=editor)
        make_actor("kassim-suleimani")
        with pytest.raises(SuggestionError, match="add the actor by hand"):
            suggestions.make_actor(spelt, kind="person", country="IRN", by=editor)

    def test_an_analyst_decides_nothing(self, spelt, general):
        analyst = member(ANALYSTS)
        for decide in (
            lambda: suggestions.take(spelt, general, "official", by=analyst),
            lambda: suggestions.make_actor(spelt, kind="person", country="IRN", by=analyst),
            lambda: suggestions.decline(spelt, by=analyst),
        ):
            with pytest.raises(PermissionDenied):
                decide()
        assert AliasSuggestion.objects.get().outcome == "open"


class TestAdmin:
    LIST = reverse("admin:actors_aliassuggestion_changelist")

    @pytest.fixture(autouse=True)
    def log_in(self, client, editor):
        client.force_login(editor)

    def decide(self, client, row, **sent):
        page = reverse("admin:actors_aliassuggestion_change", args=[row.pk])
        fields = {"alias_kind": "transliteration", "actor_kind": "person", "country": "IRN"}
        return client.post(page, {**fields, **sent}, follow=True)

    def test_the_list_shows_sentences_and_links_to_articles(self, client, spelt):
        html = client.get(self.LIST).content.decode()
        assert "<strong>Kassim Suleimani</strong> spoke in Tehran" in html
        assert f'href="/articles/{spelt.examples[0]["article"]}/"' in html

    def test_the_most_named_come_first(self, client, general):
        for name, times in (("Hassan Nasser", 2), ("Omar Farouk", 3)):
            for _ in range(times):
                named(name)
        suggest()
        html = client.get(self.LIST).content.decode()
        assert html.index("Omar Farouk") < html.index("Hassan Nasser")

    def test_text_of_an_article_cannot_break_out(self, client, general):
        named("Kassim Suleimani", text="<script>alert(1)</script> {} <img src=x>")
        suggest()
        html = client.get(self.LIST).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html

    def test_each_decision_can_be_taken_on_the_page(self, client, spelt, general):
        self.decide(client, spelt, decision="take", actor=general.pk)
        assert general.aliases.get().kind == "transliteration"

    def test_a_new_actor_on_the_page(self, client, spelt):
        self.decide(client, spelt, decision="new")
        assert Actor.objects.get(slug="kassim-suleimani").country == "IRN"

    def test_declined_on_the_page_and_open_again(self, client, spelt):
        self.decide(client, spelt, decision="decline")
        spelt.refresh_from_db()
        assert spelt.outcome == "declined"
        assert "Kassim" not in client.get(self.LIST).content.decode()
        assert "Kassim" in client.get(f"{self.LIST}?outcome=declined").content.decode()
        self.decide(client, spelt, decision="open")
        spelt.refresh_from_db()
        assert spelt.outcome == "open"

    def test_an_alias_without_an_actor_is_told_in_the_form(self, client, spelt):
        html = self.decide(client, spelt, decision="take", actor="").content.decode()
        assert "Say whose name it is." in html
        assert AliasSuggestion.objects.get().outcome == "open"

    def test_many_are_taken_or_declined_at_once(self, client, spelt, general):
        for _ in range(2):
            named("Hassan Nasser")
        suggest()
        rows = [row.pk for row in AliasSuggestion.objects.all()]
        sent = {"action": "take_as_suggested", "_selected_action": rows}
        html = client.post(self.LIST, sent, follow=True).content.decode()
        assert "1 names are aliases now." in html
        assert "Say whose name “Hassan Nasser” is" in html
        client.post(self.LIST, {"action": "decline", "_selected_action": rows[:1]})
        assert set(AliasSuggestion.objects.values_list("outcome", flat=True)) == {
            "taken", "declined",
        }  # fmt: skip
