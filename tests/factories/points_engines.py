"""The engines as parameters of a test; the one for clusters is slow."""

import pytest

from ceping.bulk.request import Engine

ENGINES = [Engine.DUCKDB, Engine.REFERENCE, pytest.param(Engine.SPARK, marks=pytest.mark.slow)]
