"""One evaluated season for every test of the report page."""

import pytest

from tests.factories.report_page import Sample, evaluated


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return evaluated(tmp_path_factory.mktemp("page"), institutions=24, events=3000)
