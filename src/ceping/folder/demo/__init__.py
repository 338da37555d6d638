"""A season made up for a demo: realistic, complete, the same bytes for the same numbers, and clean by construction."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ceping.core.scheme.loading import Scheme, load
from ceping.folder import columns
from ceping.folder.columns import File
from ceping.folder.demo import inquiry, judgement, paper, storefront, words
from ceping.folder.demo.cast import Member, members
from ceping.folder.needs import Needs
from ceping.folder.output import check_output, replacing

COMMAND = "demo-season"
MARKER = ".demo-season.json"
SCHEME = "shanghai-2021"
LEAST, MOST = 1, 999
MOST_EVENTS = 100_000_000
_EVENTS_EACH = 700
_LISTED = 900


@dataclass(frozen=True, slots=True)
class Demo:
    """What was written."""

    institutions: int
    events: int


def write_demo(folder: Path, *, institutions: int, seed: int, events: int | None = None) -> Demo:
    """A demo season stands in `folder`; raises output.Refused when that holds anything else than a former one."""
    scheme, _ = load(SCHEME)
    if scheme is None:
        raise LookupError(SCHEME)
    count = institutions * _EVENTS_EACH if events is None else events
    check_output(folder, command=COMMAND, marker=MARKER)
    with replacing(folder, command=COMMAND, marker=MARKER) as draft:
        cast = members(scheme, count=institutions, seed=seed)
        _write_terms(draft, scheme, seed)
        _write_people(draft, scheme, cast, seed)
        _write_institutions(draft, scheme, cast, seed)
        _write_shops(draft, cast, seed, count)
        told = {"command": COMMAND, "institutions": institutions, "seed": seed, "events": count}
        (draft / MARKER).write_text(json.dumps(told) + "\n", encoding="utf-8")
    return Demo(institutions, count)


def _write_terms(folder: Path, scheme: Scheme, seed: int) -> None:
    period = scheme.header.period
    lines = (
        "# 示范测评年度：机构、人员、企业和号码均为虚构。",
        "format = 1",
        f'scheme = "{scheme.label}"',
        f'scheme_sha256 = "{scheme.sha256}"',
        f'title = "{scheme.header.title}（示范）"',
        f"from = {period.start}",
        f"to = {period.end}",
        "",
        "[seeds]",
        *(f'{name} = "demo-{name}-{seed}"' for name in ("clients", "assessors", "robustness")),
        "",
        "[parameters]",
        'status = "illustrative"',
    )
    (folder / "season.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_people(folder: Path, scheme: Scheme, cast: Sequence[Member], seed: int) -> None:
    people = judgement.assessors(scheme, count=len(cast), seed=seed)
    assignments, marks, adjudications = judgement.marking(scheme, cast, people, seed=seed)
    _write(folder, columns.ASSESSORS, people)
    _write(folder, columns.CONFLICTS_FILE, judgement.conflicts(cast, people))
    _write(folder, columns.ASSIGNMENTS, assignments)
    _write(folder, columns.MARKS, marks)
    _write(folder, columns.ADJUDICATIONS, adjudications)
    _write(folder, columns.VERIFIED, judgement.verified(cast, list(Needs(scheme).by_hand), seed=seed))
    _write(folder, columns.EVIDENCE_CHECKS, judgement.evidence(cast, seed=seed))
    _write(folder, columns.DECISIONS_FILE, judgement.decisions(scheme, cast))
    listed = (number for number in range(_LISTED * paper.LISTED_EVERY) if number % paper.LISTED_EVERY == 0)
    firms = [
        {"name": words.firm_name(number), "valid_from": "2020-01-01", "valid_to": "2022-12-31"} for number in listed
    ]
    _write(folder, columns.SPECIALISED, firms)


def _write_institutions(folder: Path, scheme: Scheme, cast: Sequence[Member], seed: int) -> None:
    rows: list[dict[str, str]] = []
    clients: list[dict[str, str]] = []
    calls: list[dict[str, str]] = []
    table = scheme.verification
    assert table is not None  # noqa: S101 -- the demo's own scheme has one
    for member in cast:
        report = paper.report_of(scheme, member, seed=seed)
        place = folder / "institutions" / member.uscc
        (place / "attachments").mkdir(parents=True)
        text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
        (place / "report.json").write_text(text, encoding="utf-8")
        for name, (_, content) in paper.attachments_of(member).items():
            (place / "attachments" / name).write_bytes(content)
        tables = report["tables"]
        assert isinstance(tables, dict)  # noqa: S101 -- made above
        clients += inquiry.client_rows(member, tables["clients"])
        calls += inquiry.call_rows(member, table, draw_seed=f"demo-clients-{seed}", seed=seed)
        shop = {"shop_id": member.shop_id}
        named = {"uscc": member.uscc, "name": member.name, "category": member.category}
        line = member.number % 5000
        office = {"office_phone": f"021-6000{line:04d}", "fax": f"021-6000{line + 5000:04d}"}
        rows.append({**named, "recommender": member.recommender, "rank": str(member.rank), **shop, **office})
    _write(folder, columns.INSTITUTIONS, rows)
    _write(folder, columns.CLIENTS, clients)
    _write(folder, columns.CALLS, calls, extra=[question.id for question in table.questions])


def _write_shops(folder: Path, cast: Sequence[Member], seed: int, count: int) -> None:
    _write(folder, columns.SHOPS, storefront.shop_rows(cast, seed=seed))
    with (folder / "events.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(storefront.EVENT_COLUMNS)
        writer.writerows(storefront.event_rows(cast, seed=seed, count=count))


def _write(folder: Path, file: File, rows: Iterable[Mapping[str, str]], *, extra: Sequence[str] = ()) -> None:
    names = [*(column.name for column in file.columns), *extra]
    with (folder / file.name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)
