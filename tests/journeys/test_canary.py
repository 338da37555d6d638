"""A thousand canaries typed into a report and given to people; then every byte of the installation is looked through.

Left out: the content of stored files, which is what was uploaded, and the name and credit code of institutions, which
are public. People's own names stand in plain in `people_user.name` and are no canaries here: staff are found by them.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
COUNT = 1000
SCRIPT = """
import sys
from datetime import UTC, datetime
import django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
call_command("createcachetable", database="default", verbosity=0)
import logging
from uuid import uuid4
from django.db import connection, transaction
from testbed.scene import fill, scene
from tests.factories.report import complete_report
from ceping.ground.people.models import User
from ceping.ground.people.sealing import blind_index
from ceping.stages.report.actions import save_row, submit_report
from ceping.stages.report.models import Row
plain = sys.argv[1] == "plain"
here = scene()
data = complete_report(uscc=here.institution.uscc, name=here.institution.name)
first = data["tables"]["clients"][0]
data["tables"]["clients"] = [
    first | {"name": f"上海雀鸟{n:04d}号机械有限公司", "contact": f"雀鸟{n:04d}", "phone": f"139{n:04d}7531"}
    for n in range(1000)
]
data["answers"]["client_count"] = "1000"
fill(here.entry, data, here.alice)
at = datetime(2022, 3, 10, tzinfo=UTC)
row = Row.objects.filter(table="clients").first()
save_row(entry=here.entry, row=row.pk, values=row.values | {"contact": "雀鸟0000改"}, revision=1, by=here.alice, at=at)
chosen = here.entry.answers.get(field="categories").value[0]
submit_report(entry=here.entry, key=uuid4(), category=chosen, let_stand=[], by=here.alice, at=at)
for n in range(1000):
    phone = f"139{n:04d}7531"
    index = blind_index(phone, kind="phone")
    User.objects.create(login=f"u{n}", name="某人", phone=phone, phone_index=index, created_at=at)
# Faults that carry what was typed: into the program's log and the database's own.
for bad in ("INSERT INTO people_area (id, code, name, kind, \\"order\\") VALUES ('1397531x', '', '', '', 0)",
            "SELECT '13900007531x雀鸟0001'::bigint"):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(bad)
    except Exception:
        logging.getLogger("ceping").exception("refused 13900017531")
if plain:
    from ceping.ground.people.models import Area
    Area.objects.create(code="plain", name="雀鸟0007", kind="district")
"""


def seen_in(home: Path, logs: bytes) -> list[str]:
    """Files in which a canary stands, as any of the encodings a program would write it in."""
    signs = ["雀鸟".encode(), "雀鸟".encode("utf-16-le"), "雀鸟".encode("gb18030") + b"0", rb"\u96c0\u9e1f"]
    phones = [f"139{number:04d}7531".encode() for number in range(COUNT)]
    found = []
    for path in [*home.rglob("*")]:
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if any(sign in data for sign in signs) or (b"7531" in data and any(phone in data for phone in phones)):
                found.append(path.relative_to(home).as_posix())
        if "雀鸟" in path.name:
            found.append(path.name)
    return found + (["log"] if any(sign in logs for sign in [*signs, *phones]) else [])


def filled(home: Path, how: str) -> bytes:
    environ = os.environ | {
        "CEPING_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "testbed.faulty_settings",
        "PYTHONPATH": f"{ROOT / 'tests/support'}:{ROOT}",
    }
    done = subprocess.run([sys.executable, "-c", SCRIPT, how], env=environ, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout + done.stderr


def test_no_canary_stands_in_plain_anywhere(tmp_path: Path) -> None:
    logs = filled(tmp_path, "sealed")
    assert b"refused" in logs
    assert sum(1 for path in tmp_path.rglob("pg_wal/0*") if path.stat().st_size) > 0
    assert seen_in(tmp_path, logs) == []


def test_twin_one_value_in_plain_is_found(tmp_path: Path) -> None:
    assert seen_in(tmp_path, filled(tmp_path, "plain")) != []
