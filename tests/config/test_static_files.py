"""Static files are collected once, and again only when one of them changed."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from ceping.config.prepare import collect_static


@pytest.fixture
def source(tmp_path: Path, settings: Any) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "one.css").write_text("a{}")
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    return folder


def test_collected_once_and_again_after_a_change(source: Path, tmp_path: Path) -> None:
    root = tmp_path / "static"
    assert collect_static(root)
    assert (root / "one.css").read_text() == "a{}"
    assert not collect_static(root)
    (source / "one.css").write_text("a{b:c}")
    # Django compares whole seconds.
    os.utime(source / "one.css", (time.time() + 2, time.time() + 2))
    assert collect_static(root)
    assert (root / "one.css").read_text() == "a{b:c}"
