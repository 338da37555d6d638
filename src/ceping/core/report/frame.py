"""What every check of a report looks at, and how it names a place and speaks of a fault there."""

from collections.abc import Iterator
from dataclasses import dataclass

from ceping.core.finding import Finding
from ceping.core.report.answers import Report
from ceping.core.scheme.entry import Column, FormField, FormTable
from ceping.core.scheme.form import FormFile
from ceping.core.scheme.header import Period

Findings = Iterator[Finding]


@dataclass(frozen=True, slots=True)
class Frame:
    """One report under one form and one period; `file` is its name in findings."""

    report: Report
    form: FormFile
    period: Period
    file: str

    def field_place(self, field: FormField) -> str:
        """A field as people find it: `一、服务机构概述 办公地址`."""
        return _joined(self.form.place_of.get(f"field:{field.id}", ""), field.name)

    def table_place(self, table: FormTable) -> str:
        """A table as people find it: `二、2021年度中小企业服务经验 重点活动`."""
        return _joined(self.form.place_of.get(f"table:{table.id}", ""), table.title)

    def row_place(self, table: FormTable, number: int, column: Column | None = None) -> str:
        """A row, or a cell in it: `五、服务清单 第 12 行 手机`."""
        return _joined(self.table_place(table), f"第 {number} 行", column.name if column else "")

    def item_place(self, number: int | None) -> str:
        """A checklist item: `七、所需提供的资料清单 第 7 项`."""
        return _joined(self.form.place_of["checklist"], "" if number is None else f"第 {number} 项")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
