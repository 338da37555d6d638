"""A filled Word form and last year's report beside the draft: compared, taken at once, nothing lost, undone again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from testbed.scene import START, Scene, fill

from ceping.core.report import read_report
from ceping.core.scheme.loading import load
from ceping.documents.report_files import report_files
from ceping.ground.people.models import User
from ceping.ground.work.models import Job
from ceping.stages.report.actions import save_answer, submit_report
from ceping.stages.report.models import Entry, Taking
from ceping.stages.report.queries import findings_for, report_data
from ceping.stages.scheme.models import Season
from tests.factories.hostile_form import tracked_insertion
from tests.factories.report import complete_report
from tests.web.institution.papers import as_, worked

__all__ = ["as_", "worked"]
pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def docx(data: dict[str, Any]) -> bytes:
    rules, _ = load("shanghai-2021")
    report, _ = read_report(data)
    assert rules is not None
    assert report is not None
    files = report_files(rules, report, state="draft").files
    return next(content for name, content in files.items() if name.endswith(".docx"))


def whole(here: Scene) -> dict[str, Any]:
    return complete_report(uscc=here.institution.uscc, name=here.institution.name)


def sent(client: Client, here: Scene, data: bytes, worked: Callable[[], int]) -> str:
    answer = client.post(f"/institution/{here.entry.pk}/word/", {"file": SimpleUploadedFile("自评报告.docx", data)})
    assert answer.status_code == 302, answer.content.decode()
    worked()
    return str(answer.headers["Location"])


def ticks(client: Client, address: str, *states: str) -> list[str]:
    page = client.get(address)
    assert page.status_code == 200
    offers = [one for _, part in page.context["parts"] for one in part]
    return [f"{one.key}|{one.seen}" for one in offers if one.state in states]


def test_what_word_says_is_taken_and_undone(here: Scene, as_: LogIn, worked: Callable[[], int], now: datetime) -> None:
    client, data = as_(here.alice), whole(here)
    save_answer(entry=here.entry, field="address", value="原来的地址", revision=0, by=here.alice, at=now)
    before = report_data(here.entry)
    address = sent(client, here, docx(data), worked)
    assert "原来的地址" in client.get(address).content.decode()
    assert client.post(address, {"take": ticks(client, address, "new", "differs")}).status_code == 302
    after = report_data(here.entry)
    assert after["answers"]["address"] == data["answers"]["address"]
    assert len(after["tables"]["clients"]) == len(data["tables"]["clients"])
    assert ticks(client, address, "new", "differs") == []
    # What was typed since stays when the rest is undone.
    revision = here.entry.answers.get(field="website").revision if "website" in after["answers"] else None
    if revision is not None:
        save_answer(entry=here.entry, field="website", value="https://a.cn", revision=revision, by=here.alice, at=now)
    taking = Taking.objects.get()
    assert client.post(f"/institution/{here.entry.pk}/takings/{taking.pk}/undo/").status_code == 302
    restored = report_data(here.entry)
    assert {key: value for key, value in restored["answers"].items() if key != "website"} == before["answers"]
    assert restored["tables"] == before["tables"]
    assert client.post(f"/institution/{here.entry.pk}/takings/{taking.pk}/undo/").status_code == 422


def test_a_change_since_the_comparison_stops_all_of_it(
    here: Scene, as_: LogIn, worked: Callable[[], int], now: datetime
) -> None:
    client = as_(here.alice)
    address = sent(client, here, docx(whole(here)), worked)
    chosen = ticks(client, address, "new")
    save_answer(entry=here.entry, field="address", value="同事刚填的", revision=0, by=here.alice, at=now)
    before = report_data(here.entry)
    answer = client.post(address, {"take": chosen})
    assert answer.status_code == 422
    assert "比对之后又有改动" in answer.content.decode()
    assert report_data(here.entry) == before
    assert client.post(address, {"take": ["field:nonsense|1", "x"]}).status_code == 422


def test_tracked_insertion_and_another_institution_are_refused_with_reasons(
    here: Scene, as_: LogIn, worked: Callable[[], int], tmp_path: Any
) -> None:
    client = as_(here.alice)
    address = sent(client, here, tracked_insertion(tmp_path, "").read_bytes(), worked)
    assert "没有读取" in client.get(address).content.decode()
    assert {one["code"] for one in Job.objects.get().findings} <= {
        "word_change_inserted",
        "word_change_deleted",
        "word_change_moved",
    }
    other = whole(here) | {"institution": {"uscc": here.other.uscc, "name": here.other.name}}
    other["answers"] = other["answers"] | {"uscc": here.other.uscc}
    sent(client, here, docx(other), worked)
    assert Job.objects.order_by("-pk")[0].findings[0]["code"] == "intake_other_institution"
    assert as_(here.bob).get(address).status_code == 404


def test_last_years_report_is_offered(here: Scene, as_: LogIn, now: datetime) -> None:
    client, address = as_(here.alice), f"/institution/{here.entry.pk}/prefill/"
    assert "没有上年度的报告" in client.get(address).content.decode()
    fill(here.entry, whole(here), here.alice)
    asked = [(one.code, one.place) for one in findings_for(here.entry) if one.level == "warning"]
    chosen = here.entry.answers.get(field="categories").value[0]
    submit_report(entry=here.entry, key=uuid4(), category=chosen, let_stand=asked, by=here.alice, at=now)
    new = Season.objects.get(pk=here.season.pk)
    new.pk, new.title, new.from_on, new.to_on = None, "2022年测评", date(2022, 1, 1), date(2022, 12, 31)
    new.save()
    for phase in here.season.phases.all():
        phase.pk, phase.season = None, new
        phase.save()
    entry = Entry.objects.create(season=new, institution=here.institution, created_at=START, changed_at=START)
    here = replace(here, entry=entry)
    address = f"/institution/{entry.pk}/prefill/"
    assert client.post(address, {"take": ticks(client, address, "new")}).status_code == 302
    assert report_data(entry)["answers"]["address"] == whole(here)["answers"]["address"]
    assert Taking.objects.get().source == "season"
