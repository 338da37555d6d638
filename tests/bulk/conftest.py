"""What the tests of points files share: the shipped rules, a request, and a run of each engine."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ceping.bulk.request import Cluster, Engine
from ceping.bulk.rulebook import rulebook_of
from ceping.bulk.session import session_on
from ceping.core.scheme.points import PointsFile

sys.path.insert(0, str(Path(__file__).parents[1] / "factories"))


@pytest.fixture(scope="session")
def points() -> PointsFile:
    return rulebook_of("shanghai-2021").points


@pytest.fixture
def case() -> Path:
    return Path(__file__).parents[1] / "cases" / "points-small"


@pytest.fixture(scope="session")
def standing_spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A Spark that stays up between tests: its start takes longer than any of them."""
    few = (("spark.default.parallelism", "2"), ("spark.ui.enabled", "false"))
    with session_on(Cluster("local[2]", few), tmp_path_factory.mktemp("spark"), memory="1GB"):
        yield


@pytest.fixture(autouse=True)
def one_spark_for_all(request: pytest.FixtureRequest) -> None:
    """A test that is given the engine for clusters finds one standing."""
    call = getattr(request.node, "callspec", None)
    if call is not None and call.params.get("engine") is Engine.SPARK:
        request.getfixturevalue("standing_spark")
