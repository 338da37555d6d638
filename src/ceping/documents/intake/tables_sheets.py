"""Which sheet of a workbook holds the table: the one that fits; two that do are asked about."""

from collections.abc import Sequence
from dataclasses import dataclass

from ceping.core.finding import Finding, fault
from ceping.documents.intake.headers import Header, Wanted, find_header
from ceping.documents.intake.tables_cells import shown
from ceping.documents.intake.tables_files import Paper, Sheet

_DEEP = 202
_FIRST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """The sheet and its header, or none and why."""

    sheet: Sheet | None
    header: Header | None
    findings: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class _Fit:
    sheet: Sheet
    header: Header
    whole: bool

    @property
    def filled(self) -> bool:
        """Whether anything stands below the header."""
        return any(shown(raw) for row in self.sheet.rows[self.header.last + 1 :] for raw in row)


def choose(paper: Paper, wanted: Sequence[Wanted], *, sheet: str, confirmed: frozenset[str], file: str) -> Choice:
    """The one sheet that has all needed columns, else the one that has most of them; else why there is none."""
    if sheet:
        return _named(paper, wanted, sheet, file)
    fits = [fit for one in paper.sheets if (fit := _fit(one, wanted)) is not None]
    seen = [fit for fit in fits if not fit.sheet.hidden]
    hidden = [fit.sheet.name for fit in fits if fit.sheet.hidden and fit.whole]
    whole = [fit for fit in seen if fit.whole]
    best = [fit for fit in whole if fit.filled] or whole or _most(seen)
    asked = [] if not hidden or "hidden" in confirmed else [_hidden(hidden, file)]
    if len(best) > 1:
        names = "、".join(fit.sheet.name for fit in best)[:200]
        return Choice(None, None, [fault("intake_sheets_several", file=file, names=names)])
    if best:
        return Choice(best[0].sheet, best[0].header, asked)
    return Choice(None, None, asked or [_absent(paper.sheets, wanted, file)])


def _named(paper: Paper, wanted: Sequence[Wanted], name: str, file: str) -> Choice:
    found = next((one for one in paper.sheets if one.name == name), None)
    if found is None:
        known = "、".join(one.name for one in paper.sheets if one.name)[:200] or "（这不是有工作表的文件）"
        return Choice(None, None, [fault("intake_sheet_unknown", file=file, name=name[:40], known=known)])
    fit = _fit(found, wanted)
    if fit is None:
        return Choice(None, None, [_absent([found], wanted, file)])
    return Choice(found, fit.header)


def _fit(sheet: Sheet, wanted: Sequence[Wanted]) -> _Fit | None:
    texts = [[shown(raw) for raw in row] for row in sheet.rows[:_DEEP]]
    header = find_header(texts, wanted)
    if header is None:
        return None
    return _Fit(sheet, header, all(one.id in header.columns for one in wanted if one.needed))


def _most(fits: Sequence[_Fit]) -> list[_Fit]:
    most = max((len(fit.header.columns) for fit in fits), default=0)
    return [fit for fit in fits if len(fit.header.columns) == most]


def _hidden(names: Sequence[str], file: str) -> Finding:
    return fault("intake_sheet_hidden", file=file, names="、".join(names)[:200])


def _absent(sheets: Sequence[Sheet], wanted: Sequence[Wanted], file: str) -> Finding:
    known = "、".join(one.shown for one in wanted if one.needed)
    rows = (row for sheet in sheets for row in sheet.rows)
    texts = (" ".join(text for raw in row if (text := shown(raw))) for row in rows)
    first = [text[:40] for text in texts if text][:_FIRST_ROWS]
    return fault("intake_header_absent", file=file, known=known[:400], first="；".join(first) or "（空）")
