"""A demo season with a mark in everything that may name a person or hold a person's words."""

import csv
import json
from pathlib import Path
from typing import Any

from ceping.core.scheme.loading import Scheme
from ceping.folder.columns import FILES, File

CANARY = "雀鸟"
PHONE = "13{:09d}"
_SAME = ("name", "uscc")  # what the institution itself is called
# The institution's name; what is read as a number; the name of a file that lies in the folder.
_NO_PERSON = (("institutions.csv", "name"), ("verified.csv", "value"), ("evidence_checks.csv", "file"))


def seed_canaries(folder: Path, scheme: Scheme) -> int:
    """Every text cell and answer but the institution's own name now holds the canary; how many it was put into."""
    placed = sum(_seed_table(folder, file) for file in FILES if (folder / file.name).is_file())
    for path in sorted(folder.glob("institutions/*/report.json")):
        report = json.loads(path.read_text(encoding="utf-8"))
        placed += _seed_report(report, scheme)
        path.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    text = (folder / "season.toml").read_text(encoding="utf-8")
    backed = f'status = "confirmed"\nby = "{CANARY}"\non = 2022-01-01\ndocument = "沪经信企〔2021〕9号"'
    (folder / "season.toml").write_text(text.replace('status = "illustrative"', backed) + f"# {CANARY}\n", "utf-8")
    return placed + 2


def _seed_table(folder: Path, file: File) -> int:
    with (folder / file.name).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    placed = 0
    for number, row in enumerate(rows):
        for column in file.columns:
            name = column.name
            if name == "assessor_id":
                row[name] = f"{CANARY}{row[name]}"
            elif column.type == "text" and (file.name, name) not in _NO_PERSON:
                row[name] = (row.get(name) or "") + CANARY
            elif name == "phone":
                row[name] = PHONE.format(number)
            elif name == "at":
                row[name] = row[name][:11] + "13:57:" + row[name][17:]
            else:
                continue
            placed += 1
    if rows:
        with (folder / file.name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return placed


def _seed_report(report: dict[str, Any], scheme: Scheme) -> int:
    placed = 0
    answers = report["answers"]
    for field in scheme.form.fields:
        given = answers.get(field.id)
        if given and field.id not in _SAME and field.type in ("text", "long_text", "email", "phone"):
            answers[field.id] = _marked(field.type, given)
            placed += 1
    report["commitment"]["accepted_by"] += CANARY
    for table in scheme.form.tables:
        for row in report["tables"].get(table.id, ()):
            for column in table.columns:
                if row.get(column.id) and column.type in ("text", "long_text", "email", "phone"):
                    row[column.id] = _marked(column.type, row[column.id])
                    placed += 1
    return placed


def _marked(kind: str, given: str) -> str:
    if kind == "phone":
        return PHONE.format(77_777_777)
    return f"canary.{given}" if kind == "email" else given + CANARY
