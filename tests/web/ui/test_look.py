"""What every page stands on: readable colours, nothing in place of files, a small first load, pages of faults."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from testbed.scene import Scene, scene

import ceping.web
from ceping.ground.people.roles import Role
from ceping.web.ui.assets.renew import SUMS, VENDOR
from ceping.web.ui.gallery import colours
from ceping.web.ui.navigation import ENTRIES, entries_for

WEB = Path(ceping.web.__file__).parent
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
STYLES = sorted(path for path in WEB.rglob("static/**/*.css") if VENDOR not in path.parents)
SCRIPTS = sorted(path for path in WEB.rglob("static/**/*.js") if VENDOR not in path.parents)
# Text on its ground, as the style sheets pair them.
PAIRS = (
    *((text, ground) for text in ("ink", "ink-2", "ink-3") for ground in ("surface", "sunk", "paper")),
    *((text, ground) for text in ("act", "seal", "ok", "warn") for ground in ("surface", "sunk", "paper")),
    ("act-deep", "act-tint"),
    ("seal-deep", "seal-tint"),
    ("ok", "ok-tint"),
    ("warn", "warn-tint"),
    ("on-dark", "act"),
    ("on-dark", "seal"),
    ("on-dark", "ink"),
    ("ink-2", "sunk-2"),
)


def named(path: Path) -> str:
    return path.relative_to(WEB).as_posix()


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    known = dict(colours())
    light, dark = sorted((luminance(known[text]), luminance(known[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_nothing_is_styled_or_scripted_in_place(path: Path) -> None:
    """The content policy would leave it out, and nobody would see why."""
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\sstyle=|\son[a-z]+=\"|<style|javascript:", text) == []
    assert [one for one in re.findall(r"<script[^>]*>", text) if " src=" not in one] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_file_a_template_names_is_there(path: Path) -> None:
    wanted = re.findall(r"{% static '([^'{]+)' %}", path.read_text(encoding="utf-8"))
    assert [one for one in wanted if finders.find(one) is None] == []


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_colours_stand_in_one_file(path: Path) -> None:
    if path.name != "tokens.css":
        assert re.findall(r"#[0-9a-fA-F]{6}\b", path.read_text(encoding="utf-8")) == []


def test_what_others_made_is_as_recorded() -> None:
    recorded = dict(line.split("  ")[::-1] for line in (VENDOR / SUMS).read_text("utf-8").splitlines())
    found = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in recorded}
    assert found == recorded
    assert {path.name for path in VENDOR.iterdir()} == {*recorded, SUMS}


def test_own_scripts_stay_few() -> None:
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in SCRIPTS) < 1500


@pytest.fixture
def here() -> Scene:
    return scene()


@pytest.mark.django_db
def test_the_first_load_is_small(here: Scene) -> None:
    client = Client()
    client.force_login(here.alice, backend="ceping.ground.people.login.NameBackend")
    page = client.get("/").content
    named_files = re.findall(rb"/static/([^\"#]+)", page)
    contents = []
    for name in {one.decode() for one in named_files}:
        found = finders.find(name)
        assert found is not None, name
        contents.append(Path(found).read_bytes())
    assert sum(len(gzip.compress(content)) for content in [page, *contents]) <= 300_000


@pytest.mark.django_db
def test_each_sees_the_entries_of_their_role(here: Scene) -> None:
    names = {name for name, _, _ in entries_for(here.alice)}
    assert "report" in names
    assert names <= {entry.name for entry in ENTRIES if Role.INSTITUTION in entry.roles}


@pytest.mark.django_db
def test_faults_say_what_is_so_and_what_to_do(here: Scene) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(here.alice, backend="ceping.ground.people.login.NameBackend")
    missing, closed, stale = client.get("/nowhere/"), client.get("/recommender/"), client.post("/inbox/")
    assert [one.status_code for one in (missing, closed, stale)] == [404, 403, 403]
    assert "没有这一页" in missing.content.decode()
    assert "不在您的职责之内" in closed.content.decode()
    assert "什么都没有改动" in stale.content.decode()


@pytest.mark.django_db
def test_what_nobody_foresaw_has_a_page_too(here: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("13900139000")

    monkeypatch.setattr("ceping.web.ui.views.cards_for", broken)
    client = Client(raise_request_exception=False)
    client.force_login(here.alice, backend="ceping.ground.people.login.NameBackend")
    answer = client.get("/")
    assert answer.status_code == 500
    assert "已经保存的内容都在" in answer.content.decode()
    assert "13900139000" not in answer.content.decode()
