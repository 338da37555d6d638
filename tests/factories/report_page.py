"""A demo season evaluated, and its page read back as a browser would read it."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from ceping.core.points import Entry, Total
from ceping.core.scheme.loading import Scheme, load
from ceping.documents.page import PageValues, page_values
from ceping.folder.demo import write_demo
from ceping.folder.evaluation import evaluate_folder

VOID = {"meta", "br", "input", "link", "img"}


@dataclass(frozen=True)
class Sample:
    """The written files of one evaluation, read."""

    scheme: Scheme
    results: dict[str, Any]
    verification: dict[str, Any]
    robustness: dict[str, Any]
    shops: Mapping[str, str]
    totals: Sequence[Total]
    ledger: Sequence[Entry]

    def values(self, **changed: Any) -> PageValues:
        """The page's values; results, verification and anything else may be given otherwise."""
        given = {
            "robustness": self.robustness,
            "shops": self.shops,
            "totals": self.totals,
            "ledger": self.ledger,
            **changed,
        }
        results, verification = given.pop("results", self.results), given.pop("verification", self.verification)
        return page_values(results, verification, given.pop("scheme", self.scheme), **given)


def evaluated(place: Path, *, institutions: int, events: int) -> Sample:
    """A demo season of so many institutions, evaluated."""
    write_demo(place / "season", institutions=institutions, seed=7, events=events)
    assert evaluate_folder(place / "season", place / "out").done
    return sample_in(place / "season", place / "out")


def sample_in(season: Path, out: Path) -> Sample:
    """What `ceping evaluate` wrote, as it hands it on."""
    scheme, _ = load("shanghai-2021")
    assert scheme is not None
    totals = (Total(r["shop_id"], int(r["points"]), r["level"], int(r["level_rank"])) for r in rows(out, "totals"))
    ledger = (Entry(r["shop_id"], r["rule_id"], int(r["quantity"]), int(r["points"])) for r in rows(out, "ledger"))
    with (season / "institutions.csv").open(encoding="utf-8") as stream:
        shops = {row["uscc"]: row["shop_id"] for row in csv.DictReader(stream) if row["shop_id"]}
    names = ("results.json", "verification.json", "robustness.json")
    return Sample(scheme, *(json.loads((out / name).read_bytes()) for name in names), shops, list(totals), list(ledger))


def rows(out: Path, name: str) -> Iterator[dict[str, str]]:
    """The rows of one file of points."""
    with (out / "points" / f"{name}.csv").open(encoding="utf-8") as stream:
        yield from csv.DictReader(stream)


@dataclass
class Table:
    """A table as it is read: its id, its class, whose part it stands in, and its rows of texts, heads included."""

    id: str
    kind: str
    inside: str
    rows: list[list[str]] = field(default_factory=list)

    @property
    def body(self) -> list[list[str]]:
        return self.rows[1:]


class Page(HTMLParser):
    """The page read: its tables, its scripts and styles, every start tag, its text outside of scripts."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Table] = []
        self.raw: list[tuple[str, dict[str, str | None], str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self._inside = ""
        self.feed(html)
        self.close()
        assert self._open == [], "every tag is closed"

    def table(self, name: str) -> Table:
        (found,) = [table for table in self.tables if table.id == name]
        return found

    def items_of(self, number: int) -> list[list[str]]:
        """The rows of items in the part of the institution that stands at this place, from 1."""
        (found,) = [table for table in self.tables if table.kind == "items" and table.inside == f"i{number}"]
        return found.body

    @property
    def embedded(self) -> dict[str, Any]:
        (text,) = [text for tag, attributes, text in self.raw if attributes.get("id") == "data"]
        found: dict[str, Any] = json.loads(text)
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "div" and attributes.get("class") == "body":
            self._inside = attributes.get("id") or ""
        if tag == "table":
            self.tables.append(Table(attributes.get("id") or "", attributes.get("class") or "", self._inside))
        elif tag == "tr":
            self.tables[-1].rows.append([])
        elif tag in ("td", "th"):
            self.tables[-1].rows[-1].append("")
        elif tag in ("script", "style"):
            self.raw.append((tag, attributes, ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1] == tag, f"{tag} closes {self._open[-1]}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("script", "style"):
            tag, attributes, text = self.raw[-1]
            self.raw[-1] = (tag, attributes, text + data)
            return
        self.text += data
        if "td" in self._open or "th" in self._open:
            self.tables[-1].rows[-1][-1] += data
