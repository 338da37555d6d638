"""Fixtures of every test that needs the platform; a test that asks for none of them starts no database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A clone of the migrated template for this process."""
    from testbed import clone  # noqa: PLC0415 -- Django is set up by now, not when this module is read

    with django_db_blocker.unblock():
        clone.renew()
    yield
    with django_db_blocker.unblock():
        clone.drop_own()


@pytest.fixture(autouse=True)
def own_folders(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Files and messages of a test lie in a folder of its own; what the cache counted before is forgotten."""
    asked = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if not asked and request.node.get_closest_marker("django_db") is None:
        return
    from django.core.cache import cache  # noqa: PLC0415 -- as above

    cache.clear()
    settings = request.getfixturevalue("settings")
    folder: Path = tmp_path_factory.mktemp("home")
    settings.MEDIA_ROOT = folder / "media"
    settings.EMAIL_FILE_PATH = folder / "outbox"


@pytest.fixture
def now() -> datetime:
    """A moment in the filing phase of the 2021 season."""
    return datetime(2022, 3, 10, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A real browser for the tests of a module; each opens contexts of its own."""
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 -- tests without a page need not wait for it

    from testbed.browser import CHROMIUM, QUIET  # noqa: PLC0415 -- as above

    # A busy machine is no fault of a page's.
    expect.set_options(timeout=30_000)
    _close_connections()
    with pytest.MonkeyPatch.context() as patch:
        # The browser's driver keeps a loop in this thread, which Django would take for an asynchronous program.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            made = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            yield made
            made.close()


def _close_connections() -> None:
    """No connection stays open where the tests of the browser, which run in a context of their own, cannot close it."""
    from django.apps import apps  # noqa: PLC0415 -- as above

    if apps.ready:
        from django.db import connections  # noqa: PLC0415 -- as above

        connections.close_all()
