"""Setting up tells uv what the user told pip, and says plainly when Python is too old."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

SETTINGS = [
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "UV_INSECURE_HOST", "SSL_CERT_FILE", "UV_NO_INDEX"),
    "UV_INDEX_STRATEGY",
]


@pytest.fixture
def install(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """requirements/install.py as a module, with no setting of the developer's own in the way."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    spec = importlib.util.spec_from_file_location("install", root / "requirements/install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def settings_after(install: ModuleType, monkeypatch: pytest.MonkeyPatch, listed: str) -> dict[str, str]:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=listed))
    environment = install._environment()
    return {name: environment[name] for name in SETTINGS if name in environment}


def test_every_setting_of_pip_reaches_uv(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = (
        ":env:.find-links='/b'\n"
        "global.cert='/certs.crt'\n"
        "global.extra-index-url='\\nfile:///one/simple\\nfile:///two/simple'\n"
        "global.find-links='/a /c'\n"
        "global.index-url='file:///mirror/simple'\n"
        "install.trusted-host='mirror.example'\n"
    )
    assert settings_after(install, monkeypatch, listed) == {
        "UV_DEFAULT_INDEX": "file:///mirror/simple",
        "UV_INDEX": "file:///one/simple file:///two/simple",
        "UV_FIND_LINKS": "/b",
        "UV_INSECURE_HOST": "mirror.example",
        "SSL_CERT_FILE": "/certs.crt",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_several_folders_are_parted_as_uv_wants_them(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_after(
        install, monkeypatch, "global.find-links='/a /c'\ninstall.index-url='x'\nglobal.index-url='y'\n"
    )
    assert (found["UV_FIND_LINKS"], found["UV_DEFAULT_INDEX"]) == ("/a,/c", "x")


def test_what_was_told_to_uv_itself_stands(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "file:///own")
    found = settings_after(install, monkeypatch, "global.index-url='file:///mirror'\n")
    assert found["UV_DEFAULT_INDEX"] == "file:///own"


def test_an_old_python_is_told_so(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 9))
    monkeypatch.setattr(sys, "argv", ["install.py", "runtime"])
    assert install.main() == 1
    assert capsys.readouterr().err.startswith("setup: Python 3.11 or newer is needed")


def test_a_machine_without_pip_is_told_so(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(install.shutil, "which", lambda *_, **__: None)
    monkeypatch.setattr(sys, "argv", ["install.py", "runtime"])
    assert install.main() == 1
    assert "pip is needed" in capsys.readouterr().err


def test_pip_takes_over_where_uv_fails(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, bool]] = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        if "list" not in command:
            word = "compileall" if "compileall" in command else str(command[0])
            calls.append((word, "--require-hashes" in command))
        return SimpleNamespace(returncode=int(command[0] == "uv"), stdout="")

    monkeypatch.setattr(install, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(install, "_installers", lambda: [["uv"], ["pip"], ["never"]])
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(sys, "argv", ["install.py", "dev"])
    assert install.main() == 0
    # Compiled last, so that no start pays for it.
    assert calls == [("uv", True), ("pip", True), ("pip", True), ("pip", False), ("compileall", False)]
