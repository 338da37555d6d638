"""`ceping journal` and `ceping user` as somebody at the machine meets them."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from ceping.cli.main import main
from ceping.ground.journal.actions import record
from ceping.ground.people.invitations import NewAccount, accept_invitation
from ceping.ground.people.models import Invitation, User

pytestmark = pytest.mark.django_db


def test_a_whole_chain_then_a_cut_tail(now: datetime, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "verify"]) == 0
    for number in range(3):
        record("tried", by=None, at=now, body={"n": number})
    kept = tmp_path / "head.json"
    assert main(["journal", "head", "--out", str(kept)]) == 0
    assert json.loads(kept.read_text(encoding="utf-8"))["heads"][0]["number"] == 3
    assert main(["journal", "verify", "--head", str(kept)]) == 0
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM journal_entry WHERE number = 3")
    capsys.readouterr()
    assert main(["journal", "verify"]) == 0
    assert main(["journal", "verify", "--head", str(kept)]) == 1
    assert "第 3 条：末尾被截去" in capsys.readouterr().out


def test_what_is_no_head_and_no_chain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"heads": [{"chain": 1}]}', encoding="utf-8")
    assert main(["journal", "verify", "--head", str(bad)]) == 2
    assert main(["journal", "verify", "--chain", "season-9"]) == 2
    told = capsys.readouterr().err
    assert "不是链头文件" in told
    assert "没有名为 season-9 的链" in told


def test_the_first_officer(now: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "add", "--role", "security_officer", "--login", "officer"]) == 0
    token = capsys.readouterr().out.split("/invitations/")[1].split("/")[0]
    assert token not in str(list(Invitation.objects.values()))
    accept_invitation(token=token, who=NewAccount("", "潘安全", "liu-he-ta-2022"), at=now)
    assert User.objects.get().login == "officer"
    for role, login in (("security_officer", "second"), ("lead", "second"), ("auditor", "officer"), ("auditor", "a@b")):
        assert main(["user", "add", "--role", role, "--login", login]) == 2
    assert main(["user", "list"]) == 0
    assert "officer\t潘安全\t安全管理员" in capsys.readouterr().out
