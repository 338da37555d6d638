"""Official names of attachments: 附件NN_内容_页.jpg for scans, 附件NN_内容.pdf for what stays as it is."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

_PREFIX = re.compile(r"^(?:附\s*件\s*0*[0-9]{1,2}|未归项)\s*[-_.、．:：\s]*")
_NO_ITEM = "未归项"
_PAGE = re.compile(r"^(.+)_([0-9]{1,4})$")
_OFFICIAL = re.compile(r"附件[0-9]{2,}_[^_/].*?(_[0-9]{1,4})?\.[a-z0-9]+", re.DOTALL)
# What a file system, a shell or a reader takes for something else; a space is no part of an official name.
_UNSAFE = re.compile(r"[\\/:*?\"<>|\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
# Of the 255 bytes a name may have, less item, page and suffix.
_MOST_BYTES = 180


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that wants a name: its item, its content, how many pages it becomes (None: it stays one file)."""

    source: str
    item: int | None
    suffix: str
    pages: int | None = None
    content: str = ""


def content_of(name: str) -> tuple[str, int | None]:
    """What the name of a file states as content, and the page it states; without item, suffix and what is unsafe."""
    stem = unicodedata.normalize("NFC", PurePosixPath(name).stem).strip()
    stem = _PREFIX.sub("", stem)
    found = _PAGE.fullmatch(stem)
    content, page = (found[1], int(found[2])) if found else (stem, None)
    return clean(content), page


def clean(content: str) -> str:
    """The content as it may stand in a name: never empty, no leading dot, at most 180 bytes."""
    plain = _UNSAFE.sub("_", content).strip("_. ")
    plain = plain.encode("utf-8", "replace")[:_MOST_BYTES].decode("utf-8", "ignore").rstrip("_. ")
    # Digits after an underscore would read as a page.
    return re.sub(r"_(?=[0-9]{1,4}$)", "-", plain) or "未命名"


def is_official(name: str) -> bool:
    """Whether the name is of the official form already."""
    return _OFFICIAL.fullmatch(PurePosixPath(name).name) is not None


def official_names(files: Sequence[Wanted]) -> list[list[str]]:
    """For each file the names of its pages, in the order given; no two names are equal, also not but for case.

    Files that state pages of one content are numbered together; two files of one content without pages become 甲 and
    甲-2.
    """
    taken: set[tuple[int | None, str]] = set()
    shared: dict[tuple[int | None, str], str] = {}
    stated: set[tuple[int | None, str, int]] = set()
    named: list[list[str]] = []
    for file in files:
        content, page = content_of(file.source)
        content = clean(file.content) if file.content else content
        key = (file.item, content.casefold())
        if file.pages == 1 and page is not None and (*key, page) not in stated:
            stated.add((*key, page))
            if key not in shared:
                shared[key] = _free(content, file.item, taken)
            named.append([_name(file, shared[key], page)])
            continue
        own = _free(content, file.item, taken)
        numbers: list[int | None] = [None] if file.pages is None else list(range(1, file.pages + 1))
        named.append([_name(file, own, number) for number in numbers])
    return named


def _free(content: str, item: int | None, taken: set[tuple[int | None, str]]) -> str:
    candidate, number = content, 1
    while (item, candidate.casefold()) in taken:
        number += 1
        candidate = f"{content}-{number}"
    taken.add((item, candidate.casefold()))
    return candidate


def _name(file: Wanted, content: str, page: int | None) -> str:
    item = _NO_ITEM if file.item is None else f"附件{file.item:02d}"
    return f"{item}_{content}{'' if page is None else f'_{page}'}.{file.suffix}"
