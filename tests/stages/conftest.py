"""A season that is ready to be computed, filled once for each module that asks for it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from testbed.evaluated import Evaluated


@pytest.fixture(scope="module")
def made(
    request: pytest.FixtureRequest, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, "Evaluated"]]:
    """The season in the database, and where its files lie."""
    from django.test import override_settings  # noqa: PLC0415 -- Django is set up by now, not when this is read
    from testbed import clone  # noqa: PLC0415 -- as above
    from testbed.evaluated import NOW, evaluated  # noqa: PLC0415 -- as above

    request.getfixturevalue("django_db_setup")
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media):
        found = evaluated(at=NOW)
    yield media, found
    with django_db_blocker.unblock():
        clone.renew()


@pytest.fixture
def found(made: tuple[Path, "Evaluated"], settings: Any) -> "Evaluated":
    """The same, for a test that puts its own changes back."""
    settings.MEDIA_ROOT = made[0]
    return made[1]
