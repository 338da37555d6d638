"""The shipped fonts taken anew from the packages that publish them, with their licences and checksums.

python -m ceping.documents.fonts.renew            fetch, and write the fonts, the licences and SHA256SUMS
python -m ceping.documents.fonts.renew --check    fetch, and say whether the files here are what the packages hold

Needs npm, apt-get and dpkg-deb (Debian 12). The fonts are whole and unchanged: their licences forbid a changed font
the old name, and a subset is a changed font. A PDF holds only the characters it shows.
"""

import gzip
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUMS = "SHA256SUMS"
_SERIF, _SANS = "@expo-google-fonts/noto-serif-sc@0.4.3", "@expo-google-fonts/noto-sans-sc@0.4.3"
_WENKAI, _TEX = "fonts-lxgw-wenkai", "texlive-lang-chinese"
_FROM_NPM = {
    # Light, because its strokes are as fine as those of 仿宋, beside which its characters stand.
    "NotoSerifSC-Light.ttf": (_SERIF, "300Light/NotoSerifSC_300Light.ttf"),
    "NotoSansSC-Medium.ttf": (_SANS, "500Medium/NotoSansSC_500Medium.ttf"),
    "LICENSE-NotoSerifSC": (_SERIF, "LICENSE_FONT"),
    "LICENSE-NotoSansSC": (_SANS, "LICENSE_FONT"),
}
_FROM_DEBIAN = {
    "LXGWWenKai-Regular.ttf": (_WENKAI, "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"),
    "FandolFang-Regular.otf": (
        _TEX,
        "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf",
    ),
}
# The package tells the licence in Debian's own form, in which the holders stand apart from the text.
_WENKAI_HOLDERS = """Copyright 2021-2023 LXGW, with Reserved Font Names "霞鹜" and "LXGW"
Copyright 2020 The Klee Project Authors

This Font Software is licensed under the SIL Open Font License, Version 1.1.

"""


def main() -> int:
    """0 when the files stand as published; 1 when they differ and were only to be checked."""
    checking = "--check" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        files = fetched_in(Path(scratch))
    if checking:
        differing = [name for name, content in files.items() if (HERE / name).read_bytes() != content]
        print("\n".join(differing) or "as published")  # noqa: T201 -- a program for the developer at a terminal
        return 1 if differing else 0
    for name, content in files.items():
        (HERE / name).write_bytes(content)
    return 0


def fetched_in(folder: Path) -> Mapping[str, bytes]:
    """Name and content of every font, its licence, and the checksums of all."""
    npm = {package: _npm_package(package, folder) for package in (_SERIF, _SANS)}
    debian = {package: _debian_package(package, folder) for package in (_WENKAI, _TEX)}
    files = {name: (npm[package] / path).read_bytes() for name, (package, path) in _FROM_NPM.items()}
    files |= {name: (debian[package] / path).read_bytes() for name, (package, path) in _FROM_DEBIAN.items()}
    told = (debian[_WENKAI] / "usr/share/doc/fonts-lxgw-wenkai/copyright").read_text(encoding="utf-8")
    files["LICENSE-LXGWWenKai"] = (_WENKAI_HOLDERS + _stanza(told, "License: OFL-1.1")).encode()
    fandol = debian[_TEX] / "usr/share/doc/texlive-doc/fonts/fandol"
    files["LICENSE-FandolFang"] = (fandol / "README").read_bytes() + gzip.decompress(
        (fandol / "COPYING.gz").read_bytes()
    )
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return {**files, SUMS: "".join(sums).encode()}


def _npm_package(name: str, folder: Path) -> Path:
    place = folder / name.replace("/", "-")
    place.mkdir()
    _run("npm", "pack", "--silent", name, folder=place)
    (archive,) = place.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(place, filter="data")
    return place / "package"


def _debian_package(name: str, folder: Path) -> Path:
    place = folder / name
    place.mkdir()
    _run("apt-get", "download", "-qq", name, folder=place)
    (archive,) = place.glob("*.deb")
    _run("dpkg-deb", "-x", str(archive), "whole", folder=place)
    return place / "whole"


def _run(program: str, *arguments: str, folder: Path) -> None:
    found = shutil.which(program)
    if found is None:
        raise SystemExit(f"{program} is needed")
    # Only programs of the system, and nothing that anybody typed.
    subprocess.run([found, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def _stanza(copyright_file: str, heading: str) -> str:
    """The text under a heading that stands alone: each line without its first blank, a dot for an empty one."""
    body = re.split(rf"^{re.escape(heading)}\n(?= )", copyright_file, flags=re.MULTILINE)[-1]
    lines = []
    for line in body.splitlines():
        if not line.startswith(" "):
            break
        lines.append("" if line == " ." else line[1:])
    return "\n".join(lines).strip() + "\n"


if __name__ == "__main__":
    sys.exit(main())
