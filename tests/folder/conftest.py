"""The hand-made season of three institutions, for every test of this room."""

from pathlib import Path

import pytest

from tests.factories.season import Trial


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Trial:
    return Trial(tmp_path, capsys)
