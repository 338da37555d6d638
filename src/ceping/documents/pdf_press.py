"""The typesetter with its fonts and templates laid out once: data in, a PDF or a picture out, or a clear refusal."""

import atexit
import json
import shutil
import tempfile
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from ceping.documents.fonts.faces import Faces, loaded
from ceping.documents.pdf_text import GRID_SIZE

_TEMPLATES = Path(__file__).parent / "templates/typst"
_STANDARD: Literal["a-2b"] = "a-2b"


class NotSet(RuntimeError):
    """The typesetter refused, or warned, which is no less: a font or a template of ours is at fault, no text."""


class Press:
    """One typesetter over one set of fonts. It works on one document at a time; threads wait for each other."""

    def __init__(self, site: Path | None) -> None:
        # Templates read nothing outside of their folder, so that pictures are laid beside them.
        self._folder = Path(tempfile.mkdtemp(prefix="ceping-press-"))
        atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        for template in _TEMPLATES.glob("*.typ"):
            shutil.copyfile(template, self._folder / template.name)
        self._compiler = typst.Compiler(root=self._folder, font_paths=loaded(site), ignore_system_fonts=True)
        self._turn = threading.Lock()

    def pdf(self, data: Mapping[str, Any], pictures: Mapping[str, bytes], dated: date) -> bytes:
        """The PDF/A-2b file of `form.typ`, the same bytes for the same data."""
        with self._turn:
            laid = [self._folder / name for name in pictures]
            try:
                for path in laid:
                    path.write_bytes(pictures[path.name])
                return self._set("form.typ", data, dated=dated)
            finally:
                for path in laid:
                    path.unlink(missing_ok=True)

    def png(self, data: Mapping[str, Any], dots: int) -> bytes:
        """The picture of `radar-alone.typ` at `dots` an inch."""
        with self._turn:
            return self._set("radar-alone.typ", data, dots=dots)

    def _set(self, template: str, data: Mapping[str, Any], *, dated: date | None = None, dots: int = 0) -> bytes:
        given = {"data": json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=dict)}
        path = self._folder / template
        try:
            if dated is None:
                made, warnings = self._compiler.compile_with_warnings(path, format="png", ppi=dots, sys_inputs=given)
            else:
                made, warnings = self._compiler.compile_with_warnings(
                    path,
                    format="pdf",
                    sys_inputs=given,
                    pdf_standards=_STANDARD,
                    timestamp=datetime(dated.year, dated.month, dated.day, tzinfo=UTC),
                )
        except typst.TypstError as error:
            raise NotSet(f"{error.message} {error.diagnostic}") from error
        if warnings or not isinstance(made, bytes):
            raise NotSet("; ".join(warning.message for warning in warnings) or "more than one page")
        return made


@cache
def press_for(site: Path | None) -> Press:
    """The press of this process over the shipped fonts and those of `site`."""
    return Press(site)


def pressed_png(data: Mapping[str, Any], faces: Faces, dots: int) -> bytes:
    """One picture by the radar's template."""
    return press_for(faces.site).png({**data, "fonts": faces.order, "size": GRID_SIZE}, dots)
