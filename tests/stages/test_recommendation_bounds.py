"""What a district cannot do: past an unmet gate, past a full quota, over a colleague's order; and what it is told."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from testbed.scene import START, Scene, an_institution, person, scene

from ceping.core.finding import Level
from ceping.flow.advance import decide, undo
from ceping.flow.send_back import return_report
from ceping.folder.demo.words import credit_code
from ceping.ground.journal.models import Entry as JournalEntry
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import Claim, Institution
from ceping.ground.people.roles import Role
from ceping.stages.recommendation.actions import Note, move_rank, note_export, set_quota, settle_remark
from ceping.stages.recommendation.models import Putting
from ceping.stages.recommendation.queries import (
    changes_since,
    doubles_in,
    entries_of,
    put_forward,
    quotas_of,
    summary_rows,
    table_findings,
)
from ceping.stages.report.models import Attachment, Entry
from ceping.stages.report.queries import last_submission
from tests.stages.test_recommendation import submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(now: datetime) -> Scene:
    made = scene()
    submitted(made.entry, now)
    return made


def entry_of(here: Scene) -> Entry:
    return Entry.objects.select_related("season__scheme", "institution__area").get(pk=here.entry.pk)


def one_more(here: Scene, number: int, at: datetime) -> Entry:
    institution = an_institution(f"上海第{number}家服务有限公司", credit_code(number, "startup"), here.area)
    person(f"某{number}", Role.INSTITUTION, institution=institution, main=True)
    made = Entry.objects.create(season=here.season, institution=institution, created_at=START, changed_at=START)
    return submitted(made, at)


def altered(entry: Entry, change: Callable[[dict[str, object]], None]) -> None:
    """The submission says something else, under another hash: what was worked out for the old one no longer counts."""
    submission = last_submission(entry)
    assert submission is not None
    change(submission.report)
    submission.report_sha256 = f"{entry.pk:064d}"
    submission.save()


def fewer_clients(report: dict[str, object]) -> None:
    tables = report["tables"]
    assert isinstance(tables, dict)
    tables["clients"] = tables["clients"][:46]


def test_an_unmet_gate_stops_and_its_twin_passes(here: Scene, now: datetime) -> None:
    twin = one_more(here, 1, now)
    altered(entry_of(here), fewer_clients)
    with pytest.raises(Refused) as told:
        decide(entry=entry_of(here), forward=True, reason="一定要推荐", by=here.district, at=now)
    assert told.value.findings[0].message() == "条件 1 未满足，不能推荐"
    assert not Putting.objects.exists()
    decide(entry=twin, forward=True, by=here.district, at=now)
    # Not to put it forward is no favour and stays possible.
    decide(entry=entry_of(here), forward=False, reason="服务对象不足", by=here.district, at=now)


def test_a_gate_nobody_answered_waits_for_a_person_and_a_ground(
    here: Scene, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ceping.stages.recommendation.queries import gates  # noqa: PLC0415 -- what the test leads astray

    whole: Callable[..., Any] = gates.metric_values  # type: ignore[attr-defined]

    def without(*given: object) -> object:
        values = whole(*given)
        return {name: {key: replace(one, value=None) for key, one in found.items()} for name, found in values.items()}

    monkeypatch.setattr(gates, "metric_values", without)
    altered(entry_of(here), lambda _: None)
    judged: dict[str, str]
    for judged in ({}, {"fifty-clients": " "}, {"another": "看过"}):
        with pytest.raises(Refused, match="recommend_gate_open"):
            decide(entry=entry_of(here), forward=True, judged=judged, by=here.district, at=now)
    made = decide(
        entry=entry_of(here), forward=True, judged={"fifty-clients": "附件 6 名单 62 家"}, by=here.district, at=now
    )
    assert made.judged == {"fifty-clients": "附件 6 名单 62 家"}
    assert JournalEntry.objects.get(act="put_forward").body["judged"] == ["fifty-clients"]


def test_a_move_stays_in_its_category_and_yields_to_a_colleague(here: Scene, now: datetime) -> None:
    entries = [entry_of(here), one_more(here, 1, now), one_more(here, 2, now)]
    for entry in entries:
        decide(entry=entry, forward=True, by=here.district, at=now)
    first, second, third = (entry.pk for entry in entries)
    Putting.objects.filter(entry=second).update(category="another")
    seen = [first, third]
    ask = {"season": here.season, "area": here.area, "by": here.district, "at": now}
    moved = move_rank(entry=third, to=1, seen=seen, **ask)  # type: ignore[arg-type]
    # The one of the other category keeps its place between them.
    assert [putting.entry_id for putting in moved] == [third, second, first]
    with pytest.raises(Refused, match="recommend_order_changed"):
        move_rank(entry=third, to=2, seen=seen, **ask)  # type: ignore[arg-type]
    again = move_rank(entry=third, to=99, seen=[third, first], **ask)  # type: ignore[arg-type]
    assert [putting.rank for putting in again] == [1, 2, 3]
    assert again[-1].entry_id == third
    with pytest.raises(NotAllowed):
        move_rank(entry=third, to=1, seen=[first, third], **(ask | {"by": here.alice}))  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_and_the_last_place_goes_to_one(now: datetime) -> None:
    here = scene()
    entries = [submitted(here.entry, now), *(one_more(here, number, now) for number in (1, 2))]
    colleague = person("李同事", Role.RECOMMENDER, area=here.area)
    set_quota(season=here.season, area=here.area, category="", most=2, reason="名额", by=here.organiser, at=now)
    decide(entry=entries[0], forward=True, by=here.district, at=now)
    told: list[str] = []

    def press(entry: Entry, by: object) -> None:
        try:
            decide(entry=entry, forward=True, by=by, at=now)  # type: ignore[arg-type]
            told.append("put")
        except Refused as refused:
            told.append(refused.findings[0].code)
        finally:
            connections.close_all()

    def both(*presses: tuple[Entry, object]) -> list[str]:
        told.clear()
        crowd = [threading.Thread(target=press, args=one) for one in presses]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()
        return sorted(told)

    assert both((entries[1], here.district), (entries[2], colleague)) == ["put", "recommend_quota_full"]
    left = next(entry for entry in entries if not Putting.objects.filter(entry=entry).exists())
    undo(entry=entries[0], by=here.district, at=now)
    assert both((left, here.district), (left, colleague)) == ["put", "recommend_not_submitted"]
    assert [putting.rank for putting in put_forward(here.season, here.area)] == [1, 2]


def test_a_remark_is_settled_at_the_second_reading_alone(here: Scene, now: datetime) -> None:
    made = return_report(
        entry=entry_of(here),
        remarks=[Note("field", "address", "请核对")],
        due_at=now + timedelta(days=5),
        by=here.district,
        at=now,
    )
    (remark,) = made.remarks.all()
    with pytest.raises(NotAllowed, match="recommend_not_submitted"):
        settle_remark(remark=remark, settled=True, by=here.district, at=now)
    Entry.objects.filter(pk=here.entry.pk).update(state="submitted", due_at=None)
    with pytest.raises(NotAllowed):
        settle_remark(remark=remark, settled=True, by=here.alice, at=now)
    assert settle_remark(remark=remark, settled=True, by=here.district, at=now).settled_by == here.district
    settle_remark(remark=remark, settled=True, by=here.district, at=now)
    assert settle_remark(remark=remark, settled=False, by=here.district, at=now).settled_at is None
    assert JournalEntry.objects.filter(act="settle_remark").count() == 2


def test_what_two_institutions_share_is_told_and_another_area_is_not_named(here: Scene, now: datetime) -> None:
    near = one_more(here, 1, now)
    far = Entry.objects.create(season=here.season, institution=here.other, created_at=START, changed_at=START)
    Institution.objects.filter(pk=near.institution_id).update(
        name="启衡企业管理咨询（上海）有限公司", office_phone="021-50501234"
    )
    Institution.objects.filter(pk=here.other.pk).update(office_phone="(021) 5050 1234")
    Attachment.objects.filter(entry=near).delete()
    shared = Attachment.objects.filter(entry=here.entry).order_by("pk").first()
    assert shared is not None
    Attachment.objects.create(entry=far, file=shared.file, item=1, name="别家.pdf", added_by=here.bob, added_at=now)
    Claim.objects.create(institution=here.institution, user=here.bob, reason="是我们的", claimed_at=now)
    entries = list(entries_of(here.season, here.area))
    found = doubles_in(here.season, here.area, entries)
    mine = {(one.kind, one.others) for one in found[here.entry.pk]}
    assert mine == {
        ("name", "启衡企业管理咨询（上海）有限公司"),
        ("file", "其他推荐单位的一家机构"),
        ("claim", "待安全管理员核实"),
    }
    assert {(one.kind, one.others) for one in found[near.pk]} == {
        ("name", here.institution.name),
        ("phone", "其他推荐单位的一家机构"),
    }
    assert here.other.name not in str(found)


def test_what_stands_against_a_table_and_what_is_only_asked(here: Scene, now: datetime) -> None:
    season, area = here.season, here.area
    one_more(here, 1, now)
    assert [one.code for one in table_findings(season, area, [])] == [
        "recommend_nothing_to_issue",
        "recommend_left_undecided",
    ]
    decide(entry=entry_of(here), forward=True, by=here.district, at=now)
    rows = summary_rows(season, area)
    assert [one.level for one in table_findings(season, area, rows)] == [Level.WARNING]
    set_quota(season=season, area=area, category="", most=0, reason="调减", by=here.organiser, at=now)
    codes = [one.code for one in table_findings(season, area, [rows[0] | {"contact_email": ""}])]
    assert codes == ["recommend_over_quota", "recommend_cell_empty", "recommend_left_undecided"]
    assert (quotas_of(season, area)[0].count, quotas_of(season, area)[0].most) == (1, 0)


def test_two_tables_are_told_apart_by_institution() -> None:
    old = [{"order": "1", "name": "甲"}, {"order": "2", "name": "乙"}]
    new = [{"order": "1", "name": "乙"}, {"order": "2", "name": "丙"}]
    found = changes_since(old, new, {"order": "序号", "name": "名称"})
    assert [(one.name, one.happened) for one in found] == [("乙", "改动"), ("丙", "新增"), ("甲", "移出")]
    assert found[0].cells == (("序号", "2", "1"),)
    assert changes_since(new, new, {"order": "序号"}) == []


def test_an_export_is_in_the_journal_with_its_reason_or_not_done(here: Scene, now: datetime) -> None:
    ask = {"season": here.season, "area": here.area, "what": "entries", "count": 1, "phones": True, "at": now}
    with pytest.raises(Refused, match="recommend_export_reason"):
        note_export(reason=" ", by=here.district, **ask)  # type: ignore[arg-type]
    for who in (here.alice, here.organiser, person("别区", Role.RECOMMENDER, area=here.elsewhere)):
        with pytest.raises(NotAllowed):
            note_export(reason="上会", by=who, **ask)  # type: ignore[arg-type]
    note_export(reason="上会", by=here.district, **ask)  # type: ignore[arg-type]
    line = JournalEntry.objects.get(act="export_list")
    assert (line.reason, line.body) == ("上会", {"what": "entries", "rows": 1, "phones": True})
