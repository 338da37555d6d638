"""PDF files: locked ones and endless ones are refused; what could act when somebody opens one is asked about."""

from collections.abc import Iterator
from pathlib import Path

import pikepdf

from ceping.core.finding import Finding, Level, fault
from ceping.documents.refusal import Refused

MOST_PAGES = 2_000
# Beyond it a file is looked at in part and says so; a scan of 300 pages has about a thousand objects.
MOST_OBJECTS = 60_000
_DEEPEST = 40
_SCRIPTS = frozenset({"/JavaScript"})
_LAUNCHES = frozenset({"/Launch", "/ImportData", "/SubmitForm", "/GoToE"})
_PLAYERS = frozenset({"/RichMedia", "/Screen", "/3D", "/Movie"})


def pdf_findings(path: Path) -> list[Finding]:
    """All that is odd about a PDF. Raises `Refused` when it is locked, broken or too long."""
    try:
        with pikepdf.open(path) as document:
            pages = len(document.pages)
            if pages > MOST_PAGES:
                raise Refused("pdf_many_pages", {"count": str(pages), "most": str(MOST_PAGES)})
            if not pages:
                raise Refused("pdf_no_page")
            findings = list(_acts(document))
            _check_read(document)
            if document.is_encrypted:
                findings.append(fault("pdf_restricted", level=Level.WARNING))
    except pikepdf.PasswordError:
        raise Refused("pdf_password") from None
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, OSError) as error:
        raise Refused("pdf_damaged", detail=type(error).__name__) from None
    return findings


def _check_read(document: pikepdf.Pdf) -> None:
    """Objects that could not be unpacked are left out by the reader without a word, and what they do with them."""
    warnings = " ".join(str(one) for one in document.get_warnings())
    if "bad_alloc" in warnings:
        raise Refused("file_too_much_memory")
    if "error decoding stream data" in warnings:
        raise Refused("pdf_damaged", detail="an object stream")


def _acts(document: pikepdf.Pdf) -> Iterator[Finding]:
    found: set[str] = set()
    for count, thing in enumerate(document.objects):
        if count >= MOST_OBJECTS:
            yield fault("pdf_many_objects", level=Level.WARNING, most=f"{MOST_OBJECTS:,}")
            break
        _walk(thing, found, 0)
    if "script" in found:
        yield fault("pdf_script", level=Level.WARNING)
    if "launch" in found:
        yield fault("pdf_launch", level=Level.WARNING)
    if "file" in found:
        yield fault("pdf_embedded", level=Level.WARNING)
    if "player" in found:
        yield fault("pdf_player", level=Level.WARNING)


def _walk(thing: pikepdf.Object, found: set[str], depth: int) -> None:
    """Marks what a dictionary says it does; what it refers to comes by itself, as an object of its own."""
    if depth > _DEEPEST:
        return
    if isinstance(thing, pikepdf.Array):
        for part in thing:
            if isinstance(part, pikepdf.Dictionary | pikepdf.Array) and not part.is_indirect:
                _walk(part, found, depth + 1)
        return
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return
    for key, value in thing.items():
        if key == "/S" and isinstance(value, pikepdf.Name):
            found.update(_named(str(value)))
        elif key == "/JS":
            found.add("script")
        elif key in ("/EmbeddedFiles", "/EF"):
            found.add("file")
        elif key == "/Subtype" and isinstance(value, pikepdf.Name) and str(value) in _PLAYERS:
            found.add("player")
        if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect:
            _walk(value, found, depth + 1)


def _named(action: str) -> Iterator[str]:
    if action in _SCRIPTS:
        yield "script"
    elif action in _LAUNCHES:
        yield "launch"
