"""A frozen result made public: a notice by two, objections with a clock and a re-check, the result and its papers."""

import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings
from testbed.evaluated import NOW, Evaluated, season_of
from testbed.published import DAY, asked, freeze, noticed, objected, released
from testbed.scene import person

from ceping.flow import publication as flow
from ceping.flow.results import open_correction
from ceping.folder.evaluation import evaluate_folder
from ceping.ground.files.actions import bytes_of
from ceping.ground.journal.models import Entry as Act
from ceping.ground.messages.models import Message
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.ground.work.models import Job, State
from ceping.stages.assessment.models import Mark
from ceping.stages.publication.actions import (
    ReleaseAsked,
    drop_notice,
    drop_release,
    propose_notice,
    propose_release,
    revoke_certificate,
)
from ceping.stages.publication.models import Certificate, Notice, Release
from ceping.stages.publication.queries import (
    certificate_by,
    closes_at,
    notice_out,
    packages_of,
    paper_of,
    release_out,
)
from ceping.stages.publication.states import CertificateState, NoticeState
from ceping.stages.publication.tasks import make
from ceping.stages.results.queries import RESULTS, path_of
from ceping.stages.scheme.states import SeasonState

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CODE_LENGTH = 14


@pytest.fixture(scope="module")
def made(made: tuple[Path, Evaluated], django_db_blocker: Any) -> tuple[Path, Evaluated]:
    """The evaluated season with its result frozen, once for all of these."""
    media, found = made
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media):
        freeze(found)
    return made


@pytest.fixture
def second(found: Evaluated) -> User:  # noqa: ARG001 -- the season comes first
    """Another person of the organiser."""
    return person("另一位主办方", Role.ORGANISER)


def test_a_notice_is_put_out_by_a_second_person_and_moves_the_season(found: Evaluated, second: User) -> None:
    organiser = found.cast.organiser
    with pytest.raises(NotAllowed):
        propose_notice(season=season_of(found), asked=asked(), by=found.lead, at=NOW)
    proposed = propose_notice(season=season_of(found), asked=asked(), by=organiser, at=NOW)
    assert proposed.ends_on == date(2022, 3, 17), "five working days from Friday on, the first one counted"
    with pytest.raises(NotAllowed) as same:
        flow.publish_notice(notice=proposed, by=organiser, at=NOW)
    assert same.value.findings[0].code == "publish_second_person"
    assert notice_out(season_of(found)) is None
    out = flow.publish_notice(notice=proposed, by=second, at=NOW)
    assert (out.state, season_of(found).state) == (NoticeState.PUBLISHED, SeasonState.NOTICE)
    assert len(out.rows) > 0
    told = {cell for row in out.rows for cell in row[1:]}
    assert not any(entry.institution.uscc in told for entry in found.second.entries), "no credit code in a cell"
    assert Message.objects.filter(key__startswith="notice_out").exists()
    acts = list(Act.objects.filter(act__in=["propose_notice", "publish_notice"]).order_by("pk"))
    assert [act.by for act in acts] == [organiser.pk, second.pk]
    with transaction.atomic(), pytest.raises(IntegrityError):
        Notice.objects.filter(pk=out.pk).update(published_by=organiser)
    with pytest.raises(NotAllowed):
        propose_notice(season=season_of(found), asked=asked(), by=organiser, at=NOW)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"channel": "联系人手机 13812345678"}, "notice_person"),
        ({"issuer": "某委 310101199001011234"}, "notice_person"),
        ({"document_number": "138 1234 5678"}, "notice_person"),
        ({"columns": ("order", "grade")}, "notice_name_wanted"),
        ({"columns": ("name", "contact_phone")}, "notice_column_unknown"),
        ({"issuer": " "}, "notice_text_wanted"),
        ({"working_days": 0}, "notice_days_wrong"),
        ({"working_days": 10_000}, "notice_days_wrong"),
        ({"starts_on": date(2022, 3, 9)}, "publish_begins_past"),
        ({"grades": ("没有这一档",)}, "notice_nobody"),
    ],
)
def test_a_notice_that_is_not_fit_is_refused_and_nothing_is_kept(
    found: Evaluated, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        propose_notice(season=season_of(found), asked=asked(**changes), by=found.cast.organiser, at=NOW)
    assert code in {one.code for one in refused.value.findings}
    assert not Notice.objects.exists()


def test_a_year_without_holidays_warns(found: Evaluated) -> None:
    made = propose_notice(
        season=season_of(found), asked=asked(starts_on=date(2041, 5, 6)), by=found.cast.organiser, at=NOW
    )
    assert [one["code"] for one in made.warnings] == ["holidays_unknown"]


def test_a_dropped_notice_leaves_room_for_another(found: Evaluated, second: User) -> None:
    proposed = propose_notice(season=season_of(found), asked=asked(), by=found.cast.organiser, at=NOW)
    with pytest.raises(NotAllowed):
        propose_notice(season=season_of(found), asked=asked(), by=second, at=NOW)
    drop_notice(notice=proposed, by=second, at=NOW)
    with pytest.raises(NotAllowed):
        flow.publish_notice(notice=proposed, by=second, at=NOW)
    again = propose_notice(season=season_of(found), asked=asked(), by=second, at=NOW)
    late = NOW + timedelta(days=2)
    with pytest.raises(NotAllowed) as past:
        flow.publish_notice(notice=again, by=found.cast.organiser, at=late)
    assert past.value.findings[0].code == "publish_begins_past"


def test_the_result_is_published_after_its_days_with_papers_that_anybody_recomputes(
    found: Evaluated, second: User, tmp_path: Path
) -> None:
    notice = noticed(found, second)
    season, organiser = season_of(found), found.cast.organiser
    asked_now = ReleaseAsked("市经信委", date(2022, 3, 18), "https://ceping.example.org/public/check/")
    with pytest.raises(NotAllowed) as runs:
        propose_release(season=season, asked=asked_now, by=organiser, at=NOW)
    assert runs.value.findings[0].code == "release_notice_runs"
    objection, _ = objected(notice)
    with pytest.raises(NotAllowed) as waits:
        propose_release(season=season, asked=asked_now, by=organiser, at=closes_at(notice))
    assert waits.value.findings[0].code == "release_objections_open"
    flow.take_objection(objection=objection, accept=False, reason="没有证据", by=organiser, at=NOW)
    out = released(found, second, notice)
    assert season_of(found).state == SeasonState.PUBLISHED
    assert out.job is not None
    make(out.job.token)
    job = Job.objects.get(pk=out.job_id)
    assert job.state == State.DONE, job.findings
    certificates = list(Certificate.objects.filter(release=out).select_related("entry__institution"))
    assert len(certificates) == len(notice.rows)
    one = certificates[0]
    assert len(one.code) == CODE_LENGTH
    typed = one.code.lower().replace("-", " ")
    assert certificate_by(typed) == one
    for kind in ("certificate", "feedback"):
        paper = paper_of(out, kind, one.entry)
        assert paper is not None
        assert bytes_of(paper.file).read_bytes().startswith(b"%PDF")
        assert paper.file.institution_id == one.entry.institution_id
    for kind, package in packages_of(out).items():
        folder = tmp_path / kind
        with zipfile.ZipFile(bytes_of(package.file)) as archive:
            archive.extractall(folder)
        done = evaluate_folder(folder, tmp_path / f"{kind}-out", scheme_folder=folder / "scheme")
        assert done.done, done.findings
        frozen_bytes = path_of(notice.computation, RESULTS).read_bytes()
        assert (tmp_path / f"{kind}-out" / RESULTS).read_bytes() == frozen_bytes, kind
    assert set(packages_of(out)) == {"public", "full"}


def test_a_certificate_taken_back_is_told_so(found: Evaluated, second: User) -> None:
    out = released(found, second, noticed(found, second))
    one = Certificate.objects.filter(release=out).first()
    assert one is not None
    with pytest.raises(NotAllowed):
        revoke_certificate(certificate=one, reason="造假", by=found.lead, at=NOW)
    with pytest.raises(Refused):
        revoke_certificate(certificate=one, reason="", by=second, at=NOW)
    revoke_certificate(certificate=one, reason="材料造假，等次撤销", by=second, at=NOW)
    told = certificate_by(one.code)
    assert told is not None
    assert (told.state, told.reason) == (CertificateState.REVOKED, "材料造假，等次撤销")


def test_a_correction_goes_out_as_a_new_notice_and_replaces_the_certificates(found: Evaluated, second: User) -> None:
    notice = noticed(found, second)
    before = released(found, second, notice)
    entry = next(one for one in found.second.entries if one.institution.uscc == notice.rows[0][0])
    open_correction(season=season_of(found), entries=[entry], reason="异议成立", by=found.cast.organiser, at=NOW)
    Mark.objects.filter(sheet__entry=entry).update(mark="1", reason="复核后改")
    freeze(found)
    with pytest.raises(Refused) as bare:
        propose_notice(season=season_of(found), asked=asked(), by=found.cast.organiser, at=NOW)
    assert bare.value.findings[0].code == "notice_reason_wanted"
    proposed = propose_notice(
        season=season_of(found), asked=asked(reason="异议成立，更正得分"), by=found.cast.organiser, at=NOW
    )
    again = flow.publish_notice(notice=proposed, by=second, at=NOW)
    notice.refresh_from_db()
    assert (notice.state, again.corrects) == (NoticeState.REPLACED, notice)
    assert notice.rows[0][1] in {one["name"] for one in again.changes} | {row[1] for row in notice.rows}
    assert again.changes
    assert season_of(found).state == SeasonState.PUBLISHED, "the season does not walk back"
    after = released(found, second, again)
    before.refresh_from_db()
    assert before.state == NoticeState.REPLACED
    assert release_out(season_of(found)) == after
    states = set(Certificate.objects.filter(release=before).values_list("state", flat=True))
    assert states == {CertificateState.REPLACED}


def test_nothing_is_published_while_it_is_being_corrected(found: Evaluated, second: User) -> None:
    notice, organiser = noticed(found, second), found.cast.organiser
    asked_now = ReleaseAsked("市经信委", DAY, "https://ceping.example.org/")
    proposed = propose_release(season=season_of(found), asked=asked_now, by=organiser, at=closes_at(notice))
    entry = found.second.entries[0]
    open_correction(season=season_of(found), entries=[entry], reason="异议成立", by=organiser, at=NOW)
    with pytest.raises(NotAllowed) as under_way:
        flow.publish_release(release=proposed, by=second, at=closes_at(notice))
    assert under_way.value.findings[0].code == "release_correction_open"
    drop_release(release=proposed, by=second, at=closes_at(notice))
    assert not Release.objects.exists()
