"""A folder filled by several processes: busy, broken, foreign, hostile; every outcome without half a piece."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ceping.folder.batch import Made, Piece, fill, filling, left_in, still_right
from ceping.folder.output import Refused

SETTINGS: dict[str, Any] = {"command": "try", "marker": "try.json"}


def write(given: str, place: Path, former: Made | None, out: Path) -> Made:
    """A piece of one file; `die` brings its process down."""
    if given == "die":
        os._exit(3)
    if still_right(former, given, out):
        assert former is not None
        return Made(former.key, former.inputs, former.files, kept=True)
    (place / "rooms" / given).mkdir(parents=True)
    (place / "rooms" / given / "text.txt").write_text(given, encoding="utf-8")
    return left_in(given, given, place)


def filled(out: Path, *names: str) -> dict[str, Made]:
    with filling(out, **SETTINGS) as batch:
        found = {made.key: made for made in fill(batch, [Piece(name, name) for name in names], write, workers=1)}
        batch.finish({})
    return found


def test_one_that_dies_takes_no_other_along(tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = filled(out, "one", "die", "two", "three")
    assert {key: bool(made.files) for key, made in found.items()} == {
        "one": True,
        "die": False,
        "two": True,
        "three": True,
    }
    assert [one.code for one in found["die"].findings] == ["batch_worker_died"]
    assert sorted(path.name for path in (out / "rooms").iterdir()) == ["one", "three", "two"]
    again = filled(out, "one", "two")
    assert all(made.kept for made in again.values())
    assert sorted(path.name for path in (out / "rooms").iterdir()) == ["one", "two"]
    assert sorted(path.name for path in out.iterdir()) == ["manifest.sha256", "rooms", "try.json"]


def test_a_busy_folder(tmp_path: Path) -> None:
    with (
        filling(tmp_path / "out", **SETTINGS),
        pytest.raises(Refused, match="batch_busy"),
        filling(tmp_path / "out", **SETTINGS),
    ):
        pass


def test_a_run_killed_at_once_left_nothing_foreign(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / ".parts").mkdir(parents=True)
    (out / ".lock").touch()
    assert list(filled(out, "one")) == ["one"]


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"command": "try"}', '{"command": "try", "pieces": [1]}', '{"command": "try", "pieces": {"a": 1}}'],
)
def test_a_spoiled_marker_is_no_reason_to_stop(tmp_path: Path, content: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "try.json").write_text(content, encoding="utf-8")
    if "command" in content:
        assert list(filled(out, "one")) == ["one"]
    else:
        with pytest.raises(Refused, match="out_foreign"):
            filled(out, "one")


def test_a_marker_cannot_reach_out_of_its_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    piece = {"key": "x", "inputs": "", "files": {"../letter.txt": "0" * 64}, "findings": []}
    (out / "try.json").write_text(json.dumps({"command": "try", "pieces": [piece]}), encoding="utf-8")
    filled(out, "one")
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "mine"
