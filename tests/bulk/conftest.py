"""What the tests of points files share: the shipped rules, a request, and a run of each engine."""

import sys
from pathlib import Path

import pytest

from ceping.bulk.rulebook import rulebook_of
from ceping.core.scheme.points import PointsFile

sys.path.insert(0, str(Path(__file__).parents[1] / "factories"))


@pytest.fixture(scope="session")
def points() -> PointsFile:
    return rulebook_of("shanghai-2021").points


@pytest.fixture
def case() -> Path:
    return Path(__file__).parents[1] / "cases" / "points-small"
