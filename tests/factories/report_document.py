"""A report as a document, with its marks."""

from datetime import date
from functools import cache
from typing import Any

from ceping.core.report import read_report
from ceping.core.scheme.loading import Scheme, load
from ceping.documents.forms.report import State, report_form
from ceping.documents.forms.report_marks import marks_of
from ceping.documents.sheet import Document
from tests.factories.report import complete_report


def report_document(state: State, **changes: Any) -> Document:
    """The complete report of shanghai-2021, changed as asked, dated a fixed day."""
    scheme = _scheme()
    report, findings = read_report(complete_report(**changes))
    assert report is not None
    assert findings == []
    return report_form(scheme, report, state=state, dated=date(2022, 1, 15), marks=marks_of(scheme, report))


@cache
def _scheme() -> Scheme:
    scheme, _ = load("shanghai-2021")
    assert scheme is not None
    return scheme
