"""The licence of each institution read by OCR and held against its report; what comes of it is for a person."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from ceping.core.finding import Finding, Level, fault
from ceping.documents.evidence import converted
from ceping.documents.ocr import SAME, UNREAD, Reader, Reading, faults_in_reading
from ceping.documents.refusal import Refused
from ceping.folder.attachments import Gathered, Holding
from ceping.folder.attachments_matching import suggestion

# The item that asks for the licence is the first of every checklist that has one.
_WORDS = ("营业执照", "登记证书", "执业许可证", "法人证书")
_MOST = 4


def read_licences(gathered: Gathered, *, step: Callable[[int], None] = lambda _: None) -> list[Finding]:
    """What a person should look at, institution by institution; one finding when the extra is missing."""
    if gathered.scheme is None:
        return []
    try:
        reader = Reader()
    except Refused as refused:
        return [fault("ocr_absent", level=Level.WARNING)] if refused.code == "ocr_absent" else []
    found: list[Finding] = []
    for held in gathered.holdings:
        found += _read(held, gathered, reader)
        step(1)
    return found


def _read(held: Holding, gathered: Gathered, reader: Reader) -> list[Finding]:
    names = licences_of(held, gathered)
    if not names:
        return [fault("ocr_no_licence", file=held.where or held.name, level=Level.WARNING)]
    best: tuple[Reading, str] | None = None
    for name in names[:_MOST]:
        try:
            # The reader meets only what a child has made anew from the file.
            with TemporaryDirectory(prefix="ceping-ocr-") as scratch:
                converted(held.folder, [name], into=Path(scratch), stems=["page"])
                reading = reader.read_licence(Path(scratch) / "page_1.jpg", code=held.uscc, name=held.name)
        except FileNotFoundError:
            continue  # the check of the files has said why
        if best is None or _weight(reading) > _weight(best[0]):
            best = (reading, name)
        if reading.code.result == SAME and reading.name.result == SAME:
            break
    if best is None:
        return []
    file = f"{held.where}/{best[1]}" if held.where else best[1]
    return faults_in_reading(best[0], code=held.uscc, name=held.name, file=file)


def licences_of(held: Holding, gathered: Gathered) -> list[str]:
    """The files that may be the licence, by the report's list or by their names."""
    if gathered.scheme is None:
        return []
    items = gathered.scheme.form.checklist.items
    wanted = {item.number for item in items if any(word in item.text for word in _WORDS)}
    listed = [name for name in held.names if any(one.item in wanted for one in held.listed(name))]
    if listed:
        return listed
    likely = ((name, suggestion(name, items, institution=held.name)) for name in held.names)
    return [name for name, one in likely if one is not None and one.item in wanted]


def _weight(reading: Reading) -> tuple[int, int]:
    results = (reading.code.result, reading.name.result)
    return sum(result == SAME for result in results), sum(result != UNREAD for result in results)
