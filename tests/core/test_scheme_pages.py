"""The pages on the scheme language say what the code does: every file, key and default, and every example scored."""

import re
import tomllib
import typing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from ceping.core.assessment import Mark, judged
from ceping.core.evaluation.cases import CaseFile
from ceping.core.exact import NotANumber, decimal_of, quotient, short_text_of, text_of, total
from ceping.core.results import standing_of
from ceping.core.scheme import predicates, rules
from ceping.core.scheme.loading import FILES, load
from ceping.core.scheme.rules import Judge, Peer, Rule
from ceping.core.scheme.scoring import score
from ceping.core.scheme.values import Judged, MetricValue, Peers, Values, Which

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference" / "scheme.md").read_text(encoding="utf-8")
WORKED = (DOCS / "explanation" / "scoring.md").read_text(encoding="utf-8")
READ: TypeAdapter[Rule] = TypeAdapter(Rule)
KINDS = typing.get_args(typing.get_args(Rule)[0])
SECTIONS = {part.partition("\n")[0]: part for part in PAGE.split("\n## ")[1:]}


def models_in(annotation: Any) -> typing.Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for inner in typing.get_args(annotation):
        yield from models_in(inner)


def models_under(model: type[BaseModel], found: list[type[BaseModel]] | None = None) -> list[type[BaseModel]]:
    found = [] if found is None else found
    if model not in found:
        found.append(model)
        for field in model.model_fields.values():
            for inner in models_in(field.annotation):
                models_under(inner, found)
    return found


def in_place(model: type[BaseModel]) -> str:
    return {rules.__name__: "Rules", predicates.__name__: "Predicates"}.get(model.__module__, "")


WANTED = {
    (in_place(model) or f"`{file}`", model.__name__): model
    for file, top in {**FILES, "cases/*.toml": CaseFile}.items()
    for model in models_under(top)
}


def default_of(field: Any) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value in (None, "", ()) or value == {}:
        return ""
    if isinstance(value, Decimal):
        return f"`{short_text_of(value)}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def table_in(text: str, first: str) -> list[list[str]]:
    """The rows of the table whose header begins with `first`, without the header and the line below it."""
    lines = text[text.index(f"| {first} |") :].split("\n\n", maxsplit=1)[0].splitlines()
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines[2:]]


def written() -> dict[tuple[str, str], str]:
    return {
        (section, part.partition("\n")[0]): part
        for section, text in SECTIONS.items()
        for part in text.split("\n### ")[1:]
    }


def test_every_table_of_the_language_has_its_part_and_no_other() -> None:
    assert sorted(written()) == sorted(WANTED)


@pytest.mark.parametrize("section", sorted({section for section, _ in WANTED}))
def test_every_key_stands_with_its_default_and_meaning(section: str) -> None:
    models = {name: model for (place, name), model in WANTED.items() if place == section}
    tables = {name: table_in(written()[section, name], "Key") for name in models}
    wanted = {
        name: [(f"`{one.alias or key}`", default_of(one)) for key, one in model.model_fields.items()]
        for name, model in models.items()
    }
    assert {name: [(row[0], row[1]) for row in rows] for name, rows in tables.items()} == wanted
    assert [row for rows in tables.values() for row in rows if len(row) != 3 or not row[2]] == []


def test_every_file_is_named() -> None:
    assert [row[0] for row in table_in(PAGE, "File")] == [f"`{file}`" for file in FILES] + ["`cases/*.toml`"]


def plain(text: str) -> Decimal | str:
    try:
        return decimal_of(text)
    except NotANumber:
        return text


def values_from(columns: list[str], cells: list[str], rule: Rule) -> Values:
    if isinstance(rule, Judge):
        marks = [Mark(f"A{n}", Decimal(text)) for n, text in enumerate(cells[0].split("; "), 1)]
        return Values({}, {"item": judged(rule, marks, None)})
    if isinstance(rule, Peer):
        count, least, most, above, below = (decimal_of(cell) for cell in cells[1:])
        peers = {(rule.metric, rule.among): Peers(int(count), least, most, int(above), int(below))}
        value = MetricValue(rule.metric, Which.VERIFIED, None if cells[0] == "—" else plain(cells[0]))
        return Values({rule.metric: value}, peers=peers)
    given = {name.strip("`"): None if cell == "—" else plain(cell) for name, cell in zip(columns, cells, strict=True)}
    return Values({name: MetricValue(name, Which.VERIFIED, value) for name, value in given.items()})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_rule_kind_has_an_example_that_comes_out(kind: type[BaseModel]) -> None:
    part = written()[("Rules", kind.__name__)]
    [example] = re.findall(r"```toml\n(.*?)```", part, re.DOTALL)
    rule = READ.validate_python(tomllib.loads(example, parse_float=Decimal))
    assert type(rule) is kind
    after = part[part.index(example) :]
    header = re.search(r"^\| (`.*) \| Points \|$", after, re.MULTILINE)
    assert header is not None
    columns = header.group(1).split(" | ")
    rows = table_in(after, f"{header.group(1)} | Points")
    found = []
    for *cells, _ in rows:
        points = score(rule, values_from(columns, cells, rule), item="item").points
        found.append("—" if points is None else text_of(points))
    assert found == [row[-1] for row in rows]
    assert "—" in found
    assert len(set(found)) > 2


def test_the_worked_table_comes_out() -> None:
    scheme, _ = load("shanghai-2021")
    assert scheme is not None
    *rows, last = table_in(WORKED, "Item")
    given: dict[str, Decimal] = {}
    marks: dict[str, Judged] = {}
    for key, text, *_ in rows:
        item = scheme.item(key.strip("`"))
        assert item is not None
        if item.judge is not None:
            numbers = text.removeprefix("marks ").split("; ")
            marks[item.key] = judged(item.judge, [Mark(f"A{n}", Decimal(one)) for n, one in enumerate(numbers)], None)
        else:
            given |= {name: Decimal(value) for name, value in (pair.split(" ") for pair in text.split("; "))}
    given |= {
        "qualified_ratio": quotient(given["qualified_count"], given["fulltime_count"]),
        "materials_false": Decimal(0),
    }
    metrics = {name: MetricValue(name, Which.VERIFIED, value) for name, value in given.items()}
    standing, _ = standing_of(scheme, Values(metrics, marks), category="ip", weights={}, rulings=[])
    shown = [
        [
            f"`{item.key}`",
            text_of(item.node.points or 0),
            short_text_of(item.weight),
            short_text_of(item.full),
            text_of(item.score or 0),
        ]
        for item in standing.items
    ]
    assert [[row[0], *row[2:]] for row in rows] == shown
    assert last[-1] == text_of(standing.total or 0) == text_of(total(Decimal(row[-1]) for row in rows))
    assert f"{last[-1]} lies in the band from 60 to below 75,\n{standing.grade}." in WORKED
