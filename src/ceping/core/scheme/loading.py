"""A scheme folder, shipped or given by path, into one checked and hashed scheme, or every finding at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ceping.core.finding import Finding, errors_in, fault
from ceping.core.scheme.checking import faults_of
from ceping.core.scheme.reading import read_toml, table_without_unknown
from ceping.core.scheme.shipped import folder_of, hash_of, shipped_folders
from ceping.core.scheme.whole import FILES, OPTIONAL, Scheme

__all__ = ["FILES", "OPTIONAL", "Scheme", "json_schema_of", "load", "load_folder"]


def load(name: str) -> tuple[Scheme | None, list[Finding]]:
    """The scheme of that id or folder with its warnings, or None and every finding that keeps it from being used."""
    folder = folder_of(name)
    if folder is None:
        known = "、".join(shipped_folders())
        return None, [fault("scheme_unknown", place=name, name=name, known=known)]
    return load_folder(folder)


def load_folder(folder: Path) -> tuple[Scheme | None, list[Finding]]:
    """As `load`, for one folder."""
    tables: dict[str, Any] = {}
    findings: list[Finding] = []
    for file, model in FILES.items():
        if file in OPTIONAL and not (folder / file).exists():
            tables[file] = None
            continue
        data, faults = read_toml(folder / file, file=file)
        findings += faults
        if data is not None:
            table, faults = table_without_unknown(model, data, file=file)
            findings += faults
            if table is not None:
                tables[file] = table
    findings += _strangers(folder)
    # What stands between the files can be checked as soon as each of them can be read.
    if len(tables) < len(FILES):
        return None, findings
    scheme = Scheme(hash_of(folder), *(tables[file] for file in FILES))
    findings += faults_of(scheme)
    return (None if errors_in(findings) else scheme), findings


def _strangers(folder: Path) -> Iterator[Finding]:
    known = {*FILES, "cases"}
    for name in sorted(path.name for path in folder.iterdir()):
        if name not in known and not name.startswith("."):
            yield fault("scheme_file_unknown", file=name, known="、".join(FILES))


def json_schema_of(file: str) -> dict[str, Any]:
    """The JSON Schema of one file of a scheme, for editors; the strict reading itself is `table_of`."""
    return FILES[file].model_json_schema(by_alias=True)
