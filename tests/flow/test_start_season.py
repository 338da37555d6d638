"""A season begun from a list: everybody stands, takes part and is invited, once however often it is taken."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from testbed.scene import START, Scene, person, scene

from ceping.documents.intake.institutions import Line
from ceping.flow.start import differences_from_known, start_season
from ceping.ground.journal.models import Entry as JournalEntry
from ceping.ground.messages.models import Letter
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.invitations import LIFETIME, NewAccount, accept_invitation, invitation_for
from ceping.ground.people.models import Institution, Invitation, User
from ceping.ground.people.roles import Role
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season

pytestmark = pytest.mark.django_db
BY_LETTER = Line(2, "91310000MA1FL0AB2X", "上海有信科技有限公司", "浦东新区", "信女士", "", "xin@example.cn")
BY_SLIP = Line(3, "91310000MA1FL0AB3X", "上海无邮科技有限公司", "闵行区", "吴先生", "13800138000", "")


@pytest.fixture
def here() -> Scene:
    return scene()


@pytest.fixture
def officer(here: Scene) -> User:  # noqa: ARG001 -- the scene stands first
    return person("潘安全", Role.SECURITY_OFFICER)


def spoken_for(here: Scene) -> Line:
    """An institution that has people here already, and takes part in no season."""
    return Line(4, here.other.uscc, here.other.name, "闵行区", "别人", "", "other@example.cn")


def test_it_is_all_there_and_once_more_changes_nothing(here: Scene, officer: User, now: datetime) -> None:
    lines = [BY_LETTER, BY_SLIP, spoken_for(here)]
    done = start_season(season=here.season, lines=lines, by=officer, at=now)
    assert (done.institutions, done.entries, done.letters, len(done.slips), done.standing) == (2, 3, 1, 1, 1)
    assert Letter.objects.get().to == "xin@example.cn"
    token = done.slips[0].link.rstrip("/").rpartition("/")[2]
    assert invitation_for(token, at=now).institution == Institution.objects.get(uscc=BY_SLIP.uscc)
    counts = (Entry.objects.count(), Invitation.objects.count(), JournalEntry.objects.count())
    again = start_season(season=here.season, lines=lines, by=officer, at=now)
    assert not again.changed
    assert (again.standing, again.waiting) == (1, 2)
    assert (Entry.objects.count(), Invitation.objects.count(), JournalEntry.objects.count()) == counts


def test_lost_slips_are_made_anew_and_run_out_ones_too(here: Scene, officer: User, now: datetime) -> None:
    done = start_season(season=here.season, lines=[BY_SLIP], by=officer, at=now)
    token = done.slips[0].link.rstrip("/").rpartition("/")[2]
    other = [replace(BY_SLIP, contact="新人", phone="13900139000")]
    fresh = start_season(season=here.season, lines=other, by=officer, at=now, again=True)
    with pytest.raises(Refused):
        invitation_for(token, at=now)
    used = fresh.slips[0].link.rstrip("/").rpartition("/")[2]
    late = now + LIFETIME + timedelta(days=1)
    assert len(start_season(season=here.season, lines=other, by=officer, at=late).slips) == 1
    with pytest.raises(Refused):
        accept_invitation(token=used, who=NewAccount("new", "", "liu-he-ta-2022"), at=late)


def test_who_accepts_is_the_main_contact(here: Scene, officer: User, now: datetime) -> None:
    done = start_season(season=here.season, lines=[BY_SLIP], by=officer, at=now)
    token = done.slips[0].link.rstrip("/").rpartition("/")[2]
    user = accept_invitation(token=token, who=NewAccount("wu", "", "liu-he-ta-2022"), at=now)
    assert user.grants.get().main
    assert start_season(season=here.season, lines=[BY_SLIP], by=officer, at=now, again=True).standing == 1


def test_what_is_known_otherwise_is_told_and_stays(here: Scene, officer: User, now: datetime) -> None:
    line = replace(spoken_for(here), name="另一个名字", area="浦东新区")
    assert [one.code for one in differences_from_known([line])] == ["start_name_differs", "start_area_differs"]
    start_season(season=here.season, lines=[line], by=officer, at=now)
    assert Institution.objects.get(uscc=line.uscc).name == here.other.name


def test_nothing_half_done(here: Scene, officer: User, now: datetime) -> None:
    bad = replace(BY_SLIP, phone="")
    with pytest.raises(Refused):
        start_season(season=here.season, lines=[BY_LETTER, bad], by=officer, at=now)
    assert not Institution.objects.filter(uscc=BY_LETTER.uscc).exists()
    assert not Letter.objects.exists()


def test_only_the_officer_and_only_at_the_beginning(here: Scene, officer: User, now: datetime) -> None:
    for user in (here.organiser, here.district, here.alice):
        with pytest.raises(NotAllowed):
            start_season(season=here.season, lines=[BY_LETTER], by=user, at=now)
    Season.objects.filter(pk=here.season.pk).update(state="evaluating")
    with pytest.raises(Refused):
        start_season(season=here.season, lines=[BY_LETTER], by=officer, at=START)
