"""A season written as a public package keeps it: no report, no attachment, no name but the institution's."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from ceping.bulk.result import COLUMNS, ledger_in, totals_in
from ceping.core.evaluation import Outcome
from ceping.core.exact import text_of
from ceping.core.scheme.values import MetricValue, Which
from ceping.folder import columns
from ceping.folder.columns import File
from ceping.folder.public import CUMULATIVE, FORMS, LEDGER, TOTALS, VALUES, computed, questions_kept
from ceping.folder.season import Season
from ceping.folder.tables import Row
from ceping.folder.terms import NAME, DrawTerms

Cells = Mapping[str, str]


def write_public_season(season: Season, outcome: Outcome, points: Path, folder: Path) -> None:
    """The season's public files stand in `folder`, every table in the order of its key; `points` holds its ledger."""
    (folder / NAME).write_text(_terms(season), encoding="utf-8", newline="\n")
    _write(folder, FORMS[columns.INSTITUTIONS.name], _institutions(season))
    _write(folder, FORMS[columns.ASSESSORS.name], ({"assessor_id": one} for one in season.pseudonyms.values()))
    for file in (columns.ASSIGNMENTS, columns.MARKS, columns.ADJUDICATIONS, columns.DECISIONS_FILE):
        _write(folder, FORMS[file.name], _rows(season, file))
    _write(folder, _clients_form(season), _clients(season))
    _write(folder, FORMS[columns.CALLS.name], _calls(season), extra=_questions(season))
    shops = {one.shop_id for one in season.institutions.values() if one.shop_id}
    _write(folder, FORMS[columns.SHOPS.name], (row for row in _rows(season, columns.SHOPS) if row["shop_id"] in shops))
    if season.needs.history:
        _write(folder, columns.HISTORY, _rows(season, columns.HISTORY))
    _write(folder, VALUES, _values(season, outcome))
    if season.scheme.points is not None:
        _write_points(points, folder, shops, levels=season.needs.level)


def _terms(season: Season) -> str:
    """season.toml; who confirmed the parameters may be a person and is left out."""
    terms, parameters = season.terms, season.terms.parameters
    seeds = terms.seeds
    lines = [
        "format = 1",
        f"scheme = {_quoted(terms.scheme)}",
        f"scheme_sha256 = {_quoted(season.scheme.sha256)}",
        f"title = {_quoted(terms.title)}",
        f"from = {terms.start}",
        f"to = {terms.end}",
        "pseudonymised = true",
        "",
        "[seeds]",
        *(f"{key} = {_quoted(getattr(seeds, key))}" for key in ("clients", "assessors", "robustness")),
        "",
        "[parameters]",
        f"status = {_quoted(parameters.status)}",
        *([f"on = {parameters.on}"] if parameters.on else []),
        *([f"document = {_quoted(parameters.document)}"] if parameters.document else []),
    ]
    if terms.draw != DrawTerms():
        given = terms.draw.model_dump(mode="json", exclude_defaults=True)
        lines += ["", "[draw]", *(f"{key} = {json.dumps(value)}" for key, value in given.items())]
    if terms.eligibility is not None:
        share, source = text_of(terms.eligibility.share), terms.eligibility.source
        lines += ["", "[eligibility]", f"share = {_quoted(share)}", f"source = {_quoted(source)}"]
    if terms.weights:
        lines += ["", "[weights]"]
        lines += [f"{_quoted(key)} = {_quoted(text_of(weight))}" for key, weight in sorted(terms.weights.items())]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A basic string of TOML is one of JSON, but for the delete character.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _institutions(season: Season) -> Iterator[Cells]:
    for one in season.institutions.values():
        yield {"uscc": one.uscc, "name": one.name, "category": one.category, "shop_id": one.shop_id}


def _rows(season: Season, file: File) -> Iterator[dict[str, str]]:
    sheet = season.sheets.get(file.name)
    for row in sheet if sheet is not None else ():
        yield _cells(season, row, FORMS[file.name])


def _cells(season: Season, row: Row, form: File) -> dict[str, str]:
    cells = {column.name: row.get(column.name) for column in form.columns}
    if "assessor_id" in cells:
        cells["assessor_id"] = season.pseudonyms[cells["assessor_id"]]
    return cells


def _clients_form(season: Season) -> File:
    form, by = FORMS[columns.CLIENTS.name], season.terms.draw.strata
    return replace(form, columns=tuple(one for one in form.columns if one.name not in columns.STRATA or one.name == by))


def _clients(season: Season) -> Iterator[Cells]:
    """The keys of the clients; a stratum is words an institution wrote, so a number in their order stands for it."""
    by, rows = season.terms.draw.strata, list(_rows(season, columns.CLIENTS))
    names = sorted({row[by] for row in rows if row[by]} if by else ())
    numbers = {name: f"S{place:04d}" for place, name in enumerate(names, 1)}
    yield from (row | {by: numbers.get(row[by], "")} if by else row for row in rows)


def _questions(season: Season) -> Sequence[str]:
    table = season.scheme.verification
    return () if table is None else questions_kept(season.scheme.indicators.metrics, table.satisfaction.question)


def _calls(season: Season) -> Iterator[Cells]:
    """The calls; of the answers one that is chosen from options, by its code, never words a person spoke."""
    kept, table = _questions(season), season.scheme.verification
    options = {
        question.id: {text: option.code for option in question.options for text in (option.code, option.title)}
        for question in (table.questions if table is not None else ())
        if question.id in kept
    }
    sheet = season.sheets.get(columns.CALLS.name)
    for row in sheet if sheet is not None else ():
        answers = {name: codes.get(row.get(name), "") for name, codes in options.items()}
        yield _cells(season, row, FORMS[columns.CALLS.name]) | answers


def _values(season: Season, outcome: Outcome) -> Iterator[Cells]:
    """Every value of every metric that does not come out of the other files, with all its digits."""
    for result in outcome.results:
        for name, metric in season.scheme.indicators.metrics.items():
            for which in Which:
                value = result.values[name][which]
                if not computed(metric, which) and (value.value is not None or value.source or value.note):
                    yield {"uscc": result.entry.uscc, "metric_id": name, "which": which.value, **_told(value)}


def _told(value: MetricValue) -> Cells:
    text = text_of(value.value) if isinstance(value.value, Decimal) else value.value or ""
    return {"value": text, "source": value.source, "note": value.note}


def _write_points(points: Path, folder: Path, shops: set[str], *, levels: bool) -> None:
    ledger = (line for line in ledger_in(points) if line.shop_id in shops)
    lines = (dict(zip(COLUMNS["ledger"], map(str, line), strict=True)) for line in ledger)
    (folder / LEDGER.name).parent.mkdir()
    _write(folder, LEDGER, lines, as_given=True)
    for file in (TOTALS, CUMULATIVE) if levels else (TOTALS,):
        totals = (total for total in totals_in(points, Path(file.name).stem) if total.shop_id in shops)
        sums = (dict(zip(COLUMNS["totals"], map(str, total), strict=True)) for total in totals)
        _write(folder, file, sums, as_given=True)


def _write(
    folder: Path, form: File, rows: Iterable[Cells], *, extra: Sequence[str] = (), as_given: bool = False
) -> None:
    names = [*(column.name for column in form.columns), *extra]
    ordered = rows if as_given else sorted(rows, key=lambda row: tuple(row[name] for name in form.key))
    with (folder / form.name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)
