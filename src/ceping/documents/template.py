"""An organiser's own Word template, filled from the fixed dictionary of a scheme; whatever else it says is refused."""

import base64
from collections.abc import Sequence
from pathlib import Path

from ceping.core.finding import Finding, Level, errors_in
from ceping.documents import confined
from ceping.documents.forms.report_words import Dictionary, Words
from ceping.documents.inspection.entrance import inspect
from ceping.documents.inspection.kind import Kind
from ceping.documents.refusal import Refused

_TASK = "ceping.documents.template_filling:fill"
# A long list in a wide template; reading it costs far less than filling it.
_LIMITS = confined.Limits(cpu_seconds=20, memory_bytes=700 * confined.MB, wall_seconds=60)


def fill_template(path: Path, dictionary: Dictionary, words: Sequence[Words]) -> tuple[list[bytes], list[Finding]]:
    """One Word file for each of `words`, or none and every fault of the template.

    The template is looked at and filled in child processes with limits. `{{ name }}` and, over whole rows of a table,
    `{%tr for row in table %}` … `{{ row.column }}` … `{%tr endfor %}` are all it may say. OSError where `path` cannot
    be read at all.
    """
    looked = inspect(path, wanted={Kind.DOCX})
    if not looked.accepted:
        return [], list(looked.findings)
    known = {"names": list(dictionary.names), "tables": {key: list(row) for key, row in dictionary.tables.items()}}
    filled: list[bytes] = []
    for one in words:
        told = {"names": dict(one.names), "tables": {key: list(rows) for key, rows in one.tables.items()}}
        try:
            answer = confined.run(_TASK, path, {"known": known, "told": told}, limits=_LIMITS)
        except Refused as refused:
            return [], [*looked.findings, confined.as_finding(refused, file=looked.name)]
        faults = [
            Finding(code, looked.name, place, tuple(values.items()), Level.ERROR)
            for code, place, values in answer["faults"]
        ]
        if errors_in(faults):
            return [], [*looked.findings, *faults]
        filled.append(base64.b64decode(answer["docx"]))
    return filled, list(looked.findings)
