"""Where scheme folders are and what their hash is; light to import, since listing schemes needs no more."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

SHIPPED = Path(__file__).parents[2] / "schemes"
FILE_NAMES = (
    "scheme.toml",
    "form.toml",
    "indicators.toml",
    "points.toml",
    "verification.toml",
    "summary.toml",
    "outcome.toml",
)


def folder_of(name: str) -> Path | None:
    """The folder of a shipped scheme: `id` means its highest version, `id@version` that one; or a folder by path."""
    if "/" not in name and name not in (".", ".."):
        shipped = shipped_folders()
        if name in shipped:
            return shipped[name]
        versions = [label for label in shipped if label.partition("@")[0] == name]
        if versions:
            return shipped[max(versions, key=lambda label: int(label.partition("@")[2]))]
    path = Path(name)
    try:
        return path if path.is_dir() else None
    except (OSError, ValueError):
        # A name too long or with a NUL is no folder's.
        return None


def shipped_folders() -> Mapping[str, Path]:
    """Every shipped version as `id@version`, by id then version; a folder `id` without a number is version 1."""
    found: list[tuple[str, int, Path]] = []
    for path in SHIPPED.iterdir():
        name, _, version = path.name.partition("@")
        if (path / "scheme.toml").is_file() and (not version or version.isdigit()):
            found.append((name, int(version or 1), path))
    return {f"{name}@{version}": path for name, version, path in sorted(found)}


def hash_of(folder: Path) -> str:
    """SHA-256 over one line `sha256  name` for each file of the scheme in order of name, as `sha256sum` prints them."""
    lines = []
    for file in sorted(name for name in FILE_NAMES if (folder / name).is_file()):
        digest = hashlib.sha256((folder / file).read_bytes()).hexdigest()
        lines.append(f"{digest}  {file}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()
