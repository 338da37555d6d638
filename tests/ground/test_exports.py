"""A list with personal data leaves by two people, sealed, for a day, and every step is in the journal."""

import io
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from openpyxl import load_workbook
from testbed.scene import Scene, person, scene

from ceping.flow.exports import COLUMNS, decide, made, propose
from ceping.flow.tasks import make_export, remove_exports
from ceping.ground.exports.actions import remove_run_out, take_export, withdraw_export
from ceping.ground.exports.models import DECIDED_WITHIN, KEPT_FOR, Export, Standing
from ceping.ground.exports.queries import export_for, exports_to_decide
from ceping.ground.journal.models import Entry as Act
from ceping.ground.journal.queries import breaks_in
from ceping.ground.messages.models import Message
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import Role
from ceping.ground.work.models import Job, State
from tests.web.recommender.test_pages import submitted

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def here(now: datetime) -> Scene:
    made = scene()
    submitted(made.entry, now)
    return made


def asked(here: Scene, now: datetime, **changes: object) -> Export:
    given = {
        "season": here.season,
        "entries": [here.entry.pk],
        "columns": ["contact_phone", "account_name", "nothing"],
        "filters": {"step": "submitted"},
        "reason": "核对联系方式，用后删除",
        "by": here.organiser,
        "at": now,
    }
    return propose(**(given | changes))  # type: ignore[arg-type]


def accepted(here: Scene, now: datetime) -> Export:
    export = decide(export=asked(here, now), accept=True, reason="", by=here.second, at=now)
    job = Job.objects.get(kind="export")
    made(job, at=now)
    return Export.objects.get(pk=export.pk)


def acts(here: Scene) -> list[tuple[str, int | None]]:
    chain = f"season-{here.season.pk}"
    assert list(breaks_in(chain)) == []
    return list(Act.objects.filter(chain=chain, kind="export").order_by("number").values_list("act", "by"))


def test_from_the_request_to_the_removed_file(here: Scene, now: datetime) -> None:
    export = accepted(here, now)
    data = take_export(export=export, by=here.organiser, at=now + KEPT_FOR - MOMENT)
    rows = list(load_workbook(io.BytesIO(data)).worksheets[0].values)
    phone = here.entry.submissions.get().report["answers"]["contact_phone"]
    assert rows[1] == ("序号", "机构", "统一社会信用代码", "推荐单位", "联系人手机", "平台主要联系人")
    assert rows[2][1:] == (here.institution.name, here.institution.uscc, "浦东新区", phone, here.alice.name)
    assert "核对联系方式，用后删除" in str(rows[0][0])
    assert remove_run_out(at=now + KEPT_FOR - MOMENT) == 0
    assert [remove_run_out(at=now + KEPT_FOR) for _ in range(2)] == [1, 0]
    export.refresh_from_db()
    assert (export.content, export.standing(now + KEPT_FOR)) == ("", Standing.OVER)
    one, two = here.organiser.pk, here.second.pk
    assert acts(here) == [
        ("propose_export", one),
        ("decide_export", two),
        ("make_export", None),
        ("take_export", one),
        ("remove_export", None),
    ]
    told = Act.objects.get(act="propose_export")
    assert told.body == {
        "what": "contacts",
        "count": 1,
        "fields": ["contact_phone", "account_name"],
        "filters": {"step": "submitted"},
    }


def test_nobody_decides_about_their_own_request(here: Scene, now: datetime) -> None:
    export = asked(here, now)
    with pytest.raises(NotAllowed, match="export_own"):
        decide(export=export, accept=True, reason="", by=here.organiser, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(decided_by=here.organiser, accepted=True)
    # Twin: another person of the pair may, and then it is made.
    decide(export=export, accept=True, reason="", by=here.second, at=now)
    assert Job.objects.get(kind="export").asked_by == here.organiser


@pytest.mark.parametrize("who", ["alice", "district", "auditor"])
def test_others_neither_ask_nor_decide_nor_see(here: Scene, now: datetime, who: str) -> None:
    stranger = person("赵审计", Role.AUDITOR) if who == "auditor" else getattr(here, who)
    with pytest.raises(NotAllowed):
        asked(here, now, by=stranger)
    export = asked(here, now)
    with pytest.raises(NotAllowed):
        decide(export=export, accept=True, reason="", by=stranger, at=now)
    assert export_for(stranger, export.token) is None
    assert list(exports_to_decide(stranger, at=now)) == []


def test_a_lead_is_one_of_the_pair_and_is_told(here: Scene, now: datetime) -> None:
    lead = person("陆负责", Role.LEAD)
    export = asked(here, now)
    assert set(Message.objects.filter(event="export_asked").values_list("to", flat=True)) == {lead.pk, here.second.pk}
    assert list(exports_to_decide(lead, at=now)) == [export]
    assert list(exports_to_decide(here.organiser, at=now)) == []
    decide(export=export, accept=False, reason="用途不明", by=lead, at=now)
    assert "用途不明" in Message.objects.get(event="export_refused", to=here.organiser).body


def test_the_file_is_for_whoever_asked_alone(here: Scene, now: datetime) -> None:
    export = accepted(here, now)
    with pytest.raises(NotAllowed):
        take_export(export=export, by=here.second, at=now)
    for at in (now + KEPT_FOR, now + timedelta(days=30)):
        with pytest.raises(Refused, match="export_stands_otherwise"):
            take_export(export=export, by=here.organiser, at=at)
    Grant.objects.filter(user=here.organiser).update(revoked_at=now)
    with pytest.raises(NotAllowed):
        take_export(export=export, by=User.objects.get(pk=here.organiser.pk), at=now)


def test_it_lies_sealed(here: Scene, now: datetime) -> None:
    accepted(here, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM exports_export")
        (stored,) = cursor.fetchone()
    # A workbook is a ZIP: neither it nor its base64 begins what lies here.
    assert bytes(stored)[:1] == b"\x01"
    assert b"UEsDB" not in bytes(stored)
    assert b"PK\x03\x04" not in bytes(stored)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": "  "}, "export_reason"),
        ({"columns": []}, "export_no_columns"),
        ({"columns": ["password"]}, "export_no_columns"),
        ({"entries": []}, "export_empty"),
        ({"entries": [10**9]}, "export_empty"),
    ],
    ids=str,
)
def test_a_request_without_what_it_needs_is_none(
    here: Scene, now: datetime, change: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        asked(here, now, **change)
    assert not Export.objects.exists()
    assert acts(here) == []


def test_a_no_needs_a_reason_and_ends_it(here: Scene, now: datetime) -> None:
    export = asked(here, now)
    with pytest.raises(Refused, match="export_reason"):
        decide(export=export, accept=False, reason=" ", by=here.second, at=now)
    decide(export=export, accept=False, reason="不需要", by=here.second, at=now)
    with pytest.raises(Refused, match="export_stands_otherwise"):
        decide(export=export, accept=True, reason="", by=here.second, at=now)
    with pytest.raises(Refused, match="export_stands_otherwise"):
        take_export(export=export, by=here.organiser, at=now)
    assert not Job.objects.filter(kind="export").exists()


def test_a_request_waits_a_week_and_not_a_moment_more(here: Scene, now: datetime) -> None:
    export, edge = asked(here, now), now + DECIDED_WITHIN
    assert list(exports_to_decide(here.second, at=edge - MOMENT)) == [export]
    assert list(exports_to_decide(here.second, at=edge)) == []
    with pytest.raises(Refused, match="export_stands_otherwise"):
        decide(export=export, accept=True, reason="", by=here.second, at=edge)
    decide(export=export, accept=True, reason="", by=here.second, at=edge - MOMENT)


def test_taken_back_it_is_not_decided(here: Scene, now: datetime) -> None:
    export = asked(here, now)
    with pytest.raises(NotAllowed):
        withdraw_export(export=export, by=here.second, at=now)
    withdraw_export(export=export, by=here.organiser, at=now)
    with pytest.raises(Refused, match="export_stands_otherwise"):
        decide(export=export, accept=True, reason="", by=here.second, at=now)


def test_made_twice_it_is_the_first(here: Scene, now: datetime) -> None:
    export = accepted(here, now)
    made(Job.objects.get(kind="export"), at=now + timedelta(hours=1))
    again = Export.objects.get(pk=export.pk)
    assert (again.made_at, again.sha256) == (export.made_at, export.sha256)
    assert [act for act, _ in acts(here)].count("make_export") == 1


def test_it_is_not_made_for_somebody_whose_role_ended(here: Scene, now: datetime) -> None:
    export = decide(export=asked(here, now), accept=True, reason="", by=here.second, at=now)
    Grant.objects.filter(user=here.organiser).update(revoked_at=now)
    make_export(Job.objects.get(kind="export").token)
    export.refresh_from_db()
    assert export.standing(now) is Standing.FAILED
    assert export.content == ""


@pytest.mark.django_db(transaction=True)
def test_the_worker_makes_and_removes_it(here: Scene, now: datetime) -> None:
    export = decide(export=asked(here, now), accept=True, reason="", by=here.second, at=now)
    assert export.standing(now) is Standing.MAKING
    make_export(Job.objects.get(kind="export").token)
    export.refresh_from_db()
    assert Job.objects.get(kind="export").state == State.DONE
    assert export.made_at is not None
    assert export.standing(export.made_at) is Standing.READY
    assert remove_exports(0) == 0
    Export.objects.update(made_at=export.made_at - KEPT_FOR)
    assert remove_exports(0) == 1


def test_a_draft_says_nothing_of_its_report(here: Scene, now: datetime) -> None:
    here.entry.submissions.update(withdrawn_at=now)
    export = decide(export=asked(here, now, columns=list(COLUMNS)), accept=True, reason="", by=here.second, at=now)
    made(Job.objects.get(kind="export"), at=now)
    rows = list(load_workbook(io.BytesIO(take_export(export=export, by=here.organiser, at=now))).worksheets[0].values)
    assert rows[2][4:10] == (None,) * 6
    assert rows[2][10] == here.alice.name
