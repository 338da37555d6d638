"""The child's side of the inspection: the kind of one file, and what is wrong inside it, as plain JSON."""

from pathlib import Path
from typing import Any

from ceping.core.finding import Finding, errors_in, fault
from ceping.documents.inspection.archive import Archive, contents_findings, shortened
from ceping.documents.inspection.kind import PICTURES, Kind, kind_of
from ceping.documents.inspection.office import package_findings, package_kind
from ceping.documents.refusal import Refused


def look(path: Path) -> dict[str, Any]:
    """`{"kind", "findings"}`, a finding as `[code, place, values, level]`; a refusal is the last of them.

    A parser is loaded only for a kind it is for: most files need one of them, none needs all.
    """
    kind = kind_of(path)
    findings: list[Finding] = []
    try:
        if kind is Kind.ZIP:
            archive = Archive(path)
            findings += archive.findings
            if not errors_in(findings):
                kind = package_kind(archive)
                findings += _inside(archive, kind)
        elif kind is Kind.PDF:
            from ceping.documents.inspection.pdf import pdf_findings  # noqa: PLC0415 -- as said above

            findings += pdf_findings(path)
        elif kind is Kind.PARQUET:
            findings += _footer_findings(path)
        elif kind in PICTURES:
            from ceping.documents.inspection.picture import check_picture  # noqa: PLC0415 -- as said above

            check_picture(path, kind)
    except Refused as refused:
        findings.append(Finding(refused.code, "", "", tuple(refused.values.items())))
    told = [[one.code, one.place, one.values, one.level.value] for one in shortened(findings)]
    return {"kind": kind.value, "findings": told}


def _inside(archive: Archive, kind: Kind) -> list[Finding]:
    if kind is Kind.ZIP:
        return contents_findings(archive)
    return package_findings(archive) if kind in (Kind.DOCX, Kind.XLSX) else []


def _footer_findings(path: Path) -> list[Finding]:
    """A Parquet file ends with the length of its footer and the mark it begins with, or it was cut off on the way."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(size - 8, 0))
        length, mark = stream.read(4), stream.read(4)
    whole = mark == b"PAR1" and 0 < int.from_bytes(length, "little") <= size - 12
    return [] if whole else [fault("file_parquet_broken")]
