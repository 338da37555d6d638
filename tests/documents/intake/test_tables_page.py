"""The reference page lists the headers that the code knows, and none else."""

import re
import tomllib
from pathlib import Path

from ceping.documents.intake import headers
from ceping.documents.intake.headers import meanings

PAGE = Path(__file__).resolve().parents[3] / "docs/reference/table-headers.md"


def test_the_page_lists_every_meaning_with_its_headers_in_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    around = tomllib.loads(Path(headers.__file__).with_name("headers.toml").read_text(encoding="utf-8"))["around"]
    assert rows == [(name, "、".join(known)) for name, known in (*meanings().items(), *around.items())]
