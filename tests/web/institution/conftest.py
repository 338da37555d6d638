"""A season in which the reader of the desk writes for one institution, at a moment in its filing phase."""

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from tests.factories.report import complete_report

if TYPE_CHECKING:
    from testbed.scene import Scene

    from tests.web.institution.desk import Desk


@pytest.fixture
def here(now: datetime, monkeypatch: pytest.MonkeyPatch) -> "Scene":
    from testbed.scene import scene  # noqa: PLC0415 -- Django is set up by now, not when this module is read

    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return scene()


@pytest.fixture
def whole(here: "Scene") -> "Scene":
    """The same with a report that can be submitted, all but the commitment."""
    from testbed.scene import fill  # noqa: PLC0415 -- as above

    data = complete_report(uscc=here.institution.uscc, name=here.institution.name)
    del data["commitment"]
    fill(here.entry, data, here.alice)
    return here


@pytest.fixture
def desk(here: "Scene") -> "Desk":
    from tests.web.institution.desk import Desk  # noqa: PLC0415 -- as above

    return Desk(here, here.alice)
