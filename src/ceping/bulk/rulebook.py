"""The part of a scheme that points need: its name, its hash and points.toml, read without the other files."""

from dataclasses import dataclass

from ceping.bulk.request import Unreadable
from ceping.core.finding import fault
from ceping.core.scheme.header import HeaderFile
from ceping.core.scheme.points import PointsFile, points_faults
from ceping.core.scheme.reading import read_toml, table_of
from ceping.core.scheme.shipped import folder_of, hash_of, shipped_folders


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules and levels of one scheme version; `label` is `id@version`, `sha256` the hash of the whole scheme."""

    label: str
    sha256: str
    points: PointsFile


def rulebook_of(name: str) -> Rulebook:
    """The rules of the scheme of that id or folder; raises Unreadable with every finding of the two files."""
    folder = folder_of(name)
    if folder is None:
        raise Unreadable(fault("scheme_unknown", place=name, name=name, known="、".join(shipped_folders())))
    header = points = None
    data, findings = read_toml(folder / "scheme.toml", file="scheme.toml")
    if data is not None:
        header, faults = table_of(HeaderFile, data, file="scheme.toml")
        findings += faults
    data, faults = read_toml(folder / "points.toml", file="points.toml")
    findings += faults
    if data is not None:
        points, faults = table_of(PointsFile, data, file="points.toml")
        findings += faults
    if points is not None:
        findings += points_faults(points, "points.toml")
    if findings or header is None or points is None:
        raise Unreadable(*findings)
    try:
        sha256 = hash_of(folder)
    except FileNotFoundError as error:
        raise Unreadable(fault("file_missing", file=str(error.filename).rpartition("/")[2])) from None
    return Rulebook(f"{header.id}@{header.version}", sha256, points)
