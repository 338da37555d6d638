"""Which files were given: a file, or every file of a folder, each with the name it has in rejected.csv."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ceping.bulk.request import Source, Unreadable
from ceping.core.finding import Finding, fault

FORMS = ("csv", "jsonl", "parquet")


def sources_of(given: Sequence[Path], taken: str = "") -> list[Source]:
    """The files in the order given, each once, labels unique and not `taken`; raises Unreadable with every fault."""
    found: list[tuple[int, Source]] = []
    faults: list[Finding] = []
    seen: set[Path] = set()
    for number, path in enumerate(given, start=1):
        try:
            for source in _files_in(path) if path.is_dir() else [source_of(path)]:
                if source.path.resolve() not in seen:
                    seen.add(source.path.resolve())
                    found.append((number, source))
        except Unreadable as refusal:
            faults += refusal.findings
    if faults:
        raise Unreadable(*faults)
    names = Counter([taken, *(source.label for _, source in found)])
    return [
        # Two folders may hold a file of the same name; a refused row must still be found again.
        source if names[source.label] == 1 else Source(f"{number}/{source.label}", source.path, source.form)
        for number, source in found
    ]


def source_of(path: Path) -> Source:
    """One file by its ending; raises Unreadable when it is not there or its ending says nothing."""
    if not path.exists():
        raise Unreadable(fault("points_input_missing", file=path.name or str(path)))
    form = path.suffix.removeprefix(".").lower()
    if path.is_dir() or form not in FORMS:
        raise Unreadable(fault("points_input_kind", file=path.name or str(path)))
    return Source(path.name, path, form)


def _files_in(folder: Path) -> list[Source]:
    try:
        paths = sorted(folder.iterdir(), key=lambda path: path.name.encode(errors="surrogateescape"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unreadable(fault("points_input_unreadable", file=folder.name, reason=reason)) from None
    files = [path for path in paths if path.is_file() and not path.name.startswith(".")]
    sources = [source_of(path) for path in files if path.suffix.removeprefix(".").lower() in FORMS]
    forms = sorted({source.form for source in sources})
    if not forms:
        raise Unreadable(fault("points_folder_empty", file=folder.name))
    if len(forms) > 1:
        raise Unreadable(fault("points_folder_mixed", file=folder.name, given="、".join(forms)))
    return sources
