"""Papers into a folder: each in its formats, several at once, kept when nothing changed, gone when no longer made."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ceping import __version__
from ceping.core.finding import Finding, Level, fault
from ceping.documents.excel_form import FormSheet, form_book
from ceping.documents.fonts.faces import SETTING, faces_from
from ceping.documents.inspection.names import shown_name
from ceping.documents.pdf import to_pdf, unprintable_in
from ceping.documents.sheet import Document
from ceping.documents.word import to_word
from ceping.folder.batch import Batch, Made, Piece, fill, left_in, still_right
from ceping.folder.papers import BEFORE_RESULTS, Sources

COMMAND, MARKER = "papers", "papers.json"
_APART = str.maketrans(dict.fromkeys("/\\", "_"))


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: `kind` and `of` name it among all, `folder` and `stem` its files; sheets make a workbook of it."""

    kind: str
    of: str
    stem: str
    document: Document
    folder: str = ""
    word: bool = False
    sheets: tuple[FormSheet, ...] = ()

    @property
    def key(self) -> str:
        """The name of its piece."""
        return f"{self.kind}.{self.of}" if self.of else self.kind

    @property
    def inputs(self) -> str:
        """The hash of all that decides its bytes."""
        told = f"{__version__}\n{os.environ.get(SETTING, '')}\n{self!r}"
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def write_papers(
    batch: Batch,
    papers: Iterable[Paper],
    *,
    kinds: Iterable[str],
    about: Mapping[str, str],
    workers: int = 0,
    step: Callable[[int], None] = lambda _: None,
) -> list[Finding]:
    """Every paper stands in the folder of the batch; of kinds that were not asked for, the former ones stay.

    `about` names `season`, `scheme` and `results`, the hash of results.json or nothing; papers of another season, or of
    another result, do not stay.
    """
    asked, told = frozenset(kinds), _told(batch.out / batch.marker)
    findings: list[Finding] = []
    for made in fill(batch, (Piece(paper.key, paper) for paper in papers), make_paper, workers=workers):
        findings += made.findings
        step(1)
    gone = 0
    for key, former in batch.former.items():
        kind = key.partition(".")[0]
        if kind not in asked:
            if _stays(kind, told, about):
                batch.keep(former)
            else:
                gone += 1
    if gone:
        findings.append(fault("papers_replaced", level=Level.WARNING, path=batch.out, count=gone))
    results = about["results"] or str(told.get("results", ""))
    batch.finish({"format": 1, "ceping": __version__, **about, "results": results})
    return findings


def about_of(sources: Sources) -> dict[str, str]:
    """What papers are told apart by: season, scheme, and the result if there is one."""
    season, result = sources.season, sources.result
    sha256 = "" if result is None else result.sha256
    return {"season": season.terms.title, "scheme": season.scheme.label, "results": sha256}


def _stays(kind: str, told: Mapping[str, Any], about: Mapping[str, str]) -> bool:
    """Whether a former paper that was not asked for belongs to the same season, and to the same result if of one."""
    if any(told.get(key) != about[key] for key in ("season", "scheme")):
        return False
    same = not about["results"] or told.get("results") in ("", about["results"])
    return kind in BEFORE_RESULTS or same


def _told(marker: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(marker.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def make_paper(paper: Paper, place: Path, former: Made | None, out: Path) -> Made:
    """The files of one paper stand in `place`, unless former ones are still right."""
    inputs = paper.inputs
    if former is not None and still_right(former, inputs, out):
        return replace(former, kept=True)
    faces, fonts = faces_from(os.environ)
    folder = place / paper.folder if paper.folder else place
    folder.mkdir(exist_ok=True)
    stem = paper.stem.translate(_APART)
    document = paper.document
    (folder / shown_name(f"{stem}.pdf")).write_bytes(to_pdf(document, faces))
    if paper.word:
        (folder / shown_name(f"{stem}.docx")).write_bytes(to_word(document))
    if paper.sheets:
        book = form_book(paper.sheets, title=document.title, dated=document.dated)
        (folder / shown_name(f"{stem}.xlsx")).write_bytes(book)
    found = [
        replace(one, file=f"{paper.folder}/{stem}".lstrip("/")) for one in (*fonts, *unprintable_in(document, faces))
    ]
    return left_in(paper.key, inputs, place, found)
