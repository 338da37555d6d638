"""The inventory of what goes out and of time, B106 to B111: no cell computes, no name breaks a header, one snapshot."""

import csv
import io
import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from testbed.scene import Scene, scene

from ceping.documents.excel import Sheet, write_workbook
from ceping.stages.report.access import why_not_write
from ceping.stages.report.actions import withdraw_report
from ceping.stages.report.models import Entry
from ceping.stages.scheme.actions import set_phase
from ceping.stages.scheme.states import PhaseKind
from ceping.web.office import entries as office
from ceping.web.recommender import desk
from ceping.web.recommender.reach import attached
from ceping.web.ui.moments import day_of, moment_of
from ceping.web.ui.saved import csv_of, saved_as
from tests.factories.report import complete_report
from tests.web.recommender.test_pages import as_, submitted

COMPUTED = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    " =1",
    "\u3000＝1",
    "＝1+1",
    "＠x",
    "\ufeff-2",
]
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def here(now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.DEMO = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return scene()


@pytest.mark.parametrize("text", COMPUTED, ids=ascii)
def test_b106_no_cell_of_a_csv_is_computed(text: str) -> None:
    data = csv_of(["机构"], [[text]]).decode("utf-8-sig")
    ((_,), (cell,)) = csv.reader(io.StringIO(data, newline=""))
    assert cell == f"'{text}".replace("\0", "")


@pytest.mark.parametrize("mark", [";", "\t", "|", ",", "\n", "\r\n"], ids=ascii)
def test_b106_no_other_sign_parts_a_text_in_two(mark: str) -> None:
    data = csv_of(["机构", "备注"], [[f"甲{mark}=1+1", "乙"]]).decode("utf-8-sig")
    for delimiter in (",", ";", "\t", "|"):
        cells = [cell for row in csv.reader(io.StringIO(data, newline=""), delimiter=delimiter) for cell in row]
        assert [cell for cell in cells if cell.startswith("=")] == []


@pytest.mark.parametrize("text", ["甲", "2021-1", "１-2", "a=b", "甲\n乙", ""], ids=ascii)
def test_b106_what_is_plain_stays_as_it_is(text: str) -> None:
    ((_,), (cell,)) = csv.reader(io.StringIO(csv_of(["机构"], [[text]]).decode("utf-8-sig"), newline=""))
    assert cell == text


def test_b106_no_cell_of_a_workbook_is_computed(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_workbook(path, [Sheet("表", ["机构"], [[text] for text in COMPUTED])], title="表")
    sheet = load_workbook(path).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}


NAMES = [
    "汇总表.xlsx",
    'a"b.xlsx',
    "a\r\nX-Evil: 1.xlsx",
    "a;filename=b.exe.xlsx",
    "a%0d%0a.xlsx",
    "\u202efdp.xlsx",
    "'.xlsx",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.parametrize("saved", [saved_as, attached], ids=["ui", "recommender"])
def test_b107_a_name_is_one_header_and_one_name(saved: Callable[[bytes, str], HttpResponse], name: str) -> None:
    answer = saved(b"x", name)
    header = answer.headers["Content-Disposition"]
    assert header.isascii()
    assert "\r" not in header
    assert "\n" not in header
    assert "X-Evil" not in answer.headers
    message = Message()
    message["Content-Disposition"] = header
    assert message.get_content_disposition() == "attachment"
    assert unquote(header.partition("filename*=UTF-8''")[2]) == name


@pytest.mark.django_db
def test_b107_an_area_with_a_broken_name_breaks_no_download(here: Scene, now: datetime) -> None:
    submitted(here.entry, now)
    type(here.area).objects.filter(pk=here.area.pk).update(name='浦东"\r\nX-Evil: 1')
    answer = as_(here.district).post("/recommender/export/", {"reason": "核对"})
    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers
    assert "\n" not in answer.headers["Content-Disposition"]


def meanwhile(change: Callable[[], object], then: Callable[..., Any]) -> Callable[..., Any]:
    """`then`, before which another connection changes something and commits it."""

    def run() -> None:
        try:
            change()
        finally:
            connections.close_all()

    def slipped_in(*given: Any, **named: Any) -> Any:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        return then(*given, **named)

    return slipped_in


def district_row(here: Scene, now: datetime, monkeypatch: pytest.MonkeyPatch) -> tuple[object, ...]:
    """The row of the district's list, while which is read the report is taken back and its institution renamed."""
    submitted(here.entry, now)
    entry = Entry.objects.get()

    def change() -> None:
        withdraw_report(entry=entry, by=here.alice, at=now)
        entry.submissions.update(report={"answers": {"contact_name": "改过以后"}})

    monkeypatch.setattr(desk, "doubles_in", meanwhile(change, desk.doubles_in))
    answer = as_(here.district).post("/recommender/export/", {"reason": "核对"})
    row = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].values)[-1]
    assert Entry.objects.get().state == "draft"
    return row[4], row[11]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_b108_the_districts_list_is_of_one_moment(here: Scene, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    name = complete_report(uscc=here.institution.uscc, name=here.institution.name)["answers"]["contact_name"]
    assert district_row(here, now, monkeypatch) == ("待审核", name)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_b108_twin_of_the_list_without_its_moment(here: Scene, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "one_moment", nullcontext)
    # A state that never was: waiting for the district, with what was only written after it had been taken back.
    assert district_row(here, now, monkeypatch) == ("待审核", "改过以后")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("whole", "area"), [(True, "浦东新区"), (False, "改名区")], ids=["whole", "twin"])
def test_b108_the_offices_list_is_of_one_moment(
    here: Scene, now: datetime, monkeypatch: pytest.MonkeyPatch, area: str, *, whole: bool
) -> None:
    submitted(here.entry, now)
    if not whole:
        monkeypatch.setattr(office, "one_moment", nullcontext)

    def change() -> None:
        type(here.area).objects.filter(pk=here.area.pk).update(name="改名区")

    monkeypatch.setattr(office, "areas", meanwhile(change, office.areas))
    answer = as_(here.organiser).post("/office/entries/export/", {"season": here.season.pk})
    assert list(load_workbook(io.BytesIO(answer.content)).worksheets[0].values)[-1][3] == area


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2100-02-29", None),
        ("2023-02-29", None),
        ("2024-02-29", date(2024, 2, 29)),
        ("2025-W01-1", None),
        ("20250101", None),
        ("2025-1-1", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("２０２５-01-01", None),
        ("2025-13-01", None),
        (" 2025-01-01 ", date(2025, 1, 1)),
    ],
    ids=str,
)
def test_b109_a_day_is_written_one_way(text: str, day: date | None) -> None:
    assert day_of(text) == day


def season_form(here: Scene, **changes: str) -> dict[str, object]:
    form = {"title": "新的年度", "version": here.season.scheme_id, "from": "2023-03-01", "to": "2024-02-29"}
    for kind in PhaseKind:
        form |= {f"{kind}-opens": "", f"{kind}-closes": ""}
    form |= {"filing-opens": "2024-03-01T00:00", "filing-closes": "2024-04-01T00:00"}
    form |= {"recommending-opens": "2024-03-01T00:00", "recommending-closes": "2024-04-15T00:00"}
    return form | changes


@pytest.mark.django_db
def test_b109_a_season_may_end_on_the_29th_of_february(here: Scene) -> None:
    client = as_(here.organiser)
    assert client.post("/office/seasons/new/", season_form(here)).status_code == 302
    made = here.season.__class__.objects.get(title="新的年度")
    assert made.to_on == date(2024, 2, 29)
    for bad in (
        {"to": "2023-02-29"},
        {"to": "2025-W01-1"},
        {"from": "0001-01-01"},
        {"filing-closes": "2024-04-01T24:00"},
    ):
        answer = client.post("/office/seasons/new/", season_form(here, title="又一年度", **bad))
        assert answer.status_code == 422, bad
    assert not here.season.__class__.objects.filter(title="又一年度").exists()


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("1990-07-01T08:00", datetime(1990, 6, 30, 23, 0, tzinfo=UTC)),
        ("1901-01-01T00:00", datetime(1900, 12, 31, 16, 0, tzinfo=UTC)),
        ("2022-03-31T17:00", datetime(2022, 3, 31, 9, 0, tzinfo=UTC)),
    ],
    ids=str,
)
def test_b110_a_moment_is_kept_in_utc_and_shown_as_it_was_typed(text: str, utc: datetime) -> None:
    found = moment_of(text)
    # In the summers of 1986 to 1991 clocks in Shanghai stood an hour ahead, and before 1901 five minutes and more.
    assert found == utc
    assert f"{timezone.localtime(found):%Y-%m-%dT%H:%M}" == text


@pytest.mark.parametrize("text", ["2022-03-31T24:00", "2022-03-31T23:60", "2022-03-31T23:59:60", "2022-03-31", "now"])
def test_b111_what_is_no_moment_is_none(text: str) -> None:
    assert moment_of(text) is None


@pytest.mark.django_db
def test_b111_the_close_is_one_instant_however_it_is_written(here: Scene) -> None:
    midnight = moment_of("2022-04-01T00:00")
    assert midnight is not None
    set_phase(
        season=here.season,
        kind=PhaseKind.FILING,
        opens_at=midnight - timedelta(days=9),
        closes_at=midnight,
        reason="调整",
        by=here.organiser,
        at=midnight - timedelta(days=8),
    )
    entry = Entry.objects.select_related("season__scheme", "institution").get(pk=here.entry.pk)
    almost = midnight - timedelta(milliseconds=1)
    assert f"{timezone.localtime(almost):%d %H:%M:%S}" == "31 23:59:59"
    opened = [
        why_not_write(here.alice, entry, at) is None for at in (almost, midnight - MOMENT, midnight, midnight + MOMENT)
    ]
    assert opened == [True, True, False, False]


def test_the_client_of_django_stands() -> None:
    assert Client().get("/healthy/", headers={"Host": "nowhere.example"}).status_code == 400
