"""From the district's list to the issued table: returned with remarks, put forward in rank within quota, frozen."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from testbed.scene import RECOMMENDING, START, Scene, an_institution, fill, person, scene

from ceping.core.finding import Finding
from ceping.flow.advance import decide, undo
from ceping.flow.send_back import return_report
from ceping.folder.demo.words import credit_code
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import Grant
from ceping.ground.people.roles import Role
from ceping.stages.recommendation.actions import Note, issue_table, rank_entries, revoke_issue, set_quota
from ceping.stages.recommendation.queries import put_forward, summary_rows
from ceping.stages.report.actions import save_answer, submit_report
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import findings_for
from ceping.stages.report.states import EntryState
from tests.factories.report import complete_report

pytestmark = pytest.mark.django_db
CODES = [credit_code(number, "startup") for number in (1, 2)]


def submitted(entry: Entry, at: datetime) -> Entry:
    writer = entry.institution.grants.get().user
    fill(entry, complete_report(uscc=entry.institution.uscc, name=entry.institution.name), writer)
    asked = [(finding.code, finding.place) for finding in _questions(entry)]
    chosen = entry.answers.get(field="categories").value[0]
    submit_report(entry=entry, key=uuid4(), category=chosen, let_stand=asked, by=writer, at=at)
    return Entry.objects.select_related("season__scheme", "institution__area").get(pk=entry.pk)


def _questions(entry: Entry) -> list[Finding]:
    return [finding for finding in findings_for(entry) if finding.level == "warning"]


@pytest.fixture
def here(now: datetime) -> Scene:
    made = scene()
    submitted(made.entry, now)
    made.entry.refresh_from_db()
    return made


def entry_of(here: Scene) -> Entry:
    return Entry.objects.select_related("season__scheme", "institution__area").get(pk=here.entry.pk)


def test_a_return_opens_the_report_until_its_own_date(here: Scene, now: datetime) -> None:
    due = now + timedelta(days=40)
    remarks = [
        Note("field", "office_area", "与租赁合同不一致"),
        Note("whole", "", " "),
        Note("table", "clients", "补齐"),
    ]
    made = return_report(entry=entry_of(here), remarks=remarks, due_at=due, by=here.district, at=now)
    assert [(remark.number, remark.key) for remark in made.remarks.all()] == [(1, "office_area"), (2, "clients")]
    entry = entry_of(here)
    assert (entry.state, entry.due_at) == (EntryState.RETURNED, due)
    late = due - timedelta(microseconds=1)
    revision = entry.answers.get(field="office_area").revision
    save_answer(entry=entry, field="office_area", value="680", revision=revision, by=here.alice, at=late)
    with pytest.raises(NotAllowed, match="draft_closed"):
        save_answer(entry=entry, field="office_area", value="690", revision=2, by=here.alice, at=due)


def test_put_forward_stands_in_the_table_with_every_column(here: Scene, now: datetime) -> None:
    decide(entry=entry_of(here), forward=True, by=here.district, at=now)
    assert entry_of(here).state == EntryState.PUT_FORWARD
    (row,) = summary_rows(here.season, here.area)
    assert list(row) == [
        "order", "name", "category", "contact_name", "contact_phone", "office_phone", "fax", "contact_email"
    ]  # fmt: skip
    assert (row["order"], row["name"]) == ("1", here.institution.name)
    assert row["category"].endswith("类")


def test_ranks_close_up_and_can_be_ordered(here: Scene, now: datetime) -> None:
    entries = [here.entry]
    for number, code in enumerate(CODES):
        institution = an_institution(f"上海第{number}家服务有限公司", code, here.area)
        person(f"某{number}", Role.INSTITUTION, institution=institution, main=True)
        entry = Entry.objects.create(season=here.season, institution=institution, created_at=START, changed_at=START)
        entries.append(submitted(entry, now))
    for entry in entries:
        decide(entry=entry, forward=True, by=here.district, at=now)
    order = [entries[2].pk, entries[0].pk, entries[1].pk]
    rank_entries(season=here.season, area=here.area, order=order, by=here.district, at=now)
    assert [putting.entry_id for putting in put_forward(here.season, here.area)] == order
    undo(entry=entries[0], by=here.district, at=now)
    assert [(p.entry_id, p.rank) for p in put_forward(here.season, here.area)] == [(order[0], 1), (order[2], 2)]
    with pytest.raises(Refused, match="recommend_order_incomplete"):
        rank_entries(season=here.season, area=here.area, order=order, by=here.district, at=now)


def test_a_full_quota_stops_with_its_number(here: Scene, now: datetime) -> None:
    set_quota(season=here.season, area=here.area, category="", most=0, reason="名额文件", by=here.organiser, at=now)
    with pytest.raises(Refused) as told:
        decide(entry=entry_of(here), forward=True, by=here.district, at=now)
    assert told.value.findings[0].message() == "名额 0 家已满"
    assert entry_of(here).state == EntryState.SUBMITTED


def test_issuing_freezes_and_after_the_close_the_organiser_alone_revokes(here: Scene, now: datetime) -> None:
    decide(entry=entry_of(here), forward=True, by=here.district, at=now)
    made = issue_table(season=here.season, area=here.area, filled_on=date(2022, 4, 1), by=here.district, at=now)
    with pytest.raises(NotAllowed, match="recommend_issued"):
        undo(entry=entry_of(here), by=here.district, at=now)
    with pytest.raises(NotAllowed, match="recommend_issued"):
        issue_table(season=here.season, area=here.area, filled_on=date(2022, 4, 1), by=here.district, at=now)
    closed = RECOMMENDING[1]
    with pytest.raises(NotAllowed, match="recommend_revoke_closed"):
        revoke_issue(issue=made, reason="误签", by=here.district, at=closed)
    with pytest.raises(NotAllowed, match="recommend_not_your_area"):
        revoke_issue(issue=made, reason="误签", by=here.alice, at=now)
    revoke_issue(issue=made, reason="误签", by=here.organiser, at=closed)
    undo(entry=entry_of(here), by=here.district, at=now)


def test_its_district_takes_a_table_back_before_the_close_with_a_reason(here: Scene, now: datetime) -> None:
    decide(entry=entry_of(here), forward=True, by=here.district, at=now)
    day = date(2022, 4, 1)
    made = issue_table(season=here.season, area=here.area, filled_on=day, by=here.district, at=now)
    with pytest.raises(Refused, match="season_reason_wanted"):
        revoke_issue(issue=made, reason=" ", by=here.district, at=now)
    revoke_issue(issue=made, reason="漏了一家", by=here.district, at=now)
    again = issue_table(season=here.season, area=here.area, filled_on=day, by=here.district, at=now)
    assert (again.number, again.sha256) == (2, made.sha256)


def test_only_the_own_district_decides(here: Scene, now: datetime) -> None:
    stranger = person("别区", Role.RECOMMENDER, area=here.elsewhere)
    for who in (stranger, here.alice, here.organiser):
        with pytest.raises(NotAllowed):
            decide(entry=entry_of(here), forward=True, by=who, at=now)


def test_nobody_puts_their_own_institution_forward(here: Scene, now: datetime) -> None:
    Grant.objects.create(user=here.district, role=Role.INSTITUTION, institution=here.institution, granted_at=START)
    here.district.__dict__.pop("grants_in_force", None)
    with pytest.raises(NotAllowed, match="recommend_own_institution"):
        decide(entry=entry_of(here), forward=True, by=here.district, at=now)


def test_not_put_forward_needs_a_reason(here: Scene, now: datetime) -> None:
    with pytest.raises(Refused, match="recommend_reason_wanted"):
        decide(entry=entry_of(here), forward=False, by=here.district, at=now)
    decide(entry=entry_of(here), forward=False, reason="未达条件 1", by=here.district, at=now)
    assert entry_of(here).state == EntryState.NOT_PUT_FORWARD
