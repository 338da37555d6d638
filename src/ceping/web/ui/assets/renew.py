"""Tabler's style sheet and icons and htmx taken anew from their npm packages, with licences and checksums.

python -m ceping.web.ui.assets.renew            write static/ui/vendor
python -m ceping.web.ui.assets.renew --check    say whether what stands there is what the packages hold

Needs npm. What is installed is what package-lock.json names, held against its checksums by npm itself.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parent / "static/ui/vendor"
SUMS = "SHA256SUMS"
_GIVEN = ("package.json", "package-lock.json")
_COPIED = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "LICENSE-htmx": "htmx.org/LICENSE",
    "LICENSE-tabler-icons": "@tabler/icons/LICENSE",
}
_SOURCE_MAP = re.compile(rb"/\*# sourceMappingURL=[^*]*\*/\s*")
# Everything around the shapes, and the invisible square that holds their place.
_FRAME = re.compile(r"<path stroke=\"none\"[^>]*/>|</?svg[^>]*>|\n\s*")


def main() -> int:
    """0 when the files stand as taken; 1 when they differ and were only to be checked."""
    checking = "--check" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        files = taken_into(Path(scratch))
    if checking:
        differing = [name for name, content in files.items() if (VENDOR / name).read_bytes() != content]
        print("\n".join(differing) or "as taken")  # noqa: T201 -- a program for the developer at a terminal
        return 1 if differing else 0
    VENDOR.mkdir(exist_ok=True)
    for name, content in files.items():
        (VENDOR / name).write_bytes(content)
    return 0


def taken_into(folder: Path) -> Mapping[str, bytes]:
    """Name and content of every file, out of packages installed in `folder`."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed")
    for name in _GIVEN:
        shutil.copyfile(HERE / name, folder / name)
    install = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(install, cwd=folder, check=True)  # noqa: S603 -- npm, and nothing that anybody typed
    modules = folder / "node_modules"
    files = {name: (modules / source).read_bytes() for name, source in _COPIED.items()}
    # A source map would be asked for, and is not there.
    style = (modules / "@tabler/core/dist/css/tabler.min.css").read_bytes()
    files["tabler.min.css"] = _SOURCE_MAP.sub(b"", style)
    # Its package holds no licence of its own; the words are those of the project's repository.
    files["LICENSE-tabler"] = (HERE / "LICENSE-tabler").read_bytes()
    files["icons.svg"] = _sprite(modules / "@tabler/icons/icons/outline")
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return {**files, SUMS: "".join(sums).encode()}


def _sprite(icons: Path) -> bytes:
    """The icons named in icons.txt as symbols of one picture."""
    symbols = []
    for name in (HERE / "icons.txt").read_text(encoding="ascii").split():
        shapes = _FRAME.sub("", (icons / f"{name}.svg").read_text(encoding="utf-8"))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>\n')
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "".join(symbols) + "</svg>\n").encode()


if __name__ == "__main__":
    sys.exit(main())
