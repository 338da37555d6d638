"""Compact schemes of tests/cases/schemes, and entries that hold verified values alone."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ceping.core.assessment import Mark
from ceping.core.evaluation import Entry, Settings, Verified
from ceping.core.exact import NotANumber, decimal_of
from ceping.core.scheme.loading import Scheme, load_folder

SYNTHETIC = Path(__file__).parents[1] / "cases" / "schemes"
NAMES = sorted(path.name for path in SYNTHETIC.iterdir())
SETTINGS = Settings("clients", "robustness")


@cache
def synthetic(name: str) -> Scheme:
    scheme, findings = load_folder(SYNTHETIC / name)
    assert findings == []
    assert scheme is not None
    return scheme


def _plain(text: str) -> Decimal | str:
    try:
        return decimal_of(text)
    except NotANumber:
        return text


def entry_of(
    uscc: str,
    category: str,
    values: Mapping[str, str],
    *,
    marks: Mapping[str, Mapping[str, str]] | None = None,
    **keys: Any,
) -> Entry:
    """Values by metric, marks by item and assessor."""
    verified = {name: Verified(_plain(value)) for name, value in values.items()}
    given = {key: [Mark(who, Decimal(mark)) for who, mark in row.items()] for key, row in (marks or {}).items()}
    return Entry(uscc, f"机构{uscc}", category, verified=verified, marks=given, **keys)
