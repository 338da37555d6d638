"""What tests/core does without: every test there is short, so what surrounds each of them has to be short as well."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ceping.core.scheme import loading
from ceping.core.scheme.shipped import SHIPPED
from tests.factories.synthetic import SYNTHETIC


@pytest.fixture(scope="session", autouse=True)
def chinese() -> Iterator[None]:
    """As for all tests, but once: texts are Chinese unless a test asks otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CEPING_LANG", "CEPING_DEBUG"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def good_files_are_read_once() -> Iterator[None]:
    """A file of a good scheme, or an unchanged copy of it, is parsed once for all tests; a changed one every time."""
    read, shape = loading.read_toml, loading.table_without_unknown
    known: dict[tuple[str, bytes], dict[str, Any]] = {}
    tables: dict[int, Any] = {}

    def read_toml(path: Path, *, file: str) -> Any:
        raw = path.read_bytes() if path.is_file() else b""
        if (file, raw) in known:
            return known[file, raw], []
        data, findings = read(path, file=file)
        if data is not None and (path.is_relative_to(SHIPPED) or path.is_relative_to(SYNTHETIC)):
            known[file, raw] = data
            tables[id(data)] = None
        return data, findings

    def table_without_unknown(model: Any, data: Any, *, file: str) -> Any:
        table = tables.get(id(data))
        if table is not None:
            return table, []
        table, findings = shape(model, data, file=file)
        if id(data) in tables and not findings:
            tables[id(data)] = table
        return table, findings

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "read_toml", read_toml)
        patch.setattr(loading, "table_without_unknown", table_without_unknown)
        yield


def _nothing() -> None:
    pass


# The platform's plugin and ours prepare and tidy up Django around every test; nothing here may know Django.
for _name in (
    "own_folders",
    "_dj_autoclear_mailbox",
    "_django_clear_site_cache",
    "_django_db_marker",
    "_django_isolate_apps",
    "_django_set_urlconf",
    "_django_setup_unittest",
    "_live_server_helper",
    "_template_string_if_invalid_marker",
):
    globals()[_name] = pytest.fixture(scope="session", autouse=True, name=_name)(_nothing)
