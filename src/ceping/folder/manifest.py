"""The list of a package's files with their hashes, as `sha256sum` writes it, and whether a folder still agrees."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ceping.core.finding import Finding, fault
from ceping.folder.output import Refused
from ceping.folder.records import GB18030, UTF8

MANIFEST = "manifest.sha256"
MARKER = "package.json"
SCHEME = "scheme"
RESULTS = "results.json"
PACKAGE_NAMES = frozenset({MANIFEST, MARKER, SCHEME, RESULTS})
_MOST_BYTES = 64 << 20
_LINE = re.compile(r"([0-9a-f]{64})  ([^\\\r\n]+)", re.ASCII)
_UNFIT = re.compile(r"[\\\x00-\x1f\x7f\ud800-\udfff]")
_CHUNK = 1 << 20


def is_package(folder: Path) -> bool:
    """Whether the folder says that it is a package: it holds a manifest."""
    return (folder / MANIFEST).is_file()


def write_manifest(folder: Path) -> None:
    """`manifest.sha256` lists every other file of the folder, by path."""
    lines = [f"{_sha256(folder / name)}  {name}\n" for name in sorted(files_in(folder)) if name != MANIFEST]
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8", newline="\n")


def is_listable(name: str) -> bool:
    """Whether a file of this path can stand in a manifest: no backslash, no control character, plain Unicode."""
    return _UNFIT.search(name) is None


def package_faults(folder: Path) -> list[Finding]:
    """Every file that changed, is missing or was added since the list was made; raises Refused when it is no list."""
    listed = _listed(folder / MANIFEST)
    present = files_in(folder) - {MANIFEST}
    found = [fault("package_file_missing", file=_shown(name)) for name in sorted(set(listed) - present)]
    for name in sorted(present):
        if name not in listed:
            found.append(fault("package_file_added", file=_shown(name)))
        elif _is_changed(folder / name, listed[name]):
            found.append(fault("package_file_changed", file=name))
    return found


def encoding_of(folder: Path) -> str:
    """The encoding that the tables of this package may have beside UTF-8; raises Refused."""
    try:
        found = json.loads((folder / MARKER).read_bytes())
    except OSError as error:
        raise _unreadable(MARKER, error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(MARKER, str(error)[:120]) from error
    encoding = found.get("encoding") if isinstance(found, dict) else None
    if encoding not in (UTF8, GB18030):
        raise _unreadable(MARKER, f"encoding 应为 {UTF8} 或 {GB18030}")
    return str(encoding)


def _is_changed(path: Path, sha256: str) -> bool:
    try:
        # A link may lead out of the package, and to something else tomorrow.
        return path.is_symlink() or _sha256(path) != sha256
    except OSError as error:
        raise _unreadable(path.name, error.strerror or str(error)) from error


def _listed(path: Path) -> dict[str, str]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _unreadable(MANIFEST, f"文件超过 {_MOST_BYTES >> 20} MB")
        text = path.read_bytes().decode()
    except OSError as error:
        raise _unreadable(MANIFEST, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise _unreadable(MANIFEST, "不是 UTF-8 文本") from error
    listed: dict[str, str] = {}
    *lines, rest = text.split("\n")
    for number, line in enumerate([*lines, *([rest] if rest else [])], 1):
        found = _LINE.fullmatch(line)
        if found is None or number > len(lines) or not _is_inside(found[2]) or found[2] in listed:
            raise _unreadable(MANIFEST, f"第 {number} 行不是“SHA-256、两个空格、路径”，或路径重复")
        listed[found[2]] = found[1]
    return listed


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.as_posix() == name and is_listable(name)


def files_in(folder: Path) -> set[str]:
    """The paths of all files in the folder, links to folders among them; raises Refused when it cannot be read."""
    return {path.relative_to(folder).as_posix() for path in _walk(folder)}


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder, onerror=_raise):
        yield from (Path(place) / name for name in files)
        yield from (path for name in folders if (path := Path(place) / name).is_symlink())


def _raise(error: OSError) -> None:
    raise _unreadable(Path(str(error.filename)).name, error.strerror or str(error))


def _unreadable(name: str, reason: str) -> Refused:
    return Refused(fault("package_unreadable", file=_shown(name), reason=reason))


def _shown(name: str) -> str:
    return name[:200].encode("utf-8", "replace").decode()


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
