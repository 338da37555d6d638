"""The categories of services, by the scheme whose rules of points hold before any season: id and title."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ceping.core.scheme.header import HeaderFile
from ceping.core.scheme.reading import read_toml, table_of
from ceping.core.scheme.shipped import folder_of

_SHIPPED = "shanghai-2021"


@cache
def category_titles() -> Mapping[str, str]:
    """Titles by id, in the scheme's order."""
    folder = folder_of(_SHIPPED)
    data, _ = read_toml(folder / "scheme.toml", file="scheme.toml") if folder is not None else (None, [])
    header = table_of(HeaderFile, data, file="scheme.toml")[0] if data is not None else None
    return MappingProxyType({one.id: one.title for one in header.categories} if header is not None else {})
