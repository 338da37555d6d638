"""A season folder being read: what every check needs to know, and the one way to open a table of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ceping.core.scheme.loading import Scheme
from ceping.folder.columns import File
from ceping.folder.faults import Faults
from ceping.folder.needs import Needs
from ceping.folder.public import FORMS as PUBLIC_FORMS
from ceping.folder.tables import Row, Sheet, read_table
from ceping.folder.terms import Terms

Rows = dict[str, dict[str, tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class Institution:
    """One row of institutions.csv; `category` is an id of the scheme."""

    uscc: str
    name: str
    category: str
    recommender: str
    rank: str
    shop_id: str
    row: Row


@dataclass
class Intake:
    """A season while it is read: where it lies, what its scheme needs, who takes part, what has been found.

    `rows` tells for each file the row and the reason of each key that a trace may name; `sheets` are the tables read so
    far, by file; `pseudonyms` those of the assessors by id.
    """

    folder: Path
    terms: Terms
    scheme: Scheme
    needs: Needs
    faults: Faults
    encoding: str
    institutions: Mapping[str, Institution] = field(default_factory=dict)
    roster: Sheet = field(default_factory=Sheet)
    rows: Rows = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    pseudonyms: Mapping[str, str] = field(default_factory=dict)

    def sheet(self, file: File, *, needed: bool) -> Sheet:
        """The table, empty when absent; its absence is told when rules read it."""
        form: File | None = file
        if self.terms.pseudonymised:
            # Fewer columns, and some tables not at all: their outcomes are kept in values.csv.
            form = PUBLIC_FORMS.get(file.name)
        sheet = Sheet() if form is None else read_table(self.folder, form, self.faults, encoding=self.encoding)
        if needed and form is not None and not sheet.present:
            self.faults.missing("season_file_missing", file.name)
        self.sheets[file.name] = sheet
        return sheet

    def place(self, row: Row, *key: str) -> str:
        """The file as a trace names it; row and reason are kept apart: results are the same without them."""
        self.rows.setdefault(row.file, {})[" ".join((row.get("uscc"), *key))] = (row.number, row.get("reason"))
        return row.file

    def known(self, row: Row) -> Institution | None:
        """The institution a row speaks of; one that takes no part is told."""
        uscc = row.get("uscc")
        found = self.institutions.get(uscc)
        if found is None and not self.roster.may_hold(uscc):
            self.faults.error("uscc_not_in_season", row.file, row.place("uscc"), uscc=uscc[:40])
        return found
