"""What every test folder shares: how Hypothesis searches, and where the project stands."""

import importlib
import os
from pathlib import Path

import django
import pytest
from hypothesis import HealthCheck, settings
from testbed.fixtures import browser, django_db_setup, now, own_folders

from ceping.documents.confined import keep_nursery

# Here, because only a conftest's fixtures come before those of the plugin they replace.
__all__ = ["browser", "django_db_setup", "now", "own_folders"]

ROOT = Path(__file__).resolve().parent.parent
# What these try knows no Django, so a run of them alone does not wait for it.
LIBRARY = [ROOT / "tests" / name for name in ("bench", "bulk", "core", "documents", "folder", "postgres")]

# `quick`, unless asked otherwise, is short enough for tests/core to end in ten seconds; `ci` is what `make test` takes;
# both are the same run for everybody. `search` looks for new examples: HYPOTHESIS_PROFILE=search make test.
_PROFILES = {"quick": 10, "ci": 25, "search": 2000}
for _name, _examples in _PROFILES.items():
    settings.register_profile(
        _name,
        max_examples=_examples,
        derandomize=_name != "search",
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_configure(config: pytest.Config) -> None:
    """The platform is set up unless the run is of the library's own tests."""
    asked = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    if not all(any(path.is_relative_to(folder) for folder in LIBRARY) for path in asked):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "testbed.settings")
        django.setup()
        # Before any test says that this is a demo, which has more addresses.
        importlib.import_module("ceping.config.urls")
        # As the platform's own processes do, and a run of hundreds of files is the shorter for it.
        keep_nursery()


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder that holds pyproject.toml."""
    return ROOT


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are Chinese unless a test asks otherwise; a developer's own settings change no result."""
    for name in ("CEPING_LANG", "CEPING_DEBUG"):
        monkeypatch.delenv(name, raising=False)
