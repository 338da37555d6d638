"""`ceping people start` as somebody at the machine meets it."""

from pathlib import Path

import pypdfium2
import pytest
from testbed.scene import Scene, person, scene

from ceping.cli.main import main
from ceping.ground.journal.models import Entry as JournalEntry
from ceping.ground.people.models import Institution, Invitation
from ceping.ground.people.roles import Role

pytestmark = pytest.mark.django_db
LIST = (
    "机构名称,统一社会信用代码,推荐单位,联系人,手机,电子邮箱\n"
    "上海有信科技有限公司,91310000MA1FL0AB2X,浦东新区,信女士,,xin@example.cn\n"
    "上海无邮科技有限公司,91310000MA1FL0AB3X,闵行区,吴先生,13800138000,\n"
)


@pytest.fixture
def here() -> Scene:
    return scene()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "去年.csv"
    made.write_text(LIST, encoding="utf-8")
    return made


def test_a_list_its_slips_and_once_more(
    here: Scene, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    officer = person("潘安全", Role.SECURITY_OFFICER)
    call = ["people", "start", str(path), "--season", str(here.season.pk)]
    assert main(call) == 2
    assert "--slips" in capsys.readouterr().err
    assert not Institution.objects.filter(uscc="91310000MA1FL0AB2X").exists()
    slips = tmp_path / "slips"
    assert main([*call, "--slips", str(slips)]) == 0
    assert "新登记 2 家" in capsys.readouterr().out
    (made,) = slips.iterdir()
    assert "闵行区" in made.name
    assert made.stat().st_mode & 0o077 == 0
    assert "上海无邮科技有限公司" in pypdfium2.PdfDocument(made)[0].get_textpage().get_text_bounded()
    last = JournalEntry.objects.get(act="start_season")
    assert (last.by, last.reason) == (officer.pk, "在服务器上用命令行办理")
    assert main([*call, "--slips", str(slips)]) == 0
    assert "新登记 0 家" in capsys.readouterr().out
    assert len(list(slips.iterdir())) == 1


def test_what_is_wrong_is_told_and_nothing_taken(
    here: Scene, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    season = str(here.season.pk)
    assert main(["people", "start", str(path), "--season", season]) == 2
    assert "ceping user add" in capsys.readouterr().err
    person("潘安全", Role.SECURITY_OFFICER)
    second = person("钱安全", Role.SECURITY_OFFICER)
    assert main(["people", "start", str(path), "--season", season]) == 2
    assert second.login in capsys.readouterr().err
    assert main(["people", "start", str(path), "--season", "0", "--by", second.login]) == 2
    assert f"{season}  2021年" in capsys.readouterr().err
    path.write_text(f"{LIST}甲公司,123,火星区,,,\n", encoding="utf-8")
    assert main(["people", "start", str(path), "--season", season, "--by", second.login]) == 1
    assert (tmp_path / "去年-问题清单.xlsx").is_file()
    assert not Invitation.objects.exists()


def test_slips_that_cannot_be_written_leave_nothing_behind(here: Scene, path: Path, tmp_path: Path) -> None:
    person("潘安全", Role.SECURITY_OFFICER)
    blocked = tmp_path / "slips"
    blocked.write_text("a file", encoding="utf-8")
    assert main(["people", "start", str(path), "--season", str(here.season.pk), "--slips", str(blocked)]) == 2
    assert not Invitation.objects.exists()
