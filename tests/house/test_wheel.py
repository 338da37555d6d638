"""The wheel holds every file of the package and nothing else; schemes and texts travel with the code."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def members(root: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=root,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_package_whole(root: Path, members: set[str]) -> None:
    files = {
        path.relative_to(root / "src").as_posix()
        for path in (root / "src/ceping").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in members if ".dist-info/" not in name} == files
    assert {"ceping/py.typed", "ceping/core/texts/zh/scheme.toml", "ceping/schemes/shanghai-2021/scheme.toml"} <= files


def test_the_wheel_carries_its_licence(members: set[str]) -> None:
    licences = {name.partition("/licenses/")[2] for name in members if "/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE"}
