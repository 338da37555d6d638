"""What can be told of a file of evidence by looking at it: its kind, hash, pages, whether it is a scan, its sign."""

import mmap
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import file_digest
from pathlib import Path
from typing import Any

from ceping.core.finding import Level
from ceping.documents.confined import MB, Limits, Refused, run
from ceping.documents.inspection.content import look
from ceping.documents.kinds import PICTURES, Kind, kind_of
from ceping.documents.likeness import sign_of

# A photograph of 40 million pixels takes half of this while it is turned upright.
OF_ONE = Limits(cpu_seconds=60, memory_bytes=2048 * MB, wall_seconds=120, written_bytes=64 * MB)
_LOOK = "ceping.documents.evidence:look_at"
_CONVERT = "ceping.documents.pictures:convert_files"
_SNIFFED = 20
_FEW_CHARACTERS = 10


def facts_of(folder: Path, names: Sequence[str]) -> list[dict[str, Any]]:
    """Of each file of the folder what `look_at` tells, or why nobody can look: `{"refused", "values"}`."""
    return _together(_LOOK, folder, {"names": list(names)})


def converted(folder: Path, names: Sequence[str], *, into: Path, stems: Sequence[str]) -> list[dict[str, Any]]:
    """Each scan's pages stand in `into` as `stem_1.jpg` …; of each it tells `{"pages"}` or `{"refused", "values"}`."""
    return _together(_CONVERT, folder, {"names": list(names), "stems": list(stems)}, into=str(into.absolute()))


def _together(task: str, folder: Path, lists: Mapping[str, list[str]], **more: str) -> list[dict[str, Any]]:
    """What the task tells of each file: one child for all; when a file brings it down, each gets a child of its own."""
    count = len(lists["names"])
    if not count:
        return []
    many = replace(OF_ONE, cpu_seconds=10 + 8 * count, wall_seconds=20 + 20 * count)
    with suppress(Refused):
        told: list[dict[str, Any]] = run(task, folder, {**lists, **more}, limits=many)
        return told
    found = []
    for place in range(count):
        alone = {key: [values[place]] for key, values in lists.items()}
        try:
            found += run(task, folder, {**alone, **more}, limits=OF_ONE)
        except Refused as refused:
            found.append({"refused": refused.code, "values": refused.values})
    return found


def look_at(path: Path, *, names: Sequence[str]) -> list[dict[str, Any]]:
    """Of each file of the folder `path`: kind, size, sha256, pages, `scan` and `signed` of a PDF, `sign` of a picture.

    Made to be called in a child. A file that cannot be decoded says so under `refused`, beside what is known of it.
    """
    return [_look(path / name) for name in names]


def _look(path: Path) -> dict[str, Any]:
    kind = kind_of(path)
    with path.open("rb") as stream:
        told: dict[str, Any] = {
            "kind": kind.value,
            "size": path.stat().st_size,
            "sha256": file_digest(stream, "sha256").hexdigest(),
        }
    looked = look(path)
    told["findings"] = looked["findings"]
    if any(level == Level.ERROR.value for *_, level in looked["findings"]):
        return told
    try:
        if kind is Kind.PDF:
            told |= _pdf(path)
        if kind in PICTURES or told.get("scan"):
            sign = sign_of(path)
            told["sign"] = {"short": sign.short.hex(), "long": sign.long.hex(), "plain": sign.plain}
    except Refused as refused:
        told |= {"refused": refused.code, "values": refused.values}
    return told


def _pdf(path: Path) -> dict[str, Any]:
    import pypdfium2 as pdfium  # noqa: PLC0415 -- a folder of pictures needs none of it

    try:
        document = pdfium.PdfDocument(path)
        count = len(document)
        scan = count > 0 and all(_is_scanned(document[number]) for number in range(min(count, _SNIFFED)))
        document.close()
    except pdfium.PdfiumError as error:
        raise Refused("scan_pdf_locked" if "password" in str(error).lower() else "scan_pdf_broken") from error
    return {"pages": count, "scan": scan and not is_signed(path), "signed": is_signed(path)}


def _is_scanned(page: Any) -> bool:  # noqa: ANN401 -- the library carries no types
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE  # noqa: PLC0415 -- as above

    text = page.get_textpage()
    few = text.count_chars() < _FEW_CHARACTERS
    text.close()
    return few and next(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None


def is_signed(path: Path) -> bool:
    """Whether a PDF carries a digital signature, by the mark that every one of them has to leave uncompressed."""
    with path.open("rb") as stream:
        if not path.stat().st_size:
            return False
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(b"/ByteRange") >= 0
