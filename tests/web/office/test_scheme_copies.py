"""A scheme copied and written in the browser: kept whatever it is, checked by the parser, made a draft, lost never."""

from typing import Any

import pytest
from django.test import Client
from testbed.scene import Scene, person, scene

from ceping.ground.journal.models import Entry
from ceping.ground.people.roles import Role
from ceping.stages.scheme.models import SchemeVersion, WorkingCopy
from tests.web.recommender.test_pages import as_

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(settings: Any) -> Scene:
    settings.DEMO = True
    return scene()


@pytest.fixture
def browser(found: Scene) -> Client:
    return as_(found.organiser)


def a_copy(browser: Client, found: Scene) -> WorkingCopy:
    answer = browser.post(f"/office/schemes/{found.season.scheme_id}/copy/")
    assert answer.status_code == 302
    return WorkingCopy.objects.get()


def save(
    browser: Client, copy: WorkingCopy, text: str, *, do: str = "save", file: str = "outcome.toml", at: int = 0
) -> Any:
    asked = {"text": text, "revision": at or copy.revision, "do": do}
    answer = browser.post(f"/office/schemes/copies/{copy.pk}/?file={file}", asked)
    copy.refresh_from_db()
    return answer


def test_a_copy_has_the_next_number_and_says_the_same(found: Scene, browser: Client) -> None:
    copy = a_copy(browser, found)
    page = browser.get(f"/office/schemes/copies/{copy.pk}/").content.decode()
    assert str(copy) == "shanghai-2021@2"
    assert "检查通过" in page
    # The number of the version is no difference of meaning.
    assert "除版本号外内容相同" in page
    assert "shanghai-2021@2" in browser.get("/office/schemes/").content.decode()


def test_what_makes_no_scheme_is_kept_and_told_and_becomes_no_draft(found: Scene, browser: Client) -> None:
    copy = a_copy(browser, found)
    assert save(browser, copy, "[[gate]\nid =").status_code == 302
    assert copy.files["outcome.toml"] == "[[gate]\nid ="
    page = browser.get(f"/office/schemes/copies/{copy.pk}/?file=outcome.toml").content.decode()
    assert "outcome.toml" in page
    assert "处要改" in page
    assert "成为草稿版本</button>" not in page
    assert save(browser, copy, "[[gate]\nid =", do="draft").status_code == 409
    assert SchemeVersion.objects.count() == 1


def test_one_changed_weight_is_shown_against_the_source_and_becomes_a_draft_two_publish(
    found: Scene, browser: Client
) -> None:
    copy = a_copy(browser, found)
    title = copy.files["scheme.toml"].replace('title = "2021年', 'title = "2022年', 1)
    save(browser, copy, title.replace("\n", "\r\n"), file="scheme.toml")
    assert "\r" not in copy.files["scheme.toml"]
    assert "1 处不同" in browser.get(f"/office/schemes/copies/{copy.pk}/").content.decode()
    answer = save(browser, copy, title, do="draft", file="scheme.toml")
    made = SchemeVersion.objects.get(version=2)
    assert answer.headers["Location"] == f"/office/schemes/{made.pk}/"
    assert made.state == "draft"
    assert browser.get(f"/office/schemes/copies/{copy.pk}/").status_code == 404
    acts = list(Entry.objects.filter(act__contains="scheme").order_by("pk").values_list("act", flat=True))
    assert acts[-3:] == ["copy_scheme", "edit_scheme_copy", "draft_scheme"]
    # The next copy does not take a number that is taken.
    browser.post(f"/office/schemes/{found.season.scheme_id}/copy/")
    assert WorkingCopy.objects.get(became=None).version == 3


def test_two_at_once_lose_nothing(found: Scene, browser: Client) -> None:
    copy = a_copy(browser, found)
    first = copy.revision
    save(browser, copy, "# 甲\n" + copy.files["outcome.toml"])
    answer = save(browser, copy, "# 乙的话", at=first)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "# 乙的话" in page
    assert "# 甲" in page
    assert copy.files["outcome.toml"].startswith("# 甲")


def test_dropped_it_is_gone_and_only_the_organiser_reaches_it(found: Scene, browser: Client) -> None:
    copy = a_copy(browser, found)
    lead = as_(person("负责人", Role.LEAD))
    assert lead.get(f"/office/schemes/copies/{copy.pk}/").status_code == 403
    assert save(browser, copy, "", do="drop").status_code == 302
    assert browser.get(f"/office/schemes/copies/{copy.pk}/").status_code == 404
    assert browser.get("/office/schemes/copies/1/?file=../x").status_code == 404
