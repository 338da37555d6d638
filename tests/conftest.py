"""What every test folder shares: how Hypothesis searches, and where the project stands."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# `ci` is the same run for everybody, short enough for tests/core to end in ten seconds; `search` looks for new
# examples: HYPOTHESIS_PROFILE=search make test.
settings.register_profile(
    "ci", max_examples=50, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder that holds pyproject.toml."""
    return ROOT


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are Chinese unless a test asks otherwise; a developer's own settings change no result."""
    for name in ("CEPING_LANG", "CEPING_DEBUG"):
        monkeypatch.delenv(name, raising=False)
