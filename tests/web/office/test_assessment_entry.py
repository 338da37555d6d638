"""The lead's page of one institution: sealed marks stay sealed, every change needs a reason and is kept."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ceping.ground.people.models import User
from ceping.stages.assessment.models import Change, EvidenceCheck, Mark, VerifiedValue
from tests.factories.assessed import Bench, assigned

pytestmark = pytest.mark.django_db
ITEM = "licence"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    """As people of the demo: the second factor is another test's."""
    settings.DEMO = True


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="ceping.ground.people.login.NameBackend")
    return client


def address(made: Bench) -> str:
    return reverse("office:assessment_entry", args=[made.entry.pk])


def test_a_sealed_mark_is_not_told_and_an_open_one_is_changed_with_a_reason() -> None:
    made = assigned(items=[ITEM])
    first, second, _ = made.people
    made.mark(first, ITEM, "7")
    made.mark(second, ITEM, "6")
    client = browser(made.lead)
    page = client.get(address(made)).content.decode()
    assert "密封" in page
    mark = Mark.objects.get(sheet__assessor=first)
    asked = {"do": "mark", "key": str(mark.pk), "version": "1", "mark": "5", "said": "见附件", "reason": "复核材料"}
    assert client.post(address(made), asked).status_code == 409
    for one in (first, second):
        made.sign(one, {ITEM: "7" if one is first else "6"})
    mark.refresh_from_db()
    asked["version"] = str(mark.version)
    assert client.post(address(made), asked | {"reason": " "}).status_code == 409
    assert client.post(address(made), asked).status_code == 302
    assert client.post(address(made), asked | {"mark": "4"}).status_code == 409
    mark.refresh_from_db()
    change = Change.objects.filter(mark=mark).latest("pk")
    assert (mark.mark, change.old["mark"], change.why, change.changed_by) == ("5", "7", "复核材料", made.lead)
    assert "7 → 5" in client.get(address(made)).content.decode()


def test_values_and_verdicts_are_recorded_by_the_lead_with_a_reason() -> None:
    made = assigned(items=[ITEM])
    client = browser(made.lead)
    value = {"do": "value", "key": "fulltime_count", "version": "0", "value": "26", "reason": "社保清单"}
    assert client.post(address(made), value | {"reason": ""}).status_code == 409
    assert client.post(address(made), value | {"value": "很多"}).status_code == 409
    assert client.post(address(made), value).status_code == 302
    assert VerifiedValue.objects.get().value == "26"
    file = made.entry.submissions.get().report["attachments"][0]["file"]
    check = {"do": "check", "key": file, "version": "0", "verdict": "doubtful", "reason": "印章不清", "on_site": "1"}
    assert client.post(address(made), check).status_code == 302
    assert (EvidenceCheck.objects.get().verdict, EvidenceCheck.objects.get().on_site) == ("doubtful", True)
    assert client.post(address(made), {"do": "nothing"}).status_code == 404
    assert client.post(address(made), {"do": "mark", "key": "x"}).status_code == 404


def test_nobody_else_comes_in() -> None:
    made = assigned(items=[ITEM])
    assert browser(made.people[0].user).get(address(made)).status_code == 403
    assert browser(made.lead).get(reverse("office:assessment_entry", args=[10**9])).status_code == 404
