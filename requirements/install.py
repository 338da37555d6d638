"""The project and its pinned packages stand in .venv; needs nothing but Python and pip, takes uv where there is one.

python3 requirements/install.py runtime|dev     install
python3 requirements/install.py pin             write requirements/*.txt anew from pyproject.toml
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)
SOURCE_ONLY = "pyspark"
PINS = {
    "build": ["--group", "build"],
    "runtime": ["pyproject.toml"],
    "dev": [
        *("pyproject.toml", "--all-extras", "--group", "dev", "--group", "build"),
        *("-c", "requirements/runtime.txt", "-c", "requirements/build.txt"),
    ],
}
# pip's name of a setting, uv's, and what stands between several values there.
FOR_UV = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", " "),
    "no-index": ("UV_NO_INDEX", " "),
}


def main() -> int:
    """0 when .venv is ready; 1 with a plain sentence when it cannot be."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else "dev"
    if sys.version_info < OLDEST:
        return _sorry(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}; try: make PYTHON=python3.12")
    if wanted == "pin":
        return _pin()
    if not PYTHON.exists():
        # Debian splits ensurepip off python3, so the environment is made without pip and filled from outside.
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", VENV], check=True)
    wheels = ["--require-hashes", "--only-binary", ":all:"]
    build = ["-r", HERE / "build.txt"]
    steps: tuple[list[str | Path], ...]
    if wanted == "runtime":
        steps = ([*wheels, *build, "-r", HERE / "runtime.txt"],)
    else:
        # One package comes as source alone: what builds it stands first, so nothing is fetched for it without a hash.
        from_source = ["--no-binary", SOURCE_ONLY, "--no-build-isolation"]
        steps = ([*wheels, *build], [*wheels, *from_source, "-r", HERE / "dev.txt"])
    steps = (*steps, ["--no-deps", "--no-build-isolation", "--editable", ROOT])
    for installer in _installers():
        if all(subprocess.run([*installer, *step], env=_environment(), check=False).returncode == 0 for step in steps):
            return _compiled()
        print(f"{installer[0]} could not install the packages", file=sys.stderr)
    return _sorry("the packages could not be installed; pip is needed (Debian: apt install python3-pip) and a network")


def _compiled() -> int:
    """Every module stands compiled, so that no start pays for it; a file that cannot be is left to the interpreter."""
    folders = [ROOT / "src", *VENV.glob("lib/python*/site-packages"), *VENV.glob("Lib/site-packages")]
    subprocess.run([PYTHON, "-m", "compileall", "-q", "-j", "0", *folders], stdout=subprocess.DEVNULL, check=False)
    return 0


def _installers() -> list[list[str | Path]]:
    found: list[list[str | Path]] = []
    if uv := _uv():
        found.append([uv, "pip", "install", "--quiet", "--python", PYTHON])
    for pip in ([sys.executable, "-m", "pip"], ["pip3"], ["pip"]):
        if (
            shutil.which(pip[0])
            and subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode == 0
        ):
            found.append([*pip, "--python", PYTHON, "install", "--quiet", "--disable-pip-version-check"])
            break
    return found


def _uv() -> str | None:
    return shutil.which("uv") or shutil.which("uv", path=str(PYTHON.parent))


def _environment() -> dict[str, str]:
    """The environment with what the user told pip told to uv as well, which does not read pip's settings."""
    environment = dict(os.environ)
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    settings = {}
    # An environment variable wins over a file, and what is set for installing wins over what is set for everything.
    for line in sorted(listed, key=lambda line: (line.startswith(":env:"), line.startswith("install."))):
        name, _, value = line.partition("=")
        settings[name.rpartition(".")[2]] = " ".join(value.strip("'\"").replace("\\n", " ").split())
    for ours, (theirs, separator) in FOR_UV.items():
        if ours in settings:
            environment.setdefault(theirs, settings[ours].replace(" ", separator))
    environment.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return environment


def _pin() -> int:
    uv = _uv()
    if uv is None:
        return _sorry("uv is needed to write the pins: run make setup first")
    # A folder or second index that holds the wheel of one platform would leave all others without a hash.
    environment = {name: value for name, value in _environment().items() if name not in ("UV_INDEX", "UV_FIND_LINKS")}
    for name, sources in PINS.items():
        command = [uv, "pip", "compile", "--quiet", *sources, "--universal", "--python-version", "3.11"]
        command += [
            "--generate-hashes",
            "--no-header",
            "--no-emit-index-url",
            "--output-file",
            f"requirements/{name}.txt",
        ]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return 0


def _sorry(message: str) -> int:
    print(f"setup: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
