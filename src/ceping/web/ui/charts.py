"""The scripts of the charts, which lie with the documents that draw with them too, among the static files."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from ceping.documents import page

_HERE = Path(page.__file__).resolve().parent
_PREFIX = "ui/charts"
# By folder the scripts a page may load: the library, the kinds of charts, and what draws them when they are seen.
_FOLDERS = {
    _HERE / "vendor": ("echarts.js",),
    _HERE / "templates" / "report": ("charts.js", "drawing.js"),
}


class ChartsFinder(BaseFinder):
    """Finds them under `ui/charts/`, and nothing else of those folders."""

    def check(self, **_: object) -> list[Any]:
        """Nothing can be set wrong."""
        return []

    def find(self, path: str, find_all: bool = False, **_: object) -> Any:  # noqa: FBT001, FBT002, ANN401 -- Django's own
        """Where that file lies."""
        folder, _slash, name = path.rpartition("/")
        found = [str(place / name) for place, names in _FOLDERS.items() if folder == _PREFIX and name in names]
        return found if find_all else next(iter(found), [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:  # noqa: ARG002
        """Every one of them with the place it lies in."""
        for place, names in _FOLDERS.items():
            storage = FileSystemStorage(location=place)
            storage.prefix = _PREFIX  # type: ignore[attr-defined]
            yield from ((name, storage) for name in names)
