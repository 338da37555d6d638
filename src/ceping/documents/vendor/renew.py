"""ECharts built anew from its npm package: the parts the report page draws with, its licences, and the checksums.

python -m ceping.documents.vendor.renew            build, and write echarts.js, the licences and SHA256SUMS
python -m ceping.documents.vendor.renew --check    build, and say whether the files here are what comes out

Needs npm. What is installed is what package-lock.json names, held against its checksums by npm itself.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = "echarts.js"
SUMS = "SHA256SUMS"
_ENTRY = "echarts-entry.js"
_GIVEN = ("package.json", "package-lock.json", _ENTRY)
_LICENCES = {
    "LICENSE-echarts": "echarts/LICENSE",
    "NOTICE-echarts": "echarts/NOTICE",
    "LICENSE-d3": "echarts/licenses/LICENSE-d3",
    "LICENSE-zrender": "zrender/LICENSE",
    "LICENSE-tslib": "tslib/LICENSE.txt",
}
# Told in the built file itself, because the page carries it to people who never see this folder.
_IN_BANNER = ("NOTICE-echarts", "LICENSE-zrender", "LICENSE-d3", "LICENSE-tslib")
_OPTIONS = (
    *("--bundle", "--minify", "--format=iife", "--global-name=echarts", "--target=es2020"),
    *("--legal-comments=none", "--log-level=error", f"--outfile={BUILT}"),
)


def main() -> int:
    """0 when the files stand as built; 1 when they differ and were only to be checked."""
    checking = "--check" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        files = built_in(Path(scratch))
    if checking:
        differing = [name for name, text in files.items() if (HERE / name).read_bytes() != text]
        print("\n".join(differing) or "as built")  # noqa: T201 -- a program for the developer at a terminal
        return 1 if differing else 0
    for name, text in files.items():
        (HERE / name).write_bytes(text)
    return 0


def built_in(folder: Path) -> Mapping[str, bytes]:
    """Name and content of every file that comes out of the build."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed")
    for name in _GIVEN:
        shutil.copyfile(HERE / name, folder / name)
    install = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(install, cwd=folder, check=True)  # noqa: S603 -- npm, and nothing that anybody typed
    modules = folder / "node_modules"
    licences = {name: (modules / source).read_bytes() for name, source in _LICENCES.items()}
    bundler = [str(modules / ".bin/esbuild"), _ENTRY, *_OPTIONS]
    subprocess.run(bundler, cwd=folder, check=True)  # noqa: S603 -- as above
    version = json.loads((modules / "echarts/package.json").read_bytes())["version"]
    banner = f"Apache ECharts {version}, in part, licensed under the Apache License, Version 2.0.\n\n"
    banner += "\n\n".join(licences[name].decode().strip() for name in _IN_BANNER)
    files = {BUILT: f"/*! {banner} */\n".encode() + (folder / BUILT).read_bytes(), **licences}
    sums = [f"{hashlib.sha256(text).hexdigest()}  {name}\n" for name, text in sorted(files.items())]
    return {**files, SUMS: "".join(sums).encode()}


if __name__ == "__main__":
    sys.exit(main())
