"""The demo's season: whole, through the same actions, made once, and its journal verifies."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import is_password_usable
from django.test import override_settings
from testbed import clone

from ceping.core.finding import errors_in
from ceping.flow.demo import COUNT, TITLE, fill_demo
from ceping.flow.demo_earlier import TITLE as EARLIER
from ceping.flow.demo_earlier import fill_earlier
from ceping.flow.demo_parts import CLAIMED, EXTENDED, LATE
from ceping.ground.files.actions import bytes_of
from ceping.ground.files.models import File
from ceping.ground.journal.models import Entry as Journal
from ceping.ground.journal.queries import breaks_in, heads
from ceping.ground.people.models import Area, Claim, Grant, User
from ceping.ground.people.roles import APART, Role
from ceping.stages.publication.models import Objection, Release
from ceping.stages.recommendation.models import Issue, Remark
from ceping.stages.recommendation.queries import put_forward
from ceping.stages.report.access import closes_at, why_not_write
from ceping.stages.report.models import Attachment, Entry
from ceping.stages.report.queries import findings_for
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import SchemeVersion, Season
from ceping.stages.scheme.states import SeasonState

NOW = datetime(2022, 3, 10, 2, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def made(
    request: pytest.FixtureRequest, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The demo filled once for this module; how long that takes is the benchmark's to tell."""
    request.getfixturevalue("django_db_setup")
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media):
        assert fill_demo(at=NOW)
    yield media
    with django_db_blocker.unblock():
        clone.renew()


@pytest.fixture
def filled(made: Path, settings: Any) -> datetime:
    settings.MEDIA_ROOT = made
    return NOW


def entry_of(number: int) -> Entry:
    login = f"institution-{number:02d}"
    user = User.objects.get(login=login)
    return Entry.objects.select_related("season__scheme", "institution__area").get(
        institution=user.grants_in_force[0].institution
    )


@pytest.mark.usefixtures("filled")
def test_every_state_is_there_and_the_journal_verifies() -> None:
    season, early, earlier = Season.objects.order_by("-pk")
    assert season.title == TITLE
    assert earlier.state == SeasonState.DRAFT, "a worker comes to it"
    states = Counter(Entry.objects.filter(season=season).values_list("state", flat=True))
    assert sum(states.values()) == COUNT
    assert set(states) == set(EntryState)
    assert [broken for head in heads() for broken in breaks_in(head.chain, known=head)] == []
    version = SchemeVersion.objects.get()
    assert version.published_by_id not in (None, version.proposed_by_id)
    issued = Issue.objects.get(season=season)
    assert len(issued.rows) == put_forward(season, issued.area).count() == 1
    first = Area.objects.get(order=1)
    assert [putting.rank for putting in put_forward(season, first)] == [1, 2]
    assert Remark.objects.count() > 4
    batch = Entry.objects.filter(season=early)
    assert early.state == SeasonState.EVALUATING
    assert set(batch.values_list("state", flat=True)) == {EntryState.PUT_FORWARD}
    assert Issue.objects.filter(season=early).count() == batch.values("institution__area").distinct().count() == 12


def test_drafts_are_at_various_points_with_faults_people_make(filled: datetime) -> None:
    found = {number: {one.code for one in errors_in(findings_for(entry_of(number)))} for number in (12, 33, 36, 4, 28)}
    assert len(found[12]) == 1
    assert len(found[33]) > 4
    assert found[36]
    assert "report_list_short" in found[4]
    assert why_not_write(User.objects.get(login="institution-33"), entry_of(33), filled) is None


def test_one_is_late_one_has_more_time_and_one_code_is_claimed_twice(filled: datetime) -> None:
    late, extended, ordinary = entry_of(LATE), entry_of(EXTENDED), entry_of(12)
    late_by = closes_at(late)
    assert late_by is not None
    assert late_by < filled
    assert late.state == EntryState.RETURNED
    more, usual = closes_at(extended), closes_at(ordinary)
    assert more is not None
    assert usual is not None
    assert more > usual
    assert Claim.objects.get().institution == entry_of(CLAIMED).institution


@pytest.mark.usefixtures("filled")
def test_people_of_every_role_without_a_password() -> None:
    people = list(User.objects.all())
    assert all(person.demo and not is_password_usable(person.password) for person in people)
    assert {role for person in people for role in person.roles} == set(Role)
    assert all(len(APART & person.roles) <= 1 for person in people)


@pytest.mark.usefixtures("filled")
def test_evidence_lies_in_the_store_and_no_two_files_are_one() -> None:
    attachments = Attachment.objects.select_related("file__blob")
    assert attachments.count() > 300
    assert File.objects.values("blob").distinct().count() == File.objects.count()
    for attachment in attachments[:20]:
        data = bytes_of(attachment.file).read_bytes()
        assert len(data) == attachment.file.blob.size
        assert data.startswith(b"\xff\xd8")


@pytest.mark.slow
def test_the_earlier_season_is_published_once(filled: datetime) -> None:
    assert fill_earlier(at=filled) is not None
    season = Season.objects.get(title=EARLIER)
    assert season.state == SeasonState.PUBLISHED
    release = Release.objects.get(season=season)
    assert release.notice.rows
    assert Objection.objects.get().answer
    assert release.certificates.count() == len(release.notice.rows)
    assert [broken for head in heads() for broken in breaks_in(head.chain, known=head)] == []
    assert fill_earlier(at=filled) is None


def test_it_is_made_once(filled: datetime) -> None:
    before = Entry.objects.count(), User.objects.count(), File.objects.count()
    assert not fill_demo(at=filled)
    assert (Entry.objects.count(), User.objects.count(), File.objects.count()) == before


def test_every_grant_went_through_the_one_action(filled: datetime) -> None:
    assert filled
    officer = User.objects.get(login="security-1")
    given = Counter(Journal.objects.filter(act="grant_role", by=officer.pk).values_list("key", flat=True))
    assert given == Counter(str(pk) for pk in Grant.objects.exclude(user=officer).values_list("user", flat=True))
    # The officer's own came by a link made at the machine: nobody gives themselves a role.
    assert Journal.objects.get(act="accept_invitation").by == officer.pk
    assert Grant.objects.get(user=officer).granted_by is None
