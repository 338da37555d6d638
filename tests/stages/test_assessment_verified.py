"""Verified values, verdicts on files, and marks asked for once more where a report came back changed."""

from uuid import uuid4

import pytest
from testbed.scene import person

from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.assessment.actions import (
    Stale,
    check_evidence,
    confirm_false,
    declare_conflict,
    reopen_marks,
    set_verified,
)
from ceping.stages.assessment.models import Assessor, Change, EvidenceCheck, Mark, Sheet, VerifiedValue
from ceping.stages.assessment.queries import attachments_of, values_open
from ceping.stages.assessment.queries.folder import tables_of
from ceping.stages.assessment.states import MarkState
from ceping.stages.report.models import Submission
from ceping.stages.report.queries import last_submission
from tests.factories.assessed import NOON, Bench, assigned

pytestmark = pytest.mark.django_db
METRIC = "fulltime_count"


def put(made: Bench, value: str, *, reason: str = "", version: int = 0, by: User | None = None) -> VerifiedValue:
    who = by or made.people[0].user
    return set_verified(entry=made.entry, metric=METRIC, value=value, reason=reason, version=version, by=who, at=NOON)


def test_a_value_is_of_its_type_and_within_its_bounds() -> None:
    made = assigned()
    for value, code in (("", "number"), ("二十", "number"), ("-1", "bounds")):
        with pytest.raises(Refused, match=f"assess_value_{code}"):
            put(made, value)
    with pytest.raises(Refused, match="assess_no_metric"):
        set_verified(
            entry=made.entry, metric="shop_level", value="1", reason="", version=0, by=made.people[0].user, at=NOON
        )
    assert put(made, "26.0").value == "26"
    assert METRIC not in values_open(made.entry)


def test_two_who_verify_are_told_of_each_other() -> None:
    made = assigned()
    first, second = (one.user for one in made.people[:2])
    put(made, "26")
    with pytest.raises(Refused, match="assess_reason_wanted"):
        put(made, "25", version=1, by=second)
    put(made, "25", reason="一人社保不在本单位", version=1, by=second)
    with pytest.raises(Stale) as stale:
        put(made, "24", reason="数错", version=1, by=first)
    told = stale.value
    assert (told.theirs["value"], told.mine["value"], told.version, told.by) == ("25", "24", 2, second)
    assert [one.new["value"] for one in Change.objects.filter(value__isnull=False)] == ["26", "25"]
    (row,) = tables_of(made.season)["verified.csv"]
    assert (row["metric_id"], row["value"], row["by"]) == (METRIC, "25", second.name)


def test_only_who_judges_and_a_lead_with_a_reason_verify() -> None:
    made = assigned()
    for stranger in (made.people[2].user, made.field.here.organiser, made.field.verifier):
        with pytest.raises(NotAllowed, match="assess_not_assigned"):
            put(made, "26", by=stranger)
    with pytest.raises(Refused, match="assess_reason_wanted"):
        put(made, "26", by=made.lead)
    put(made, "26", reason="现场核对花名册", by=made.lead)
    declare_conflict(assessor=made.people[0], entry=made.entry, reason="亲属任职", by=made.people[0].user, at=NOON)
    with pytest.raises(NotAllowed, match="assess_conflict"):
        put(made, "27", reason="改", version=1)


def test_a_false_file_counts_once_a_lead_confirms_it() -> None:
    made = assigned()
    first = made.people[0].user
    one, other = attachments_of(made.entry, last_submission(made.entry))[:2]
    given = {"entry": made.entry, "version": 0, "by": first, "at": NOON}
    with pytest.raises(Refused, match="assess_no_file"):
        check_evidence(file="attachments/没有.pdf", verdict="genuine", reason="", **given)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="assess_no_verdict"):
        check_evidence(file=one.name, verdict="fine", reason="", **given)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="assess_reason_wanted"):
        check_evidence(file=one.name, verdict="false", reason="", **given)  # type: ignore[arg-type]
    check_evidence(file=other.name, verdict="genuine", reason="", **given)  # type: ignore[arg-type]
    check = check_evidence(file=one.name, verdict="false", reason="对方否认签订", **given)  # type: ignore[arg-type]
    assert [row["file"] for row in tables_of(made.season)["evidence_checks.csv"]] == [other.name]
    with pytest.raises(NotAllowed, match="assess_not_lead"):
        confirm_false(check=check, confirmed=True, reason="属实", by=first, at=NOON)
    confirm_false(check=check, confirmed=True, reason="属实", by=made.lead, at=NOON)
    assert {row["verdict"] for row in tables_of(made.season)["evidence_checks.csv"]} == {"genuine", "false"}
    with pytest.raises(Refused, match="assess_not_false"):
        confirm_false(check=check, confirmed=True, reason="属实", by=made.lead, at=NOON)
    # Whoever changes their mind opens the question again.
    again = check_evidence(
        file=one.name,
        verdict="doubtful",
        reason="另有原件",
        **given | {"version": 2},  # type: ignore[arg-type]
    )
    assert again.confirmed_at is None


def test_a_lead_may_hold_a_file_to_be_only_doubtful() -> None:
    made = assigned()
    name = attachments_of(made.entry, last_submission(made.entry))[0].name
    check = check_evidence(
        entry=made.entry, file=name, verdict="false", reason="日期不符", version=0, by=made.people[0].user, at=NOON
    )
    confirm_false(check=check, confirmed=False, reason="日期笔误", by=made.lead, at=NOON)
    assert EvidenceCheck.objects.get().verdict == "doubtful"
    other = person("另一负责人", Role.LEAD)
    with pytest.raises(Refused, match="assess_not_false"):
        confirm_false(check=check, confirmed=True, reason="再看", by=other, at=NOON)


def resubmitted(made: Bench, **answers: str) -> Submission:
    """The report once more, with other answers."""
    former = last_submission(made.entry)
    assert former is not None
    report = {**former.report, "answers": {**former.report["answers"], **answers}}
    return Submission.objects.create(
        entry=made.entry,
        number=former.number + 1,
        key=uuid4(),
        receipt="R-2",
        report=report,
        report_sha256="0" * 64,
        scheme_sha256=former.scheme_sha256,
        category=former.category,
        submitted_by=former.submitted_by,
        submitted_at=NOON,
    )


def test_a_changed_report_reopens_just_the_marks_it_touches() -> None:
    made = assigned(1)
    first = made.people[0]
    sheet = made.sign(first)
    now = resubmitted(made, plan_near="设立企业服务专班")
    again = reopen_marks(entry=made.entry, by=made.lead, at=NOON)
    assert [one.item for one in again] == ["development"]
    assert Mark.objects.filter(state=MarkState.OPEN).exclude(submission=now).count() == 0
    assert Sheet.objects.get(pk=sheet.pk).signed_at is None
    assert "development" not in {row["indicator_id"] for row in tables_of(made.season)["marks.csv"]}
    mark = made.mark(first, "development", "7", version=2)
    assert (mark.state, mark.submission) == (MarkState.OPEN, now)
    assert Assessor.objects.get(pk=first.pk).sheets.get().opened_at == NOON
    made.sign_again(first)
    assert reopen_marks(entry=made.entry, by=made.lead, at=NOON) == []
