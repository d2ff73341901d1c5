"""What is public is decided by senior editors: others curate and recommend."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.accounts.roles import EDITORS, SENIOR_EDITORS
from apps.events import curate
from apps.events.models import Decision, Event
from tests.factories import make_event

pytestmark = pytest.mark.django_db
PROPOSED = Event.Status.PROPOSED


def member(role):
    user = User.objects.create_user(role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def editor():
    return member(EDITORS)


@pytest.fixture
def senior():
    return member(SENIOR_EDITORS)


def test_an_editor_does_not_publish(editor, senior):
    event = make_event(status=PROPOSED)
    with pytest.raises(PermissionDenied, match="recommend it to a senior editor"):
        curate.publish(event, by=editor)
    event.refresh_from_db()
    assert event.status == PROPOSED
    curate.publish(event, by=senior)
    assert event.status == Event.Status.PUBLISHED


def test_an_editor_rejects_a_proposal_but_takes_no_published_event_back(editor, senior):
    curate.reject(make_event(status=PROPOSED), by=editor, reason="an exercise")
    public = make_event()
    with pytest.raises(PermissionDenied):
        curate.reject(public, by=editor, reason="an exercise")
    curate.reject(public, by=senior, reason="an exercise")
    assert public.status == Event.Status.REJECTED


def test_an_editor_reopens_what_was_only_a_proposal(editor, senior):
    proposal, public = make_event(status=PROPOSED), make_event()
    for event in (proposal, public):
        curate.reject(event, by=senior, reason="an exercise")
    curate.reopen(proposal, by=editor)
    with pytest.raises(PermissionDenied):
        curate.reopen(public, by=editor)
    curate.reopen(public, by=senior)
    assert [proposal.status, public.status] == [PROPOSED, PROPOSED]


def test_an_editor_merges_proposals_but_no_published_event(editor, senior):
    known = make_event()
    curate.merge(make_event(status=PROPOSED), into=known, by=editor)
    other = make_event()
    with pytest.raises(PermissionDenied):
        curate.merge(other, into=known, by=editor)
    assert not Decision.objects.filter(event=other).exists()
    curate.merge(other, into=known, by=senior)
    assert other.merged_into == known
